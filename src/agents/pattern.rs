//! Patterns of a preset, made ready to be tried on lines.

use regex::Regex;
use serde_json::{Map, Value};

use crate::config::preset::Match;

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// A regular expression is wrong.
    #[error("{rule}: not a regular expression: {source}")]
    Regex {
        /// The rule it belongs to.
        rule: String,
        /// What is wrong with it.
        source: Box<regex::Error>,
    },
    /// A rule has neither a text nor JSON keys.
    #[error("{rule}: give `text` (a regular expression) or `json` (keys and values)")]
    Empty {
        /// The rule.
        rule: String,
    },
    /// A rule asks for more lines at once than are joined.
    #[error("{rule}: `lines` must be from 1 to {limit}")]
    Lines {
        /// The rule.
        rule: String,
        /// The most that are joined.
        limit: usize,
    },
}

/// What a line is.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a> {
    /// Text.
    Text(&'a str),
    /// A JSON object.
    Json(&'a Value),
}

/// A pattern, ready to be tried.
#[derive(Clone, Debug)]
pub struct Matcher {
    text: Option<Regex>,
    json: Option<Vec<Key>>,
}

#[derive(Clone, Debug)]
struct Key {
    path: Vec<String>,
    want: Want,
}

#[derive(Clone, Debug)]
enum Want {
    Any(Vec<Value>),
    Like(Regex),
}

impl Matcher {
    /// Makes a pattern ready; `rule` names it in errors.
    pub fn new(rule: &str, pattern: &Match) -> Result<Self, PatternError> {
        Self::of(rule, pattern.text.as_deref(), pattern.json.as_ref())
    }

    /// Makes a pattern ready from its parts.
    pub fn of(
        rule: &str,
        text: Option<&str>,
        json: Option<&Map<String, Value>>,
    ) -> Result<Self, PatternError> {
        if text.is_none() && json.is_none_or(Map::is_empty) {
            return Err(PatternError::Empty { rule: rule.to_owned() });
        }
        let text = text.map(|text| regex(rule, text)).transpose()?;
        let json = json
            .map(|json| json.iter().map(|(path, want)| Key::new(rule, path, want)).collect())
            .transpose()?;
        Ok(Self { text, json })
    }

    /// Says whether the line is such a line.
    pub fn is_match(&self, line: Line<'_>) -> bool {
        match line {
            Line::Text(text) => self.text.as_ref().is_some_and(|regex| regex.is_match(text)),
            Line::Json(value) => {
                self.json.as_ref().is_some_and(|keys| keys.iter().all(|key| key.is_match(value)))
            }
        }
    }

    /// Returns the named groups of a line that matches.
    pub fn groups(&self, line: Line<'_>) -> Groups {
        let mut groups = Groups::default();
        match line {
            Line::Text(text) => {
                if let Some(regex) = &self.text {
                    groups.add(regex, text);
                }
            }
            Line::Json(value) => {
                for key in self.json.iter().flatten() {
                    if let Want::Like(regex) = &key.want
                        && let Some(text) = key.text(regex, value)
                    {
                        groups.add(regex, &text);
                    }
                }
            }
        }
        groups
    }
}

impl Key {
    fn new(rule: &str, path: &str, want: &Value) -> Result<Self, PatternError> {
        let path = path.split('.').map(str::to_owned).collect();
        let want = match want {
            Value::String(text) if text.starts_with('~') => Want::Like(regex(rule, &text[1..])?),
            Value::Array(list) => Want::Any(list.clone()),
            literal => Want::Any(vec![literal.clone()]),
        };
        Ok(Self { path, want })
    }

    fn is_match(&self, value: &Value) -> bool {
        let mut found = all_at(value, &self.path).into_iter();
        match &self.want {
            Want::Any(list) => found.any(|found| list.contains(found)),
            Want::Like(regex) => found.filter_map(text_of).any(|text| regex.is_match(&text)),
        }
    }

    /// Returns the first text that matches an expression.
    fn text(&self, regex: &Regex, value: &Value) -> Option<String> {
        let mut texts = all_at(value, &self.path).into_iter().filter_map(text_of);
        texts.find(|text| regex.is_match(text))
    }
}

/// The named groups of a line that matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups(Vec<(String, String)>);

impl Groups {
    /// Returns the text of the group with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    fn add(&mut self, regex: &Regex, text: &str) {
        let Some(captures) = regex.captures(text) else { return };
        for name in regex.capture_names().flatten() {
            if let Some(found) = captures.name(name) {
                self.0.push((name.to_owned(), found.as_str().to_owned()));
            }
        }
    }
}

/// Returns the value at the end of a path of keys.
pub fn at<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// Returns every value at the end of a path of keys, in which `*` stands for any element of a list.
pub fn all_at<'a>(value: &'a Value, path: &[String]) -> Vec<&'a Value> {
    let mut found = vec![value];
    for key in path {
        found = found
            .into_iter()
            .flat_map(|value| match (key.as_str(), value) {
                ("*", Value::Array(list)) => list.iter().collect::<Vec<_>>(),
                _ => value.get(key).into_iter().collect(),
            })
            .collect();
    }
    found
}

/// Returns a string or number as text.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn regex(rule: &str, text: &str) -> Result<Regex, PatternError> {
    Regex::new(text)
        .map_err(|source| PatternError::Regex { rule: rule.to_owned(), source: Box::new(source) })
}
