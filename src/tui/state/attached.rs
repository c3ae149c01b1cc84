//! The terminal of an agent that the operator is in.

use super::Focus;
use crate::core::{AttemptId, PhaseWord, WorkstreamId};
use crate::ipc::facts::Facts;

/// The terminal of an agent that the operator is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The workstream.
    pub workstream: WorkstreamId,
    /// The attempt whose agent it is.
    pub attempt: AttemptId,
    /// Whether a pane filled the view, and where the movement keys went.
    pub before: (bool, Focus),
}

impl Attached {
    /// Says whether the agent is at work and takes input.
    pub fn is_at_work(&self, facts: &Facts) -> bool {
        let found = facts.workstreams.iter().find(|ws| ws.id == self.workstream);
        found.is_some_and(|ws| ws.phase == PhaseWord::Running && ws.attempt == Some(self.attempt))
    }
}
