//! A YAML file as a tree in which every value knows where it stands.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, Spanned};

/// No list or map lies in more others than this; every level takes room on the stack.
const DEEPEST: usize = 20;

const DEEP: &str = "too many lists and maps lie in each other";

/// A value and the bytes of its file that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands; of a list or map in block form, only where it starts.
    pub span: Range<usize>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Nothing, written as `null`, `~` or not at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file, keys that stand there twice included.
    Map(Vec<(Key, Node)>),
}

/// The key of a map and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// What is wrong with a text that is not YAML.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<&'static str>,
    /// Where, if that is known.
    pub span: Option<Range<usize>>,
}

impl Node {
    /// Reads a YAML text of at most one document.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let options = serde_saphyr::options! {
            duplicate_keys: DuplicateKeyPolicy::PassThrough,
            non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
            budget: serde_saphyr::budget! { max_depth: DEEPEST, flow_nesting_limit: DEEPEST },
            alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 50_000 },
        };
        match serde_saphyr::from_str_with_options::<Spanned<Value>>(text, options) {
            Ok(root) => Ok(Self::from(root)),
            Err(error) => Err(SyntaxError::new(error.without_snippet(), text)),
        }
    }

    /// Returns the entry of a map with this name; the last one, if it stands there twice.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().rev().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// Returns the path of keys to the value or key that stands exactly here, as in `agents[0].retry`.
    pub fn path(&self, span: &Range<usize>) -> Option<String> {
        let step = |path: &str, rest: Option<String>| match rest {
            None => path.to_owned(),
            Some(rest) if rest.starts_with('[') => format!("{path}{rest}"),
            Some(rest) => format!("{path}.{rest}"),
        };
        let inside = |node: &Self, path: &str| {
            let here = node.span == *span;
            let rest = if here { None } else { node.path(span) };
            (here || rest.is_some()).then(|| step(path, rest))
        };
        match &self.value {
            Value::Map(entries) => entries.iter().find_map(|(key, value)| {
                if key.span == *span { Some(key.name.clone()) } else { inside(value, &key.name) }
            }),
            Value::List(items) => {
                items.iter().enumerate().find_map(|(at, item)| inside(item, &format!("[{at}]")))
            }
            _ => None,
        }
    }

    /// Returns where the value at a path of serde's stands, or the nearest one above it; a key where there is one.
    pub fn locate(&self, path: &serde_path_to_error::Path) -> Range<usize> {
        use serde_path_to_error::Segment;
        let (mut node, mut span) = (self, self.span.clone());
        for segment in path {
            let next = match (segment, &node.value) {
                (Segment::Seq { index }, Value::List(items)) => items.get(*index),
                (Segment::Map { key } | Segment::Enum { variant: key }, Value::Map(entries)) => {
                    let found = entries.iter().find(|(entry, _)| entry.name == *key);
                    if let Some((key, value)) = found {
                        let scalar = !matches!(value.value, Value::List(_) | Value::Map(_));
                        span = if scalar { value.span.clone() } else { key.span.clone() };
                    }
                    found.map(|(_, value)| value)
                }
                _ => None,
            };
            let Some(next) = next else { break };
            if matches!(node.value, Value::List(_)) {
                span = next.span.clone();
            }
            node = next;
        }
        span
    }

    /// Returns the value as serde reads it.
    pub fn to_serde(&self) -> serde_yaml::Value {
        use serde_yaml::Value as Yaml;
        match &self.value {
            Value::Null => Yaml::Null,
            Value::Bool(value) => Yaml::Bool(*value),
            Value::Int(value) => i64::try_from(*value)
                .map(Yaml::from)
                .or_else(|_| u64::try_from(*value).map(Yaml::from))
                .unwrap_or_else(|_| Yaml::from(*value as f64)),
            Value::Float(value) => Yaml::from(*value),
            Value::Text(value) => Yaml::from(value.as_str()),
            Value::List(items) => items.iter().map(Self::to_serde).collect(),
            Value::Map(entries) => {
                let pairs = entries
                    .iter()
                    .map(|(key, value)| (Yaml::from(key.name.as_str()), value.to_serde()));
                Yaml::Mapping(pairs.collect())
            }
        }
    }

    /// Says what kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl From<Spanned<Value>> for Node {
    fn from(spanned: Spanned<Value>) -> Self {
        Self { value: spanned.value, span: span(&spanned.defined).unwrap_or_default() }
    }
}

impl SyntaxError {
    fn new(error: &serde_saphyr::Error, text: &str) -> Self {
        let message = error.to_string();
        let message = message.rfind(" at line ").map_or(message.as_str(), |end| &message[..end]);
        let (message, help) = plain_words(message);
        let at = error.location().map(|at| span(&at).unwrap_or_else(|| place(&at, text)));
        Self { message, help, span: at }
    }
}

/// Says in plain words what the parser says in its own, and what to do about it.
fn plain_words(message: &str) -> (String, Option<&'static str>) {
    let known = [
        ("tabs disallowed", "a tab is used to indent", "YAML is indented with spaces only"),
        (
            "mapping values are not allowed",
            "a second `: ` on one line",
            "put text that has `: ` in it in quotes",
        ),
        (
            "did not find expected key",
            "this line is not indented like the lines around it",
            "the keys of one map start in the same column",
        ),
        (
            "multiple YAML documents",
            "a second document starts here",
            "one file holds one document; remove the `---`",
        ),
        ("unexpected character", "text cannot start with this character", "put the text in quotes"),
        (
            "multiline quoted scalar",
            "a quoted text does not end",
            "close the quotes, or write a quote inside the text twice",
        ),
        ("unclosed bracket", "a list or map in brackets does not end", "close the bracket"),
        (
            "did not find expected ',' or",
            "a comma or the closing bracket is missing before this",
            "put text that has brackets or braces in it in quotes",
        ),
        (
            "unknown anchor",
            "no anchor has this name",
            "write `&name` before the value it stands for",
        ),
        ("illegal placement of ':'", "a list or map in brackets does not end", "close the bracket"),
        ("recursion limit", DEEP, "no key needs this"),
        ("budget breached: Depth", DEEP, "no key needs this"),
        ("budget breached", "this is too large", "no configuration needs this much"),
        ("alias replay limit", "this is too large", "use fewer aliases of aliases"),
        ("expected string scalar", "a key is not text", "put the key in quotes"),
    ];
    let found = known.iter().find(|(theirs, ..)| message.contains(theirs));
    match found {
        Some((_, ours, help)) => ((*ours).to_owned(), Some(help)),
        None => (message.to_owned(), None),
    }
}

/// Returns the bytes of the character at a line and column that both count from 1.
fn place(location: &Location, text: &str) -> Range<usize> {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
    let line = text.split_inclusive('\n').take(number(location.line()));
    let start: usize = line.map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let column =
        rest.char_indices().nth(number(location.column())).map_or(rest.len(), |(at, _)| at);
    let length = rest[column..].chars().next().map_or(0, char::len_utf8);
    start + column..start + column + length
}

fn span(location: &Location) -> Option<Range<usize>> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let length = usize::try_from(span.byte_len()?).ok()?;
    Some(start..start + length)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(i128::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Value>>()? {
            list.push(Node::from(item));
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Spanned<String>, Spanned<Value>>()? {
            let span = span(&key.defined).unwrap_or_default();
            let mut value = Node::from(value);
            // Nothing, and lists and maps in block form, have no place of their own.
            if value.span.is_empty() {
                value.span.clone_from(&span);
            }
            map.push((Key { name: key.value, span }, value));
        }
        Ok(Value::Map(map))
    }
}
