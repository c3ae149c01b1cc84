//! What an ended attempt's output says: the agent's own words of success or failure.
//!
//! Rules are bound to the form in which a tool itself speaks (its JSON events, its message lines); a model's prose, a
//! diff or a test's output that holds the same words is no evidence.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::excerpt::{self, LogLine};
use super::pattern::{self, Line, Matcher, PatternError};
use super::{plain, reset};
use crate::config::preset::{FailureRule, Format, Match, Patterns};
use crate::core::verdict::{Evidence, Exit, Verdict};
use crate::core::{FailureClass, Timestamp};

/// A quoted line is cut after so many characters.
pub const QUOTE: usize = 240;
/// The most lines that are joined for one rule.
const JOINED: usize = 8;

/// The patterns of an agent, made ready once and shared by all that read its output.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) rules: Arc<Rules>,
}

/// The rules of a [`Reader`].
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) format: Format,
    pub(super) progress: Vec<Named>,
    pub(super) remark: Vec<Named>,
    pub(super) todo: Vec<Todo>,
    success: Vec<Named>,
    failure: Vec<Rule>,
    ignore: Vec<Named>,
    recovered: Vec<Named>,
    message: Vec<Vec<String>>,
}

/// A pattern and its name.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) matcher: Matcher,
}

/// Where a JSON line holds a list of things to do.
#[derive(Debug)]
pub(super) struct Todo {
    pub(super) matcher: Matcher,
    pub(super) list: Vec<String>,
    pub(super) done: Matcher,
    pub(super) text: Vec<String>,
}

#[derive(Debug)]
struct Rule {
    name: String,
    /// None for a rule that an exit code alone fulfils.
    matcher: Option<Matcher>,
    class: FailureClass,
    exit: Vec<i32>,
    last: Option<usize>,
    lines: usize,
    hint: bool,
}

/// A line that spoke.
struct Found {
    at: usize,
    rule: usize,
}

impl Reader {
    /// Makes patterns ready; `preset` is the name that rules carry in evidence, such as `aider.rate_limit#1`.
    pub fn new(preset: &str, patterns: &Patterns) -> Result<Self, PatternError> {
        let named = |kind: &str, list: &[Match]| named(preset, kind, list);
        let rules = Rules {
            format: patterns.format,
            progress: named("progress", &patterns.progress)?,
            remark: named("remark", &patterns.remark)?,
            todo: todos(preset, patterns)?,
            success: named("success", &patterns.success)?,
            failure: failures(preset, &patterns.failure)?,
            ignore: named("ignore", &patterns.ignore)?,
            recovered: named("recovered", &patterns.recovered)?,
            message: patterns.message.iter().map(|key| path(key)).collect(),
        };
        Ok(Self { rules: Arc::new(rules) })
    }

    /// Reads the log of an ended attempt.
    ///
    /// Of a long log only the first 64 KiB and the last 1 MiB are read. A log that does not exist is empty.
    pub fn classify_file(
        &self,
        path: &Path,
        exit: &Exit,
        ended_at: Timestamp,
    ) -> io::Result<Verdict> {
        match File::open(path) {
            Ok(mut log) => self.classify(&mut log, exit, ended_at),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.classify(&mut io::empty(), exit, ended_at)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the log of an ended attempt, as [`Reader::classify_file`] does.
    pub fn classify(
        &self,
        log: &mut (impl Read + Seek),
        exit: &Exit,
        ended_at: Timestamp,
    ) -> io::Result<Verdict> {
        if let Exit::NotStarted(why) = exit {
            let evidence =
                Evidence { rule: "start".to_owned(), line: plain::cut(why, QUOTE), offset: None };
            return Ok(Verdict::Failure {
                class: FailureClass::SpawnFailed,
                evidence,
                reset: None,
            });
        }
        let lines = excerpt::read(log)?;
        let spoken = self.spoken(&lines, exit, ended_at);
        let coded = || self.rules.coded(&lines, exit);
        let verdict = spoken.or_else(coded).or_else(|| generic(&lines, exit));
        Ok(verdict.unwrap_or(Verdict::Silent))
    }

    fn spoken(&self, lines: &[LogLine], exit: &Exit, ended_at: Timestamp) -> Option<Verdict> {
        let rules = &*self.rules;
        let (mut failure, mut hint, mut success) = (None, None, None);
        for at in 0..lines.len() {
            let parsed = rules.parse(&lines[at].text);
            let line = parsed.as_ref().map_or(Line::Text(&lines[at].text), Line::Json);
            if first(&rules.ignore, line).is_some() {
                continue;
            }
            if let Some(rule) = rules.failure(lines, at, line, exit) {
                let found = Some(Found { at, rule });
                if rules.failure[rule].hint { hint = found } else { failure = found }
            } else if let Some(rule) = first(&rules.success, line) {
                (success, failure) = (Some(Found { at, rule }), None);
            } else if first(&rules.recovered, line).is_some() {
                (failure, hint) = (None, None);
            }
        }
        if let Some(found) = failure {
            return Some(rules.failed(lines, &found, ended_at));
        }
        if let Some(Found { at, rule }) = success {
            let name = rules.success[rule].name.clone();
            return Some(Verdict::Success(rules.evidence(lines, at, 1, name)));
        }
        hint.map(|found| rules.failed(lines, &found, ended_at))
    }
}

impl Rules {
    /// Returns a line's JSON object, if it is one.
    pub(super) fn parse(&self, line: &str) -> Option<Value> {
        match self.format {
            Format::Jsonl if line.starts_with('{') => serde_json::from_str(line).ok(),
            Format::Jsonl | Format::Text => None,
        }
    }

    /// Returns the words for people of a line.
    pub(super) fn words(&self, line: &str) -> String {
        let parsed = self.parse(line);
        let message = parsed.as_ref().and_then(|value| {
            let texts = self
                .message
                .iter()
                .filter_map(|path| pattern::at(value, path).and_then(pattern::text_of));
            texts.map(|text| words_of(&text)).find(|text| !text.is_empty())
        });
        plain::cut(message.as_deref().unwrap_or(line), QUOTE)
    }

    fn failure(&self, lines: &[LogLine], at: usize, line: Line<'_>, exit: &Exit) -> Option<usize> {
        self.failure.iter().position(|rule| {
            let near_end = rule.last.is_none_or(|last| lines.len() - at <= last);
            near_end && rule.accepts(exit) && rule.is_match(lines, at, line)
        })
    }

    fn failed(&self, lines: &[LogLine], found: &Found, ended_at: Timestamp) -> Verdict {
        let rule = &self.failure[found.rule];
        let parsed = self.parse(&lines[found.at].text);
        let joined = joined(lines, found.at, rule.lines);
        let line = parsed.as_ref().map_or(Line::Text(&joined), Line::Json);
        let groups = rule.matcher.as_ref().map(|matcher| matcher.groups(line));
        let count = if parsed.is_some() { 1 } else { rule.lines };
        Verdict::Failure {
            class: rule.class,
            evidence: self.evidence(lines, found.at, count, rule.name.clone()),
            reset: groups.and_then(|groups| reset::stated(&groups, ended_at)),
        }
    }

    /// Returns what the exit code alone says by the rules that ask for nothing else; the last line goes with it.
    fn coded(&self, lines: &[LogLine], exit: &Exit) -> Option<Verdict> {
        let rule = self.failure.iter().find(|rule| rule.matcher.is_none() && rule.accepts(exit))?;
        let evidence = match lines.len().checked_sub(1) {
            Some(last) => self.evidence(lines, last, 1, rule.name.clone()),
            None => Evidence { rule: rule.name.clone(), ..Evidence::default() },
        };
        Some(Verdict::Failure { class: rule.class, evidence, reset: None })
    }

    fn evidence(&self, lines: &[LogLine], at: usize, count: usize, rule: String) -> Evidence {
        let line = self.words(&joined(lines, at, count));
        Evidence { rule, line, offset: Some(lines[at].offset) }
    }
}

impl Rule {
    fn accepts(&self, exit: &Exit) -> bool {
        self.exit.is_empty() || matches!(exit, Exit::Code(code) if self.exit.contains(code))
    }

    fn is_match(&self, lines: &[LogLine], at: usize, line: Line<'_>) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        match line {
            Line::Text(_) if self.lines > 1 => {
                matcher.is_match(Line::Text(&joined(lines, at, self.lines)))
            }
            Line::Text(_) | Line::Json(_) => matcher.is_match(line),
        }
    }
}

/// Failures that look the same whatever the agent is: it could not be executed, or did not understand its options.
fn generic(lines: &[LogLine], exit: &Exit) -> Option<Verdict> {
    let Exit::Code(code) = exit else { return None };
    let near = |count: usize| lines.iter().rev().take(count);
    let not_run = |line: &&LogLine| {
        ["not found", "No such file or directory", "Permission denied", "cannot execute"]
            .iter()
            .any(|words| line.text.ends_with(words) || line.text.contains(&format!("{words}:")))
    };
    let full = |line: &&LogLine| line.text.ends_with("No space left on device");
    let options = |line: &&LogLine| {
        let text = line.text.to_ascii_lowercase();
        let words = text.split_once("error: ").map_or(text.as_str(), |(_, words)| words);
        ["unknown option", "unrecognized argument", "unexpected argument", "unknown argument"]
            .iter()
            .any(|start| words.starts_with(start))
    };
    let (class, rule, line) = match code {
        0 => return None,
        126 | 127 => (FailureClass::SpawnFailed, "not executable", near(5).find(not_run)?),
        _ => match (near(5).find(full), near(10).find(options)) {
            (Some(line), _) => (FailureClass::Resources, "disk full", line),
            (None, Some(line)) => (FailureClass::Config, "wrong option", line),
            (None, None) => return None,
        },
    };
    let evidence = Evidence {
        rule: rule.to_owned(),
        line: plain::cut(&line.text, QUOTE),
        offset: Some(line.offset),
    };
    Some(Verdict::Failure { class, evidence, reset: None })
}

pub(super) fn first(rules: &[Named], line: Line<'_>) -> Option<usize> {
    rules.iter().position(|rule| rule.matcher.is_match(line))
}

fn joined(lines: &[LogLine], at: usize, count: usize) -> String {
    let end = (at + count).min(lines.len());
    lines[at..end].iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")
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

fn todos(preset: &str, patterns: &Patterns) -> Result<Vec<Todo>, PatternError> {
    let each = patterns.todo.iter().enumerate().map(|(index, rule)| {
        let name = format!("{preset}.todo#{}", index + 1);
        Ok(Todo {
            matcher: Matcher::of(&name, None, Some(&rule.json))?,
            list: path(&rule.list),
            done: Matcher::of(&name, None, Some(&rule.done))?,
            text: path(&rule.text),
        })
    });
    each.collect()
}

fn path(key: &str) -> Vec<String> {
    key.split('.').map(str::to_owned).collect()
}
