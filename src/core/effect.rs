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
    /// Ask the agent of this tier ahead whether it can work.
    Warm(usize),
    /// Save the worktree, put it into the state that the launch starts from, and start the agent.
    Spawn {
        /// The attempt.
        launch: Launch,
        /// How long it may run before its keeper ends it by itself.
        hard: Duration,
    },
    /// Follow an attempt that is there already. One that never began, and so never will, is reported as not started.
    Watch(AttemptId),
    /// End the agent's process tree: TERM, and KILL after the grace. One that has not begun must not begin any more.
    /// Where the keeper is gone, its owner does it.
    Stop {
        /// The attempt.
        attempt: AttemptId,
        /// The time between the two.
        grace: Duration,
    },
    /// End the agent's process tree at once. An attempt that has not begun must not begin any more: that is reported as
    /// not started as soon as it is certain.
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
    /// End a check, whoever began it: TERM, grace, KILL, and at once when asked again. Its end is reported as any check's
    /// is; one that had not begun must not begin any more and is reported as not run.
    CancelCheck(AttemptId),
    /// Let the keepers of all attempts up to this one go: their ends are in the journal.
    Release(AttemptId),
    /// Tell people.
    Notice(Notice),
}
