//! Alerts: what is wrong as long as it is, how bad, and what is asked of the operator.
//!
//! An alert lasts as long as its cause. What is wrong now is a list of [`Condition`]s, made from states alone; the
//! [`Board`] remembers which of them was told, how often, and what the operator has acknowledged.

pub mod board;
pub mod condition;
pub mod record;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::{AgentName, WorkstreamId};
use super::time::{Timestamp, millis};

pub use board::Board;
pub use condition::Condition;
pub use record::Record;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It takes care of itself.
    Low,
    /// It costs time or money.
    Medium,
    /// Work stands still.
    High,
    /// Work may be lost.
    Critical,
}

impl Severity {
    /// Every severity, the least one first.
    pub const ALL: &[Self] = &[Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    fn worse(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Critical => Self::Critical,
        }
    }
}

/// How far it has come: from what mends itself to what holds the whole fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Automatic recovery is under way.
    Recovering,
    /// The operator is told.
    Notified,
    /// Nothing goes on there before the operator acts.
    MustAct,
    /// Nothing starts in the whole fleet.
    Held,
}

impl Level {
    /// Returns the words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Recovering => "recovering",
            Self::Notified => "look at it",
            Self::MustAct => "you must act",
            Self::Held => "fleet held",
        }
    }

    /// Returns the level that follows when nobody answers; that the fleet is held is a fact and no matter of time.
    fn next(self) -> Self {
        match self {
            Self::Recovering => Self::Notified,
            Self::Notified | Self::MustAct => Self::MustAct,
            Self::Held => Self::Held,
        }
    }
}

/// How bad an alert is and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Weight {
    /// How bad it is.
    pub severity: Severity,
    /// How far it has come.
    pub level: Level,
}

impl Weight {
    /// Says whether this is worse than another in any way.
    pub fn exceeds(self, other: Self) -> bool {
        self.severity > other.severity || self.level > other.level
    }

    /// Says whether work stands still or may be lost.
    pub fn is_urgent(self) -> bool {
        self.severity >= Severity::High
    }

    /// Returns the worse of each.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        Self { severity: self.severity.max(other.severity), level: self.level.max(other.level) }
    }

    /// Returns what it becomes when nobody answers.
    #[must_use]
    fn lifted(self) -> Self {
        Self { severity: self.severity.worse(), level: self.level.next() }
    }
}

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A workstream.
    Workstream(WorkstreamId),
    /// An agent.
    Agent(AgentName),
    /// All workstreams.
    Fleet,
    /// The disk.
    Disk,
    /// The memory of the machine.
    Memory,
}

impl Subject {
    /// Returns the workstream, if it is about one.
    pub fn workstream(&self) -> Option<&WorkstreamId> {
        match self {
            Self::Workstream(id) => Some(id),
            Self::Agent(_) | Self::Fleet | Self::Disk | Self::Memory => None,
        }
    }
}

/// Writes its name.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workstream(id) => f.pad(id.as_str()),
            Self::Agent(name) => f.pad(name.as_str()),
            Self::Fleet => f.pad("fleet"),
            Self::Disk => f.pad("disk"),
            Self::Memory => f.pad("memory"),
        }
    }
}

/// The name of an alert: what it is about and why. It is the same in every process and after a restart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is wrong, as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its name.
    pub key: Key,
    /// What it is about.
    pub subject: Subject,
    /// Which occurrence of its cause it is.
    pub mark: u64,
    /// How bad it is and how far it has come.
    #[serde(flatten)]
    pub weight: Weight,
    /// What is wrong, in a line.
    pub text: String,
    /// Since when; none if that is not known.
    pub since: Option<Timestamp>,
    /// How often it happened since it was last quiet for a while.
    pub count: u32,
    /// Whether the operator has acknowledged it; then it is silent until it gets worse.
    pub acknowledged: bool,
}

/// A moment at which the operator is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ring {
    /// A number that only grows.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Of which alert, as it was then.
    #[serde(flatten)]
    pub alert: Alert,
    /// So many others are told by this one too, or were over before they could be told.
    pub more: u32,
}

/// How often is told, and what follows when nobody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPolicy {
    /// The least time between two rings of the same alert.
    #[serde(with = "millis")]
    pub repeat: Duration,
    /// The most rings in any minute, over all alerts; 0 for none at all.
    pub per_minute: u32,
    /// An alert that is not acknowledged gets worse after this long; none for never.
    pub escalate_after: Option<Duration>,
}

impl Default for AlertPolicy {
    fn default() -> Self {
        Self {
            repeat: Duration::from_secs(30),
            per_minute: 10,
            escalate_after: Some(Duration::from_secs(15 * 60)),
        }
    }
}
