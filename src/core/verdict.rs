//! What an ended attempt has shown, as read from its exit and its output.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::class::FailureClass;
use super::time::Timestamp;

/// Where a verdict comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule that matched, such as `aider.rate_limit` or `exit status`.
    pub rule: String,
    /// The line that it matched, cleaned and cut.
    pub line: String,
    /// Where the line starts in the log, in bytes.
    pub offset: Option<u64>,
}

/// What an ended attempt has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The agent's own words of success.
    Success(Evidence),
    /// Positive evidence of a failure.
    Failure {
        /// Why.
        class: FailureClass,
        /// Where that was read.
        evidence: Evidence,
        /// When the agent said it will work again; unknown if it did not say.
        reset: Option<Timestamp>,
    },
    /// Nothing that speaks for either.
    Silent,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// It returned this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
    /// It never ran.
    NotStarted(String),
    /// Nobody could see it; the text says why.
    Unknown(String),
}

impl Exit {
    /// Returns the failure that the way it ended stands for when nothing else is known of it; none for success.
    pub fn class(&self) -> Option<FailureClass> {
        match self {
            Self::Code(0) => None,
            Self::Code(code) if relayed(*code).is_some() => Some(FailureClass::Crashed),
            Self::Code(_) => Some(FailureClass::ExitCode),
            Self::Signal(_) => Some(FailureClass::Crashed),
            Self::NotStarted(_) => Some(FailureClass::SpawnFailed),
            Self::Unknown(_) => Some(FailureClass::Interrupted),
        }
    }
}

/// The signals that end a program: HUP, INT, QUIT, ILL, ABRT, BUS, FPE, KILL, SEGV, PIPE, ALRM, TERM.
const DEADLY: &[i32] = &[1, 2, 3, 4, 6, 7, 8, 9, 11, 13, 14, 15];

/// Returns the signal that a code stands for where shells and wrappers relay the end of what they ran.
fn relayed(code: i32) -> Option<i32> {
    Some(code - 128).filter(|signal| DEADLY.contains(signal))
}

/// Says it in a sentence.
impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => match relayed(*code) {
                Some(signal) => write!(f, "it exited with {code}, as after signal {signal}"),
                None => write!(f, "it exited with {code}"),
            },
            Self::Signal(signal) => write!(f, "signal {signal} ended it"),
            Self::NotStarted(why) | Self::Unknown(why) => f.write_str(why),
        }
    }
}

/// Who ended an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The agent itself.
    Itself,
    /// A request of its owner.
    Request,
    /// The keeper, at the hard deadline.
    Deadline,
    /// Nobody knows: its keeper died, or the machine went down.
    KeeperLost,
    /// The machine went down.
    Reboot,
}

/// What became of an agent's whole process tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Processes that were still there after the agent's exit, or when it was stopped, and were ended.
    pub ended: u32,
    /// Processes that survived KILL.
    pub left: u32,
}

/// The end of an attempt as its keeper recorded it and the log shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How the agent ended.
    pub exit: Exit,
    /// Who ended it.
    pub by: EndedBy,
    /// What became of its processes.
    pub tree: Tree,
    /// What its output shows.
    pub verdict: Verdict,
    /// When it ended.
    pub at: Timestamp,
    /// How much it wrote to its log, in bytes.
    pub log_bytes: u64,
    /// What the machine was short of around that time, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_of: Option<String>,
    /// What else its output told.
    #[serde(default)]
    pub account: Account,
}

/// How large a change is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffSize {
    /// Files that differ from the base.
    pub files: u32,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
}

/// Writes it as `2 files, +10 −3`.
impl fmt::Display for DiffSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.files {
            0 => f.write_str("nothing"),
            1 => write!(f, "1 file, +{} −{}", self.added, self.removed),
            files => write!(f, "{files} files, +{} −{}", self.added, self.removed),
        }
    }
}
