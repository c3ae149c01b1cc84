//! How far an attempt says it is.

use serde::{Deserialize, Serialize};

/// Where a progress figure comes from, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The agent's own list of things to do.
    Plan,
    /// The status file, or `ostler progress`.
    Status,
    /// A terminal progress report (OSC 9;4).
    Terminal,
    /// A pattern of the preset in the output.
    Output,
}

impl Source {
    /// Returns the word shown beside the bar.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Status => "status",
            Self::Terminal => "terminal",
            Self::Output => "output",
        }
    }
}

/// How far an attempt says it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done, at most `total`.
    pub done: u32,
    /// Steps in all, at least 1.
    pub total: u32,
    /// What it says it is doing; may be empty.
    pub text: String,
    /// Where that was read.
    pub source: Source,
}
