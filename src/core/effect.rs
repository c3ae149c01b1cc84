//! What the core asks for. Every effect is idempotent or keyed by its attempt, so asking twice does nothing twice.

use std::time::Duration;

use super::id::AttemptId;
use super::notice::Notice;
use super::phase::Launch;
use super::time::Timestamp;

/// What the core asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make the worktree, or find it.
    Prepare(AttemptId),
    /// Ask the agent whether it can work.
    Probe(Launch),
    /// Save the worktree, put it into the state that the launch starts from, and start the agent.
    Spawn {
        /// The attempt.
        launch: Launch,
        /// How long it may run before its keeper ends it by itself.
        hard: Duration,
    },
    /// Follow an attempt that is there already.
    Watch(AttemptId),
    /// End the agent's process tree: TERM, and KILL after the grace.
    Stop {
        /// The attempt.
        attempt: AttemptId,
        /// The time between the two.
        grace: Duration,
    },
    /// End the agent's process tree at once.
    Kill(AttemptId),
    /// Look for fresh evidence of progress.
    Inspect(AttemptId),
    /// Tell the keeper the new hard deadline.
    Extend {
        /// The attempt.
        attempt: AttemptId,
        /// The deadline.
        hard_at: Timestamp,
    },
    /// Send characters to the agent.
    Input {
        /// The attempt.
        attempt: AttemptId,
        /// The characters.
        text: String,
    },
    /// Save the worktree as this attempt left it.
    Save(AttemptId),
    /// Run the check on what this attempt left.
    Check(AttemptId),
    /// End a running check.
    CancelCheck(AttemptId),
    /// Let the keepers of all attempts up to this one go: their ends are in the journal.
    Release(AttemptId),
    /// Tell people.
    Notice(Notice),
}
