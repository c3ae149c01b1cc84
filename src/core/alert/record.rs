//! What is remembered of alerts beyond the life of a process.

use serde::{Deserialize, Serialize};

use super::{Key, Subject, Weight};
use crate::core::time::Timestamp;

/// What became of an alert: a line of the project's alert log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// Which alert.
    pub key: Key,
    /// What it is about.
    pub subject: Subject,
    /// Which occurrence of its cause.
    pub mark: u64,
    /// How bad it was and how far it had come.
    #[serde(flatten)]
    pub weight: Weight,
    /// What was done about it.
    pub what: What,
}

/// What was done about an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The operator was told.
    Rang,
    /// The operator has acknowledged it.
    Acknowledged,
    /// The operator has taken that back.
    Recalled,
    /// Its cause is gone.
    Over,
}
