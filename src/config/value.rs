//! The kinds of values that `ostler.yaml` has besides text, numbers and durations.

use super::alerts::OscForm;
use super::form::Workstream;
use super::node::{Node, Value};
use super::plan::{KeyMode, OnSupervisorLoss};
use super::preset::{Patterns, PromptDelivery};
use super::read::{At, Read, Reading};
use crate::core::account::Cost;
use crate::core::alert::Severity;
use crate::core::definition::{Expects, Order};
use crate::core::policy::Growth;
use crate::keeper::spec::Io;

/// Program and arguments.
#[derive(Clone, Debug)]
pub(super) struct Argv(pub Vec<At<String>>);

/// A command: text for the shell, or program and arguments.
#[derive(Clone, Debug)]
pub(super) struct Command(pub Vec<String>);

/// A share from 0 to 1, in percent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share(pub u8);

/// An amount of memory or disk space, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes(pub u64);

/// An amount of money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dollars(pub Cost);

/// How many agents work side by side; none for one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contenders(pub Option<u32>);

/// From which severity on something is told; none if it is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Threshold(pub Option<Severity>);

/// How an agent's output is read, and which keys of that were given.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// The patterns.
    pub patterns: Patterns,
    /// The keys that were given.
    pub given: Vec<String>,
}

/// The pieces of work, or where they are read from.
#[derive(Clone, Debug)]
pub(super) enum Workstreams {
    /// Written here.
    Here(Vec<At<Workstream>>),
    /// In a folder or a document.
    From(String),
}

macro_rules! words {
    ($type:ty { $($word:literal = $value:ident),* }) => {
        impl Read for $type {
            fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
                into.word(node, &[$(($word, Self::$value)),*])
            }
        }
    };
}

words!(Io { "file" = File, "pty" = Pty });
words!(PromptDelivery { "argument" = Argument, "stdin" = Stdin });
words!(Expects { "change" = Change, "marker_and_change" = MarkerAndChange });
words!(Order { "declared" = Declared, "adaptive" = Adaptive });
words!(KeyMode { "usual" = Usual, "strict" = Strict });
words!(Growth { "none" = None, "linear" = Linear, "exponential" = Exponential });
words!(OscForm { "both" = Both, "osc9" = Osc9, "osc777" = Osc777 });
words!(OnSupervisorLoss { "continue" = Continue, "finish" = Finish, "stop" = Stop });

impl Read for Argv {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        if let Value::Text(text) = &node.value {
            let words: Vec<&str> = text.split_whitespace().collect();
            let help = format!("write program and arguments as a list: [{}]", words.join(", "));
            into.error(node, "expected a list, found text", Some(help));
            return None;
        }
        let argv: Vec<At<String>> = Vec::read(node, into)?;
        if argv.first().is_none_or(|program| program.value.trim().is_empty()) {
            into.error(node, "a command without a program", None);
            return None;
        }
        Some(Self(argv))
    }
}

impl Read for Command {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        if let Value::List(_) = node.value {
            return Argv::read(node, into)
                .map(|argv| Self(argv.0.into_iter().map(|argument| argument.value).collect()));
        }
        let text = String::read(node, into)?;
        if text.trim().is_empty() {
            into.error(node, "a command without a program", None);
            return None;
        }
        Some(Self(vec!["sh".to_owned(), "-c".to_owned(), text]))
    }
}

impl Read for Share {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let share = match node.value {
            Value::Int(0) => Some(0.0),
            Value::Int(1) => Some(1.0),
            Value::Float(share) if (0.0..=1.0).contains(&share) => Some(share),
            _ => None,
        };
        if share.is_none() {
            into.wrong_number(node, "a share from 0 to 1");
        }
        share.map(|share| Self((share * 100.0).round() as u8))
    }
}

impl Read for Threshold {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let severities = Severity::ALL.iter().map(|severity| (severity.word(), Some(*severity)));
        let words: Vec<(&str, Option<Severity>)> = severities.chain([("off", None)]).collect();
        into.word(node, &words).map(Self)
    }
}

impl Read for Dollars {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let dollars = match node.value {
            Value::Int(dollars) => Cost::dollars(dollars as f64),
            Value::Float(dollars) => Cost::dollars(dollars),
            _ => None,
        };
        if dollars.is_none() {
            into.wrong_number(node, "a number of dollars such as 2.5");
        }
        dollars.map(Self)
    }
}

impl Read for Contenders {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        match &node.value {
            Value::Int(count) if *count >= 2 => u32::try_from(*count).ok().map(|it| Self(Some(it))),
            Value::Bool(false) => Some(Self(None)),
            Value::Text(text) if text.trim() == "off" => Some(Self(None)),
            _other => {
                into.wrong_number(node, "a number of agents from 2 up, or `off`");
                None
            }
        }
    }
}

/// Reads a share in percent that is not nothing.
pub(super) fn share(node: &Node, into: &mut Reading<'_>) -> Option<u8> {
    let share = Share::read(node, into)?.0;
    if share == 0 {
        into.error(node, "nothing would be left", Some("write a share such as 0.5".to_owned()));
    }
    (share > 0).then_some(share)
}

impl Read for Bytes {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let amount = match &node.value {
            Value::Text(text) => amount(text),
            _other => None,
        };
        if amount.is_none() {
            into.wrong_number(node, "an amount such as `512MiB` or `1GB`");
        }
        amount.map(Self)
    }
}

fn amount(text: &str) -> Option<u64> {
    let text = text.trim();
    let unit = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let unit: u32 = match unit {
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _unknown => return None,
    };
    let number: f64 = number.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then(|| (number * f64::from(unit)) as u64)
}

impl Read for Output {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let entries = into.entries(node)?;
        let given = entries.iter().map(|(key, _)| key.name.clone()).collect();
        let patterns: Patterns = into.serde(node)?;
        super::pattern::check(&patterns, node, into);
        Some(Self { patterns, given })
    }
}

impl Read for Workstreams {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        match &node.value {
            Value::Null => Some(Self::Here(Vec::new())),
            Value::Text(path) => Some(Self::From(path.clone())),
            Value::List(_) => Vec::read(node, into).map(Self::Here),
            _ => {
                let message = format!("expected a list of workstreams, found {}", node.kind());
                let help = "start each with `- `, or name the folder that they are in".to_owned();
                into.error(node, message, Some(help));
                None
            }
        }
    }
}
