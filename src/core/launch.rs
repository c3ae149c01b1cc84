//! An attempt that is to be made.

use serde::{Deserialize, Serialize};

use super::contest::Entrant;
use super::id::AttemptId;
use super::policy::RetryMode;

/// Who chose a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// The policy; the tier is probed if there is another one to fall back to.
    #[default]
    Policy,
    /// The operator; the tier is not probed.
    Operator,
}

/// Which state of the worktree an attempt starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartFrom {
    /// As it is.
    #[default]
    Current,
    /// As it was before the first attempt.
    Clean,
    /// As the attempt with this number left it.
    Attempt(AttemptId),
    /// As this contestant of that attempt left its own worktree.
    Contestant(AttemptId, u32),
}

/// An attempt that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// Its number.
    pub attempt: AttemptId,
    /// Its place in the chain, from 0.
    pub tier: usize,
    /// What it is told.
    pub mode: RetryMode,
    /// What it starts from.
    pub from: StartFrom,
    /// Who chose the tier.
    pub chosen: ChosenBy,
    /// What the operator wants the agent to know.
    pub note: Option<String>,
    /// Who takes part, where agents work side by side; decided when it is let go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrants: Vec<Entrant>,
    /// What the operator asks of this attempt, in the place of the workstream's prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}
