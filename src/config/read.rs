//! Reading values out of a tree, with every mistake recorded and none of them ending the reading.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::duration::{DurationError, Friendly, Limit};
use super::finding::Finding;
use super::nearest::{hint, nearest};
use super::node::{Key, Node, Value};
use super::source::Place;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

/// A map with names that the user chooses, in the order of the file.
#[derive(Clone, Debug)]
pub(super) struct Named<T>(pub Vec<(At<String>, At<T>)>);

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub(super) struct OneOrMore<T>(pub Vec<At<T>>);

/// A value that can be read from a file.
pub(super) trait Read: Sized {
    /// Reads the value. None means that it is wrong and that this was recorded.
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self>;

    /// Puts what this says over what `below` says.
    #[must_use]
    fn over(self, _below: Self) -> Self {
        self
    }
}

/// The reading of one file.
pub(super) struct Reading<'a> {
    source: usize,
    text: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reading<'a> {
    /// Starts to read the file with this number and text.
    pub fn new(source: usize, text: &'a str, findings: &'a mut Vec<Finding>) -> Self {
        Self { source, text, findings }
    }

    /// Reads a value and remembers where it stands.
    pub fn value<T: Read>(&mut self, node: &Node) -> Option<At<T>> {
        let value = T::read(node, self)?;
        Some(At { value, place: self.place(&node.span) })
    }

    /// Returns the place of these bytes in this file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(self.source, span)
    }

    /// Returns how many mistakes were recorded so far.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// Records a mistake at a value.
    pub fn error(&mut self, node: &Node, message: impl Into<String>, help: Option<String>) {
        let finding = Finding::error(message).at(self.place(&node.span)).maybe_help(help);
        self.findings.push(finding);
    }

    /// Records that a value is of the wrong kind.
    pub fn wrong(&mut self, node: &Node, wanted: &str) {
        let braces = match &node.value {
            Value::Map(entries) => match entries.as_slice() {
                [(key, Node { value: Value::Null, .. })] => {
                    Some(format!("put a placeholder in quotes: \"{{{}}}\"", key.name))
                }
                _ => None,
            },
            _ => None,
        };
        self.error(node, format!("expected {wanted}, found {}", node.kind()), braces);
    }

    /// Reads a map with these keys; `each` gets every entry whose key is known.
    pub fn map(
        &mut self,
        node: &Node,
        known: &[&str],
        mut each: impl FnMut(&mut Self, &Key, &Node),
    ) -> Option<()> {
        let entries = self.entries(node)?;
        for (key, value) in entries {
            if known.contains(&key.name.as_str()) {
                each(self, key, value);
            } else {
                let hint = hint(&key.name, "keys here", known.iter().copied());
                let finding = Finding::error(format!("unknown key `{}`", key.name));
                self.findings.push(finding.at(self.place(&key.span)).maybe_help(hint));
            }
        }
        Some(())
    }

    /// Returns the entries of a map, each key once; nothing at all is an empty map.
    pub fn entries<'n>(&mut self, node: &'n Node) -> Option<Vec<(&'n Key, &'n Node)>> {
        let entries = match &node.value {
            Value::Null => return Some(Vec::new()),
            Value::Map(entries) => entries,
            _ => {
                self.wrong(node, "a map");
                return None;
            }
        };
        let mut seen: Vec<(&Key, &Node)> = Vec::new();
        for (key, value) in entries {
            if let Some((first, _)) = seen.iter().find(|(first, _)| first.name == key.name) {
                let finding = Finding::error(format!("`{}` stands here twice", key.name))
                    .at(self.place(&key.span))
                    .also(self.place(&first.span), "first here")
                    .help("remove one of them");
                self.findings.push(finding);
            } else {
                seen.push((key, value));
            }
        }
        Some(seen)
    }

    /// Reads a value that serde knows how to read.
    pub fn serde<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        match serde_path_to_error::deserialize(node.to_serde()) {
            Ok(value) => Some(value),
            Err(error) => {
                let span = node.locate(error.path());
                let (message, help) = serde_words(&error.inner().to_string());
                let finding = Finding::error(message).at(self.place(&span)).maybe_help(help);
                self.findings.push(finding);
                None
            }
        }
    }

    /// Returns the text of a scalar as it stands in the file: a version such as `1.10` is not a number to its reader.
    fn scalar(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                self.text.get(node.span.clone()).map(|raw| raw.trim().to_owned())
            }
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }
}

/// Says in our words what serde says in its own.
fn serde_words(message: &str) -> (String, Option<String>) {
    let message =
        message.replace("unknown field", "unknown key").replace("unknown variant", "unknown word");
    let message = message.as_str();
    if let Some((what, words)) = message.split_once(", expected ") {
        let wanted: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
        if let Some(word) = what.split('`').nth(1).filter(|_| what.starts_with("unknown")) {
            return (what.to_owned(), hint(word, "known are", wanted.iter().copied()));
        }
    }
    match message.split_once("; ") {
        Some((what, help)) => (what.to_owned(), Some(help.to_owned())),
        None => (message.to_owned(), None),
    }
}

/// Puts an optional value over another.
pub(super) fn over<T: Read>(above: Option<At<T>>, below: Option<At<T>>) -> Option<At<T>> {
    match (above, below) {
        (Some(above), Some(below)) => {
            Some(At { value: above.value.over(below.value), place: above.place })
        }
        (above, below) => above.or(below),
    }
}

impl Read for String {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let text = into.scalar(node);
        if text.is_none() {
            into.wrong(node, "text");
        }
        text
    }
}

impl Read for u32 {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let number = match node.value {
            Value::Int(number) => Self::try_from(number).ok(),
            _ => None,
        };
        if number.is_none() {
            into.wrong_number(node, "a whole number from 0 up");
        }
        number
    }
}

impl Read for i32 {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let number = match node.value {
            Value::Int(number) => Self::try_from(number).ok(),
            _ => None,
        };
        if number.is_none() {
            into.wrong_number(node, "a whole number");
        }
        number
    }
}

impl Reading<'_> {
    pub(super) fn wrong_number(&mut self, node: &Node, wanted: &str) {
        match self.scalar(node) {
            Some(text) => self.error(node, format!("`{text}` is not {wanted}"), None),
            None => self.wrong(node, wanted),
        }
    }

    fn duration<T>(
        &mut self,
        node: &Node,
        parse: impl FnOnce(&str) -> Result<T, DurationError>,
    ) -> Option<T> {
        let Some(text) = self.scalar(node) else {
            self.wrong(node, "a duration");
            return None;
        };
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error(node, error.to_string(), Some(error.help()));
                None
            }
        }
    }

    /// Reads one of some words.
    pub fn word<T: Copy>(&mut self, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let known = words.iter().map(|(word, _)| *word);
        let list = || known.clone().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let Some(text) = self.scalar(node) else {
            self.wrong(node, &format!("one of {}", list()));
            return None;
        };
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let help = nearest(&text, known.clone()).map(|near| format!("did you mean `{near}`?"));
            self.error(node, format!("`{text}` is not one of {}", list()), help);
        }
        found.map(|(_, value)| *value)
    }
}

impl Read for Friendly {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        into.duration(node, Self::parse)
    }
}

impl Read for Limit {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        into.duration(node, Self::parse)
    }
}

impl<T: Read> Read for Vec<At<T>> {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            let help = into.scalar(node).map(|text| format!("write a list: [{text}]"));
            into.error(node, format!("expected a list, found {}", node.kind()), help);
            return None;
        };
        Some(items.iter().filter_map(|item| into.value(item)).collect())
    }
}

impl<T: Read> Read for OneOrMore<T> {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        match node.value {
            Value::List(_) => Vec::read(node, into).map(Self),
            _ => into.value(node).map(|one| Self(vec![one])),
        }
    }
}

impl<T: Read> Read for Named<T> {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let mut named = Vec::new();
        for (key, value) in into.entries(node)? {
            let name = At { value: key.name.clone(), place: into.place(&key.span) };
            if let Some(value) = into.value(value) {
                named.push((name, value));
            }
        }
        Some(Self(named))
    }

    fn over(self, below: Self) -> Self {
        let mut merged = below.0;
        for (name, value) in self.0 {
            let known = merged.iter().position(|(other, _)| other.value == name.value);
            match known {
                Some(at) => {
                    let (_, below) = merged.remove(at);
                    let value = At { value: value.value.over(below.value), place: value.place };
                    merged.insert(at, (name, value));
                }
                None => merged.push((name, value)),
            }
        }
        Self(merged)
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}
