//! The patterns of an agent, made ready.

use serde_json::Value;

use super::pattern::{self, Line, Matcher, PatternError};
use super::plain;
use crate::config::preset::{AbortRule, FailureRule, Format, Match, Patterns};
use crate::core::FailureClass;
use crate::core::account::Figure;

/// A quoted line is cut after so many characters.
pub const QUOTE: usize = 240;
/// The most lines that are joined for one rule.
const JOINED: usize = 8;

/// The patterns of an agent, made ready.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) format: Format,
    pub(super) progress: Vec<Named>,
    pub(super) remark: Vec<Named>,
    pub(super) retrying: Vec<Named>,
    pub(super) waiting: Vec<Named>,
    pub(super) todo: Vec<Todo>,
    pub(super) success: Vec<Named>,
    pub(super) failure: Vec<Rule>,
    pub(super) abort_on: Vec<Abort>,
    pub(super) ignore: Vec<Named>,
    pub(super) recovered: Vec<Named>,
    pub(super) message: Vec<Vec<String>>,
    pub(super) session: Vec<Vec<String>>,
    pub(super) usage: Vec<Taken>,
    pub(super) tool: Vec<Named>,
    pub(super) attempt: Vec<Named>,
    pub(super) prompted: Vec<Named>,
}

/// Where a line says what was taken.
#[derive(Debug)]
pub(super) struct Taken {
    /// What the rule is called in evidence.
    pub(super) rule: String,
    pub(super) matcher: Matcher,
    pub(super) input: Vec<Vec<String>>,
    pub(super) output: Vec<Vec<String>>,
    pub(super) cost: Option<Vec<String>>,
    pub(super) part: bool,
    pub(super) name: Option<Vec<String>>,
    pub(super) of_session: Vec<Figure>,
}

/// A pattern and its name.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) matcher: Matcher,
}

/// What it looks like when an agent will not come to an end by itself.
#[derive(Debug)]
pub(super) struct Abort {
    pub(super) name: String,
    pub(super) matcher: Matcher,
    pub(super) class: FailureClass,
    pub(super) times: u32,
}

/// Where a JSON line holds a list of things to do.
#[derive(Debug)]
pub(super) struct Todo {
    pub(super) name: String,
    pub(super) matcher: Matcher,
    pub(super) list: Vec<String>,
    pub(super) done: Matcher,
    pub(super) text: Vec<String>,
}

/// What a failure looks like.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    /// None for a rule that an exit code alone fulfils.
    pub(super) matcher: Option<Matcher>,
    pub(super) class: FailureClass,
    pub(super) exit: Vec<i32>,
    pub(super) last: Option<usize>,
    pub(super) lines: usize,
    pub(super) hint: bool,
}

impl Rules {
    pub(super) fn new(preset: &str, patterns: &Patterns) -> Result<Self, PatternError> {
        let named = |kind: &str, list: &[Match]| named(preset, kind, list);
        Ok(Self {
            format: patterns.format,
            progress: named("progress", &patterns.progress)?,
            remark: named("remark", &patterns.remark)?,
            retrying: named("retrying", &patterns.retrying)?,
            waiting: named("waiting", &patterns.waiting)?,
            todo: todos(preset, patterns)?,
            success: named("success", &patterns.success)?,
            failure: failures(preset, &patterns.failure)?,
            abort_on: aborts(preset, &patterns.abort_on)?,
            ignore: named("ignore", &patterns.ignore)?,
            recovered: named("recovered", &patterns.recovered)?,
            message: paths(&patterns.message),
            session: paths(&patterns.session),
            usage: taken(preset, patterns)?,
            tool: named("tool", &patterns.tool)?,
            attempt: named("attempt", &patterns.attempt)?,
            prompted: named("prompted", &patterns.prompted)?,
        })
    }

    /// Returns a line's JSON object, if it is one.
    pub(super) fn parse(&self, line: &str) -> Option<Value> {
        match self.format {
            Format::Jsonl if line.starts_with('{') => serde_json::from_str(line).ok(),
            Format::Jsonl | Format::Text => None,
        }
    }

    /// Returns what a line is; none if it is a JSON object that is torn, whose pieces are no words of the agent's.
    pub(super) fn line<'a>(&self, text: &'a str, parsed: Option<&'a Value>) -> Option<Line<'a>> {
        match parsed {
            Some(value) => Some(Line::Json(value)),
            None if self.format == Format::Jsonl && text.starts_with('{') => None,
            None => Some(Line::Text(text)),
        }
    }

    /// Names the rule by which a line shows that the agent has taken its prompt; none if it does not show that.
    pub(super) fn shows_prompt(&self, line: Line<'_>) -> Option<&str> {
        let named = [&self.prompted, &self.tool, &self.success].into_iter().flatten();
        let named = named.map(|rule| (rule.name.as_str(), &rule.matcher));
        let taken = self.usage.iter().map(|rule| (rule.rule.as_str(), &rule.matcher));
        let listed = self.todo.iter().map(|rule| (rule.name.as_str(), &rule.matcher));
        let mut all = named.chain(taken).chain(listed);
        all.find(|(_, matcher)| matcher.is_match(line)).map(|(name, _)| name)
    }

    /// Returns the words for people of a line.
    pub(super) fn words(&self, line: &str) -> String {
        let message = self.parse(line).and_then(|value| self.message(&value));
        plain::cut(message.as_deref().unwrap_or(line), QUOTE)
    }

    /// Returns the words for people of a JSON line, if it holds some.
    pub(super) fn message(&self, value: &Value) -> Option<String> {
        self.message.iter().find_map(|path| {
            let texts = pattern::all_at(value, path);
            let words = texts.into_iter().filter_map(pattern::text_of).map(|text| words_of(&text));
            words.into_iter().find(|text| !text.is_empty())
        })
    }
}

pub(super) fn first(rules: &[Named], line: Line<'_>) -> Option<usize> {
    rules.iter().position(|rule| rule.matcher.is_match(line))
}

/// Returns the first line of a text, without what surrounds it.
fn words_of(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    plain::clean(line.as_bytes())
}

fn named(preset: &str, kind: &str, list: &[Match]) -> Result<Vec<Named>, PatternError> {
    let each = list.iter().enumerate().map(|(index, pattern)| {
        let name = format!("{preset}.{kind}#{}", index + 1);
        Ok(Named { matcher: Matcher::new(&name, pattern)?, name })
    });
    each.collect()
}

fn failures(preset: &str, list: &[FailureRule]) -> Result<Vec<Rule>, PatternError> {
    let each = list.iter().enumerate().map(|(index, rule)| {
        let number = list[..=index].iter().filter(|other| other.class == rule.class).count();
        let name = format!("{preset}.{}#{number}", rule.class);
        let lines = rule.lines.unwrap_or(1);
        if !(1..=JOINED).contains(&lines) {
            return Err(PatternError::Lines { rule: name, limit: JOINED });
        }
        let by_code = rule.text.is_none() && rule.json.is_none() && !rule.exit.is_empty();
        let matcher = (!by_code)
            .then(|| Matcher::of(&name, rule.text.as_deref(), rule.json.as_ref()))
            .transpose()?;
        Ok(Rule {
            name,
            matcher,
            class: rule.class,
            exit: rule.exit.clone(),
            last: rule.last,
            lines,
            hint: rule.hint,
        })
    });
    each.collect()
}

fn aborts(preset: &str, list: &[AbortRule]) -> Result<Vec<Abort>, PatternError> {
    let each = list.iter().enumerate().map(|(index, rule)| {
        let name = format!("{preset}.abort_on#{}", index + 1);
        Ok(Abort {
            matcher: Matcher::of(&name, rule.text.as_deref(), rule.json.as_ref())?,
            name,
            class: rule.class,
            times: rule.times.unwrap_or(1).max(1),
        })
    });
    each.collect()
}

fn todos(preset: &str, patterns: &Patterns) -> Result<Vec<Todo>, PatternError> {
    let each = patterns.todo.iter().enumerate().map(|(index, rule)| {
        let name = format!("{preset}.todo#{}", index + 1);
        Ok(Todo {
            matcher: Matcher::of(&name, None, Some(&rule.json))?,
            list: path(&rule.list),
            done: Matcher::of(&name, None, Some(&rule.done))?,
            text: path(&rule.text),
            name,
        })
    });
    each.collect()
}

fn taken(preset: &str, patterns: &Patterns) -> Result<Vec<Taken>, PatternError> {
    let each = patterns.usage.iter().enumerate().map(|(index, rule)| {
        let name = format!("{preset}.usage#{}", index + 1);
        Ok(Taken {
            matcher: Matcher::of(&name, rule.text.as_deref(), rule.json.as_ref())?,
            input: paths(&rule.input),
            output: paths(&rule.output),
            cost: rule.cost.as_deref().map(path),
            part: rule.part,
            name: rule.name.as_deref().map(path),
            of_session: rule.of_session.clone(),
            rule: name,
        })
    });
    each.collect()
}

fn paths(keys: &[String]) -> Vec<Vec<String>> {
    keys.iter().map(|key| path(key)).collect()
}

fn path(key: &str) -> Vec<String> {
    key.split('.').map(str::to_owned).collect()
}
