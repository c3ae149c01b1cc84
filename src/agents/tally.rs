//! What an agent's output says that the attempt took, and by which name it can be gone on with.

use std::io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom};
use std::time::Duration;

use serde_json::Value;

use super::pattern::{self, Groups, Line};
use super::plain;
use super::rules::{QUOTE, Rules, Taken, first};
use crate::config::preset::Format;
use crate::core::account::{Account, Cost, Figure, Inner, Made, Usage};
use crate::core::verdict::{DiffSize, Evidence};
use crate::core::{AttemptOutcome, FailureClass, Timestamp};

/// So much of a log is read to its end, in bytes; of a longer one the end, and the first few kilobytes.
const WHOLE: u64 = 64 * 1024 * 1024;
const HEAD: u64 = 64 * 1024;
/// A longer line is passed over, in bytes.
const LINE: usize = 1024 * 1024;
/// A longer name is none.
const NAME: usize = 128;
/// So many attempts of other agents are remembered of one.
const INNER: usize = 64;

/// The sums so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    session: Option<String>,
    /// What lines say of the whole.
    whole: Usage,
    /// What they say of parts, together, but for the last part.
    parts: Usage,
    /// The last part and its name.
    last: (Option<String>, Usage),
    tool_calls: u32,
    of_session: Vec<Figure>,
    inner: Vec<Inner>,
    prompted: Option<Evidence>,
}

/// Where a line stands in its log, and how it reads.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) offset: u64,
    pub(super) text: &'a str,
}

impl Tally {
    /// Takes the next line.
    pub(super) fn take(&mut self, rules: &Rules, line: Line<'_>, spot: Spot<'_>) {
        if self.prompted.is_none()
            && let Some(rule) = rules.shows_prompt(line)
        {
            let (rule, line) = (rule.to_owned(), rules.words(spot.text));
            self.prompted = Some(Evidence { rule, line, offset: Some(spot.offset) });
        }
        if let Line::Json(value) = line
            && let Some(name) = session(rules, value)
        {
            self.session = Some(name);
        }
        if first(&rules.tool, line).is_some() {
            self.tool_calls = self.tool_calls.saturating_add(1);
        }
        if let Some(rule) = first(&rules.attempt, line)
            && let Some(inner) = inner(&rules.attempt[rule].matcher.groups(line))
        {
            match self.inner.iter().position(|known| known.number == inner.number) {
                Some(place) => self.inner[place] = inner,
                None if self.inner.len() < INNER => self.inner.push(inner),
                None => {}
            }
        }
        for rule in rules.usage.iter().filter(|rule| rule.matcher.is_match(line)) {
            let (figures, name) = match line {
                Line::Json(value) => {
                    let name = rule.name.as_ref().and_then(|path| pattern::at(value, path));
                    (in_json(rule, value), name.and_then(pattern::text_of))
                }
                Line::Text(_) => (in_text(&rule.matcher.groups(line)), None),
            };
            if !rule.of_session.is_empty() {
                self.of_session.clone_from(&rule.of_session);
            }
            if !rule.part {
                self.whole = over(figures, self.whole);
            } else if name.is_some() && self.last.0 == name {
                self.last.1 = over(figures, self.last.1);
            } else {
                self.parts = self.parts.and(self.last.1);
                self.last = (name, figures);
            }
        }
    }

    /// Returns what is known.
    pub(super) fn account(&self) -> Account {
        let parts = self.parts.and(self.last.1);
        let usage = Usage { tool_calls: self.tool_calls, ..over(self.whole, parts) };
        let (session, of_session) = (self.session.clone(), self.of_session.clone());
        let mut inner = self.inner.clone();
        inner.sort_by_key(|one| (one.contestant, one.number));
        let prompted = self.prompted.clone();
        Account { session, usage, of_session, prompted, inner, ..Account::default() }
    }
}

/// Reads a log from its beginning to its end; lines are read as [`Tally::take`] does.
pub(super) fn read(rules: &Rules, log: &mut (impl Read + Seek)) -> io::Result<Account> {
    let mut tally = Tally::default();
    let nothing_to_find = rules.session.is_empty()
        && rules.usage.is_empty()
        && rules.tool.is_empty()
        && rules.attempt.is_empty()
        && rules.prompted.is_empty();
    if nothing_to_find {
        return Ok(tally.account());
    }
    let length = log.seek(SeekFrom::End(0))?;
    log.rewind()?;
    let mut start = 0;
    if length > WHOLE {
        lines(&mut log.by_ref().take(HEAD), start, |at, line| tally.line(rules, at, line))?;
        start = length - WHOLE;
        log.seek(SeekFrom::Start(start))?;
    }
    lines(log, start, |at, line| tally.line(rules, at, line))?;
    Ok(tally.account())
}

impl Tally {
    fn line(&mut self, rules: &Rules, offset: u64, bytes: &[u8]) {
        // Most lines of a log of text are of no interest, and cleaning them is what takes time.
        if rules.format == Format::Jsonl && !bytes.trim_ascii_start().starts_with(b"{") {
            return;
        }
        let text = plain::clean(bytes);
        let parsed = rules.parse(&text);
        if let Some(line) = rules.line(&text, parsed.as_ref()) {
            self.take(rules, line, Spot { offset, text: &text });
        }
    }
}

/// Hands over each line and where it starts; the first one starts at `at`.
fn lines(log: &mut impl Read, mut at: u64, mut take: impl FnMut(u64, &[u8])) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(64 * 1024, log);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LINE as u64).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if line.ends_with(b"\n") || read < LINE {
            take(at, &line);
            at += read as u64;
        } else {
            at += (read + reader.skip_until(b'\n')?) as u64;
        }
    }
}

/// Returns the name of the conversation. It becomes an argument of a program, so what is no plain name is none.
fn session(rules: &Rules, value: &Value) -> Option<String> {
    let found = rules.session.iter().find_map(|path| pattern::at(value, path));
    let name = found.and_then(Value::as_str)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    let is_name = !name.is_empty() && name.len() <= NAME && name.bytes().all(plain);
    (is_name && !name.starts_with('-')).then(|| name.to_owned())
}

/// Returns the attempt that a line tells of.
fn inner(groups: &Groups) -> Option<Inner> {
    let text = |name: &str| groups.get(name).map(plain_text);
    let outcome = match groups.get("outcome")? {
        "open" => AttemptOutcome::Open,
        "skipped" => AttemptOutcome::Skipped,
        "stopped" => AttemptOutcome::Stopped,
        "succeeded" => AttemptOutcome::Succeeded,
        word => AttemptOutcome::Failed(
            FailureClass::ALL.iter().copied().find(|class| class.word() == word)?,
        ),
    };
    Some(Inner {
        number: groups.get("number")?.parse().ok()?,
        agent: text("agent")?,
        outcome,
        reason: text("why").unwrap_or_default(),
        took: groups.get("took_ms").and_then(|ms| ms.parse().ok()).map(Duration::from_millis),
        contestant: groups.get("contestant").and_then(|number| number.parse().ok()),
        reset: groups.get("reset_ms").and_then(|at| at.parse().ok()).map(Timestamp),
        usage: Usage {
            input_tokens: groups.get("sent").and_then(|tokens| tokens.parse().ok()),
            output_tokens: groups.get("received").and_then(|tokens| tokens.parse().ok()),
            cost_usd: groups.get("cost_usd").and_then(|cost| Cost::dollars(cost.parse().ok()?)),
            tool_calls: 0,
        },
        made: made(groups),
    })
}

/// Returns what a line says of what it has left.
fn made(groups: &Groups) -> Option<Made> {
    let number = |name: &str| groups.get(name).and_then(|count| count.parse().ok());
    let (files, added, removed) = (number("files")?, number("added")?, number("removed")?);
    let checkpoint = plain_text(groups.get("checkpoint")?);
    Some(Made { checkpoint, diff: DiffSize { files, added, removed } })
}

fn plain_text(text: &str) -> String {
    plain::cut(&plain::clean(text.as_bytes()), QUOTE)
}

/// Puts the figures that are known over others.
fn over(figures: Usage, below: Usage) -> Usage {
    Usage {
        input_tokens: figures.input_tokens.or(below.input_tokens),
        output_tokens: figures.output_tokens.or(below.output_tokens),
        cost_usd: figures.cost_usd.or(below.cost_usd),
        tool_calls: 0,
    }
}

fn in_json(rule: &Taken, value: &Value) -> Usage {
    let sum = |paths: &[Vec<String>]| {
        let numbers = paths.iter().filter_map(|path| pattern::at(value, path)?.as_u64());
        numbers.reduce(u64::saturating_add)
    };
    let cost = rule.cost.as_ref().and_then(|path| pattern::at(value, path)?.as_f64());
    Usage {
        input_tokens: sum(&rule.input),
        output_tokens: sum(&rule.output),
        cost_usd: cost.and_then(Cost::dollars),
        tool_calls: 0,
    }
}

fn in_text(groups: &Groups) -> Usage {
    let number = |name: &str| groups.get(name).and_then(amount);
    Usage {
        input_tokens: number("input").map(|number| number as u64),
        output_tokens: number("output").map(|number| number as u64),
        cost_usd: number("cost").and_then(Cost::dollars),
        tool_calls: 0,
    }
}

/// Reads `2.3k`, `1,024` or `1.5M`.
fn amount(text: &str) -> Option<f64> {
    let text = text.replace(',', "");
    let (digits, factor) = match (text.strip_suffix('k'), text.strip_suffix('M')) {
        (Some(digits), _) => (digits, 1e3),
        (_, Some(digits)) => (digits, 1e6),
        (None, None) => (text.as_str(), 1.0),
    };
    digits.parse::<f64>().ok().filter(|number| *number >= 0.0).map(|number| number * factor)
}
