//! The words for the phases.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The word for a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is documented at `Phase`")]
pub enum PhaseWord {
    Queued,
    Preparing,
    Probing,
    Starting,
    Running,
    Stopping,
    Draining,
    Checking,
    Backoff,
    Escalated,
    Done,
    Failed,
    Stopped,
    Lost,
}

impl PhaseWord {
    /// Returns the word as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Preparing => "preparing",
            Self::Probing => "probing",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Draining => "draining",
            Self::Checking => "checking",
            Self::Backoff => "backoff",
            Self::Escalated => "escalated",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
        }
    }

    /// Says whether nothing happens any more unless the operator says so.
    ///
    /// A lost workstream goes on by itself if its processes turn out to be gone after all.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Stopped | Self::Lost)
    }

    /// Says whether a slot is taken.
    pub fn holds_slot(self) -> bool {
        matches!(
            self,
            Self::Preparing
                | Self::Probing
                | Self::Starting
                | Self::Running
                | Self::Stopping
                | Self::Draining
                | Self::Checking
        )
    }

    /// Says whether an agent may be alive.
    pub fn has_agent(self) -> bool {
        matches!(self, Self::Starting | Self::Running | Self::Stopping)
    }
}

impl fmt::Display for PhaseWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
