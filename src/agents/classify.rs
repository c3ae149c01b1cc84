//! What an ended attempt's output says: the agent's own words of success or failure.
//!
//! Rules are bound to the form in which a tool itself speaks (its JSON events, its message lines); a model's prose, a
//! diff or a test's output that holds the same words is no evidence.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use super::excerpt::{self, LogLine};
use super::pattern::{Line, PatternError};
use super::rules::{QUOTE, Rule, Rules, first};
use super::{plain, reset, tally};
use crate::config::preset::{Format, Patterns};
use crate::core::account::Hint;
use crate::core::verdict::{Evidence, Exit, Verdict};
use crate::core::{Account, FailureClass, Timestamp};

/// The patterns of an agent, made ready once and shared by all that read its output.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) rules: Arc<Rules>,
}

/// What the output of an ended attempt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How it ended.
    pub verdict: Verdict,
    /// What else it told.
    pub account: Account,
}

impl From<Verdict> for Judgement {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, account: Account::default() }
    }
}

/// A line that spoke.
#[derive(Clone, Copy)]
struct Found {
    at: usize,
    rule: usize,
}

impl Reader {
    /// Makes patterns ready; `preset` is the name that rules carry in evidence, such as `aider.rate_limit#1`.
    pub fn new(preset: &str, patterns: &Patterns) -> Result<Self, PatternError> {
        Ok(Self { rules: Arc::new(Rules::new(preset, patterns)?) })
    }

    /// Reads the log of an ended attempt.
    ///
    /// Of a long log only the first 64 KiB and the last 1 MiB are read. A log that does not exist is empty.
    pub fn judge_file(
        &self,
        path: &Path,
        exit: &Exit,
        ended_at: Timestamp,
    ) -> io::Result<Judgement> {
        match File::open(path) {
            Ok(mut log) => self.judge(&mut log, exit, ended_at),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.judge(&mut io::empty(), exit, ended_at)
            }
            Err(error) => Err(error),
        }
    }

    /// Returns only the verdict of [`Reader::judge`].
    pub fn classify(
        &self,
        log: &mut (impl Read + Seek),
        exit: &Exit,
        ended_at: Timestamp,
    ) -> io::Result<Verdict> {
        self.judge(log, exit, ended_at).map(|judgement| judgement.verdict)
    }

    /// Reads the log of an ended attempt, as [`Reader::judge_file`] does.
    pub fn judge(
        &self,
        log: &mut (impl Read + Seek),
        exit: &Exit,
        ended_at: Timestamp,
    ) -> io::Result<Judgement> {
        if let Exit::NotStarted(why) = exit {
            let evidence =
                Evidence { rule: "start".to_owned(), line: plain::cut(why, QUOTE), offset: None };
            let class = FailureClass::SpawnFailed;
            return Ok(Verdict::Failure { class, evidence, reset: None }.into());
        }
        let lines = excerpt::read(log)?;
        let spoken = self.spoken(&lines, exit);
        let coded = || self.rules.coded(&lines, exit);
        let verdict = self.verdict(&spoken, &lines, ended_at);
        let verdict = verdict.or_else(coded).or_else(|| self.rules.generic(&lines, exit));
        let verdict = verdict.unwrap_or(Verdict::Silent);
        let mut account = tally::read(&self.rules, log)?;
        account.hint = spoken.denied.or(spoken.hint).map(|found| {
            let rule = &self.rules.failure[found.rule];
            let evidence = self.rules.evidence(&lines, found.at, 1, rule.name.clone());
            Hint { class: rule.class, evidence }
        });
        Ok(Judgement { verdict, account })
    }

    /// Returns the last lines of a log, at most so many and each of so many characters: of JSON, the words for people.
    pub fn last_words(&self, log: &Path, count: usize, limit: usize) -> io::Result<Vec<String>> {
        let mut words: Vec<String> = Vec::new();
        for LogLine { text, .. } in excerpt::end(log)?.iter().rev() {
            let parsed = self.rules.parse(text);
            let said = match self.rules.line(text, parsed.as_ref()) {
                Some(Line::Text(text)) => Some(text.to_owned()),
                Some(Line::Json(value)) => self.rules.message(value),
                None => None,
            };
            let said = said.map(|said| plain::cut(&said, limit));
            if let Some(said) = said.filter(|said| words.last() != Some(said)) {
                words.push(said);
            }
            if words.len() == count {
                break;
            }
        }
        words.reverse();
        Ok(words)
    }

    fn spoken(&self, lines: &[LogLine], exit: &Exit) -> Spoken {
        let rules = &*self.rules;
        let mut spoken = Spoken::default();
        for at in 0..lines.len() {
            let parsed = rules.parse(&lines[at].text);
            let Some(line) = rules.line(&lines[at].text, parsed.as_ref()) else { continue };
            if first(&rules.ignore, line).is_some() {
                continue;
            }
            if let Some(rule) = rules.failure(lines, at, line, exit) {
                let found = Some(Found { at, rule });
                match &rules.failure[rule] {
                    Rule { hint: true, class: FailureClass::Denied, .. } => {
                        (spoken.hint, spoken.denied) = (found, found);
                    }
                    Rule { hint: true, .. } => spoken.hint = found,
                    Rule { hint: false, .. } => spoken.failure = found,
                }
            } else if let Some(rule) = first(&rules.success, line) {
                (spoken.success, spoken.failure) = (Some(Found { at, rule }), None);
            } else if first(&rules.recovered, line).is_some() {
                (spoken.failure, spoken.hint) = (None, None);
            }
        }
        spoken
    }

    fn verdict(&self, spoken: &Spoken, lines: &[LogLine], ended_at: Timestamp) -> Option<Verdict> {
        let rules = &*self.rules;
        match (&spoken.failure, &spoken.success, &spoken.hint) {
            (Some(found), ..) => Some(rules.failed(lines, found, ended_at)),
            (None, Some(Found { at, rule }), _) => {
                let name = rules.success[*rule].name.clone();
                Some(Verdict::Success(rules.evidence(lines, *at, 1, name)))
            }
            (None, None, hint) => hint.as_ref().map(|found| rules.failed(lines, found, ended_at)),
        }
    }
}

/// The lines that spoke last.
#[derive(Default)]
struct Spoken {
    failure: Option<Found>,
    success: Option<Found>,
    hint: Option<Found>,
    /// A permission that was refused, even if the agent went on.
    denied: Option<Found>,
}

impl Rules {
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

    /// Failures that look the same whatever the agent is: it could not be executed, or did not understand its options.
    fn generic(&self, lines: &[LogLine], exit: &Exit) -> Option<Verdict> {
        let Exit::Code(code) = exit else { return None };
        // Within its events are the words of the model and of what it ran.
        let is_text = |line: &&LogLine| self.format == Format::Text || !line.text.starts_with('{');
        let near = |count: usize| lines.iter().rev().take(count).filter(is_text);
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

fn joined(lines: &[LogLine], at: usize, count: usize) -> String {
    let end = (at + count).min(lines.len());
    lines[at..end].iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")
}
