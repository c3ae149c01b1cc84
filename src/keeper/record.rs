//! What a keeper writes down.

use serde::{Deserialize, Serialize};

use crate::core::ProcessIdentity;
use crate::core::verdict::{EndedBy, Exit, Tree};

/// Where an attempt is in its life, in `status.json`; replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// [`super::spec::FORMAT`].
    pub version: u32,
    /// Where it is.
    pub stage: Stage,
    /// The keeper.
    pub keeper: ProcessIdentity,
    /// The agent's main process; none before it exists.
    pub agent: Option<ProcessIdentity>,
}

/// Where an attempt is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The agent does not run yet.
    Starting,
    /// The agent runs.
    Running,
    /// The agent has exited; processes that it left are being ended.
    Draining,
    /// All is over; `exit.json` is there.
    Exited,
}

/// How an attempt ended, in `exit.json`; written once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRecord {
    /// [`super::spec::FORMAT`].
    pub version: u32,
    /// How the agent's main process ended.
    pub exit: Exit,
    /// Who ended it.
    pub by: EndedBy,
    /// What became of its process tree.
    pub tree: Tree,
    /// When, in milliseconds on the machine's monotonic clock of that boot.
    pub monotonic_ms: u64,
    /// The boot.
    pub boot: String,
    /// The size of the log, in bytes.
    pub log_bytes: u64,
}
