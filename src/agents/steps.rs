//! What an attempt has ticked off: in its own list of things to do, and in its status file.
//!
//! A list in an agent's output is told anew each time something in it changes, so the last one counts. In the status file
//! a line `[x] move the types` ticks a step off; such lines add up.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde_json::Value;

use super::classify::Reader;
use super::excerpt;
use super::pattern::{self, Line};
use super::plain;
use super::rules::Rules;

/// No more steps are kept; of a longer list the first ones.
const STEPS: usize = 60;
/// A step's text is cut after so many characters.
const TEXT: usize = 200;
/// So much of a status file is read for ticks, in bytes.
const STATUS: u64 = 64 * 1024;

/// A step of a list of things to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is to be done.
    pub text: String,
    /// Whether that is done, by the words of who made the list.
    pub is_done: bool,
}

impl Reader {
    /// Returns the last list of things to do in an attempt's log; empty if there is none.
    pub fn steps(&self, log: &Path) -> io::Result<Vec<Step>> {
        if self.rules.todo.is_empty() {
            return Ok(Vec::new());
        }
        let mut file = match File::open(log) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let lines = excerpt::read(&mut file)?;
        let mut lists = lines.iter().rev().filter_map(|line| self.rules.parse(&line.text));
        let mut steps = lists.find_map(|value| in_json(&self.rules, &value)).unwrap_or_default();
        steps.truncate(STEPS);
        Ok(steps)
    }
}

/// Returns the list of things to do that a JSON line holds, if it does.
pub(super) fn in_json(rules: &Rules, value: &Value) -> Option<Vec<Step>> {
    let rule = rules.todo.iter().find(|rule| rule.matcher.is_match(Line::Json(value)))?;
    let lists = pattern::all_at(value, &rule.list);
    let items = lists.into_iter().filter_map(Value::as_array).next_back()?;
    let step = |item: &Value| {
        let text = pattern::at(item, &rule.text).and_then(pattern::text_of).unwrap_or_default();
        let is_done = rule.done.is_match(Line::Json(item));
        Step { text: plain::cut(text.trim(), TEXT), is_done }
    };
    Some(items.iter().map(step).collect())
}

/// Returns the steps that a status file ticks off, oldest first, each once; empty if there is no such file.
pub fn ticked(status: &Path) -> io::Result<Vec<Step>> {
    let file = match File::open(status) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(STATUS).read_to_end(&mut bytes)?;
    let mut steps: Vec<Step> = Vec::new();
    for line in String::from_utf8_lossy(&bytes).lines() {
        let line = line.trim().trim_start_matches(['-', '*']).trim_start();
        let text = line.strip_prefix("[x]").or_else(|| line.strip_prefix("[X]"));
        let Some(text) = text.map(|text| plain::cut(&plain::clean(text.trim().as_bytes()), TEXT))
        else {
            continue;
        };
        if !text.is_empty() && steps.len() < STEPS && !steps.iter().any(|step| step.text == text) {
            steps.push(Step { text, is_done: true });
        }
    }
    Ok(steps)
}

/// Says whether two texts name the same step: capitals, spaces and a full stop at the end make no difference.
pub fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ").trim_end_matches('.').to_owned()
    };
    plain(one) == plain(other)
}
