//! What an agent's output told of an attempt, beside how it ended.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::class::FailureClass;
use super::verdict::Evidence;

/// What an agent's output told of an attempt, beside how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The agent's own name for the conversation, by which it can be gone on with.
    pub session: Option<String>,
    /// What it took.
    pub usage: Usage,
    /// A step that failed on the way, whatever the agent made of it; the last one, but a refused permission stays.
    pub hint: Option<Hint>,
}

/// What an attempt took, as far as its agent says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens that the model read, those from a cache among them.
    pub input_tokens: Option<u64>,
    /// Tokens that it wrote.
    pub output_tokens: Option<u64>,
    /// What that cost.
    pub cost_usd: Option<Cost>,
    /// How often it used a tool.
    pub tool_calls: u32,
}

/// An amount of money, in millionths of a dollar; outside of the program it is a number of dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost(pub u64);

impl Cost {
    /// Returns a number of dollars as an amount; none for what is none.
    pub fn dollars(dollars: f64) -> Option<Self> {
        let micros = dollars * 1e6;
        (0.0..1e15).contains(&micros).then(|| Self(micros.round() as u64))
    }
}

impl Serialize for Cost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1e6)
    }
}

impl<'de> Deserialize<'de> for Cost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let dollars = f64::deserialize(deserializer)?;
        Self::dollars(dollars).ok_or_else(|| D::Error::custom("not an amount of money"))
    }
}

/// Writes it as people do: `$0.09`.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = self.0 as f64 / 1e6;
        if dollars < 0.1 { write!(f, "${dollars:.4}") } else { write!(f, "${dollars:.2}") }
    }
}

impl Usage {
    /// Says whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Returns what both took.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        fn sum<T>(one: Option<T>, other: Option<T>, add: impl Fn(T, T) -> T) -> Option<T> {
            match (one, other) {
                (Some(one), Some(other)) => Some(add(one, other)),
                (one, other) => one.or(other),
            }
        }
        Self {
            input_tokens: sum(self.input_tokens, other.input_tokens, u64::saturating_add),
            output_tokens: sum(self.output_tokens, other.output_tokens, u64::saturating_add),
            cost_usd: sum(self.cost_usd, other.cost_usd, |one, other| {
                Cost(one.0.saturating_add(other.0))
            }),
            tool_calls: self.tool_calls.saturating_add(other.tool_calls),
        }
    }
}

/// Writes it as `47.2k tokens in, 9 out · $0.09 · 12 tool calls`; empty if nothing is known.
impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens = match (self.input_tokens, self.output_tokens) {
            (None, None) => None,
            (Some(input), None) => Some(format!("{} tokens in", short(input))),
            (None, Some(output)) => Some(format!("{} tokens out", short(output))),
            (Some(input), Some(output)) => {
                Some(format!("{} tokens in, {} out", short(input), short(output)))
            }
        };
        let cost = self.cost_usd.filter(|cost| cost.0 > 0).map(|cost| cost.to_string());
        let tools = match self.tool_calls {
            0 => None,
            1 => Some("1 tool call".to_owned()),
            many => Some(format!("{many} tool calls")),
        };
        let figures: Vec<String> = [tokens, cost, tools].into_iter().flatten().collect();
        f.write_str(&figures.join(" · "))
    }
}

/// Writes a large number in few characters: `47.2k`.
pub fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{:.1}k", number as f64 / 1e3),
        _ => format!("{:.1}M", number as f64 / 1e6),
    }
}

/// A step that failed on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// What kind of failure it was.
    pub class: FailureClass,
    /// Where that was read.
    pub evidence: Evidence,
}

impl Account {
    /// Takes over what a newer account says; what it does not say stays.
    pub fn update(&mut self, newer: &Self) {
        if newer.session.is_some() {
            self.session.clone_from(&newer.session);
        }
        if !newer.usage.is_unknown() {
            self.usage = newer.usage;
        }
        if newer.hint.is_some() {
            self.hint.clone_from(&newer.hint);
        }
    }

    /// Returns the permission that was refused on the way, if one was.
    pub fn denied(&self) -> Option<&Hint> {
        self.hint.as_ref().filter(|hint| hint.class == FailureClass::Denied)
    }
}
