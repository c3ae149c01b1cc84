//! What an agent's output told of an attempt, beside how it ended.

use std::fmt;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::class::FailureClass;
use super::ledger::AttemptOutcome;
use super::time::{Timestamp, opt_millis};
use super::verdict::{DiffSize, Evidence};

/// What an agent's output told of an attempt, beside how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The agent's own name for the conversation, by which it can be gone on with.
    pub session: Option<String>,
    /// What it took.
    pub usage: Usage,
    /// Which of these figures its agent tells of the whole conversation, and not of this attempt.
    pub of_session: Vec<Figure>,
    /// The figures as its agent tells them.
    pub told: Usage,
    /// A step that failed on the way, whatever the agent made of it; the last one, but a refused permission stays.
    pub hint: Option<Hint>,
    /// The first of its own words that show that it has taken its prompt; none as long as nothing shows that.
    pub prompted: Option<Evidence>,
    /// When its first output was seen; none if nobody looked then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_output: Option<Timestamp>,
    /// The attempts that it had other agents make, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Inner>,
}

/// An attempt that another one had an agent make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inner {
    /// Its number there.
    pub number: u32,
    /// The agent.
    pub agent: String,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// Why, in a sentence; empty if there is nothing to say.
    pub reason: String,
    /// How long it took; none while it is open, and if that was not told.
    #[serde(with = "opt_millis")]
    pub took: Option<Duration>,
    /// Its place among those that work side by side, from 1; none where they work one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contestant: Option<u32>,
    /// When what refused it works again, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Timestamp>,
    /// What it took, as far as that was told.
    #[serde(default, skip_serializing_if = "Usage::is_unknown")]
    pub usage: Usage,
    /// What it has left, where several worked side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
}

/// What one of those that worked side by side has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The git ref of the checkpoint that holds it.
    pub checkpoint: String,
    /// The change against what all of them started from.
    pub diff: DiffSize,
}

impl Inner {
    /// Returns what it is called among all of them: its agent's name, with its number where another one that works side by
    /// side with it has the same agent.
    pub fn name(&self, all: &[Self]) -> String {
        let is_other = |other: &Self| other.contestant != self.contestant;
        match self.contestant {
            Some(number) if all.iter().any(|it| it.agent == self.agent && is_other(it)) => {
                format!("{}#{number}", self.agent)
            }
            Some(_) | None => self.agent.clone(),
        }
    }

    /// Returns the number by which people are told of it: its place among those that work side by side, else its own.
    pub fn place(&self) -> u32 {
        self.contestant.unwrap_or(self.number)
    }

    /// Says what has become of it under this name.
    fn with_name(&self, name: &str) -> String {
        match self.outcome {
            AttemptOutcome::Open => format!("{name} works"),
            AttemptOutcome::Skipped => format!("{name} skipped"),
            AttemptOutcome::Failed(class) => format!("{name} {class}"),
            AttemptOutcome::Stopped => format!("{name} stopped"),
            AttemptOutcome::Succeeded => format!("{name} did it"),
        }
    }
}

/// Writes it as `aider rate_limit`, or `codex works`.
impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_name(&self.agent))
    }
}

/// A figure of what something took.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Tokens that the model read.
    Input,
    /// Tokens that it wrote.
    Output,
    /// What that cost.
    Cost,
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

    /// Returns what was taken since these figures were told, of those that are told of the whole.
    #[must_use]
    fn since(self, before: Self, of_whole: &[Figure]) -> Self {
        let rest = |figure, now: Option<u64>, before: Option<u64>| match before {
            Some(before) if of_whole.contains(&figure) => now.map(|now| now.saturating_sub(before)),
            Some(_) | None => now,
        };
        let micros = |cost: Option<Cost>| cost.map(|cost| cost.0);
        Self {
            input_tokens: rest(Figure::Input, self.input_tokens, before.input_tokens),
            output_tokens: rest(Figure::Output, self.output_tokens, before.output_tokens),
            cost_usd: rest(Figure::Cost, micros(self.cost_usd), micros(before.cost_usd)).map(Cost),
            tool_calls: self.tool_calls,
        }
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
    /// Returns it with the times that are told of those within it by another clock, which `clock` turns into this one's.
    #[must_use]
    pub fn by_clock(mut self, clock: impl Fn(Timestamp) -> Timestamp) -> Self {
        for inner in &mut self.inner {
            inner.reset = inner.reset.map(&clock);
        }
        self
    }

    /// Takes over what a newer account says; what it does not say stays. `earlier` are the accounts of attempts before.
    pub fn update<'a>(&mut self, newer: &Self, earlier: impl DoubleEndedIterator<Item = &'a Self>) {
        if newer.session.is_some() {
            self.session.clone_from(&newer.session);
        }
        if !newer.usage.is_unknown() {
            let mut same = earlier.rev().filter(|one| one.session == newer.session);
            let before = newer.session.as_ref().and_then(|_| same.next());
            self.told = newer.usage;
            self.of_session.clone_from(&newer.of_session);
            self.usage = match before {
                Some(before) => newer.usage.since(before.told, &newer.of_session),
                None => newer.usage,
            };
        }
        if newer.hint.is_some() {
            self.hint.clone_from(&newer.hint);
        }
        if self.prompted.is_none() {
            self.prompted.clone_from(&newer.prompted);
        }
        self.first_output = self.first_output.or(newer.first_output);
        if !newer.inner.is_empty() {
            self.inner.clone_from(&newer.inner);
        }
    }

    /// Returns the attempts that it had other agents make on one line: `aider rate_limit → codex works`, or with ` | ` where
    /// they work side by side; none if there are none.
    pub fn inside(&self) -> Option<String> {
        let names = self.inner.iter().map(|inner| inner.name(&self.inner));
        let each = names.zip(&self.inner).map(|(name, inner)| inner.with_name(&name));
        let each: Vec<String> = each.collect();
        let is_side_by_side = self.inner.iter().any(|inner| inner.contestant.is_some());
        let between = if is_side_by_side { " | " } else { " → " };
        (!each.is_empty()).then(|| each.join(between))
    }

    /// Returns the permission that was refused on the way, if one was.
    pub fn denied(&self) -> Option<&Hint> {
        self.hint.as_ref().filter(|hint| hint.class == FailureClass::Denied)
    }
}
