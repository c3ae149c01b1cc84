//! The attempts of a workstream, as they are remembered.

use serde::{Deserialize, Serialize};

use super::account::{Account, Made};
use super::class::FailureClass;
use super::contest::Contending;
use super::id::{AgentName, AttemptId, ProcessIdentity};
use super::time::Timestamp;
use super::transfer::Transfer;
use super::verdict::{DiffSize, Evidence, Exit, Tree};

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// It has not ended.
    Open,
    /// The probe said no, so it never ran.
    Skipped,
    /// It failed.
    Failed(FailureClass),
    /// The operator ended it.
    Stopped,
    /// It did the work.
    Succeeded,
}

/// One attempt, or one tier that was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number.
    pub id: AttemptId,
    /// Its place in the chain, from 0.
    pub tier: usize,
    /// The agent.
    pub agent: AgentName,
    /// How it was decided, where agents worked side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contending>,
    /// When it was begun (probe included).
    pub begun: Timestamp,
    /// When the agent started; none if it never did.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// Why, in a sentence; empty while open.
    pub reason: String,
    /// Where the reason was read.
    pub evidence: Evidence,
    /// How the agent ended; none while it runs.
    pub exit: Option<Exit>,
    /// What became of its processes.
    pub tree: Tree,
    /// The change against the base when it ended.
    pub diff: Option<DiffSize>,
    /// Its log, in bytes.
    pub log_bytes: u64,
    /// What else its output told.
    #[serde(flatten)]
    pub account: Account,
    /// When the agent said that it will work again; none if it did not say.
    #[serde(default)]
    pub reset: Option<Timestamp>,
    /// What it was handed over; none for the first one, and where that was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// The keeper that owned it.
    pub keeper: Option<ProcessIdentity>,
    /// The agent's main process.
    pub process: Option<ProcessIdentity>,
}

/// What one of those that worked side by side has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left<'a> {
    /// Its place among them, from 1.
    pub contestant: u32,
    /// What it is called among them.
    pub name: String,
    /// What it has left.
    pub made: &'a Made,
}

impl Attempt {
    /// Returns what those have left that worked side by side in it, in their order.
    pub fn left(&self) -> Vec<Left<'_>> {
        let all = &self.account.inner;
        let left = all.iter().filter_map(|inner| {
            let (contestant, made) = (inner.contestant?, inner.made.as_ref()?);
            Some(Left { contestant, name: inner.name(all), made })
        });
        let mut left: Vec<Left<'_>> = left.collect();
        left.sort_by_key(|left| left.contestant);
        left
    }
}
