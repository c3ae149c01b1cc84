//! Which conversation an attempt goes on with.

use crate::config::plan::Agent;
use crate::core::phase::{Launch, StartFrom};
use crate::core::policy::RetryMode;
use crate::core::{Attempt, AttemptOutcome, FailureClass, Workstream};

/// Returns the conversation that an attempt goes on with; none if it begins one.
///
/// That is the conversation of the last attempt that ran, if the same agent had it and left the worktree as it is now,
/// and if another try can help it.
pub fn resumed<'a>(agent: &Agent, state: &'a Workstream, launch: &Launch) -> Option<&'a str> {
    let goes_on = match launch.mode {
        RetryMode::Plain | RetryMode::Feedback => launch.from == StartFrom::Current,
        // What it is told or finds is another beginning.
        RetryMode::Clean | RetryMode::Simpler | RetryMode::Compact(_) | RetryMode::Take => false,
    };
    if agent.resume.is_empty() || !goes_on {
        return None;
    }
    let before = state.attempts.iter().rev().filter(|attempt| attempt.id < launch.attempt);
    let last = before.into_iter().find(|attempt| attempt.started.is_some())?;
    let is_same = last.agent == agent.name && last.tier == launch.tier;
    // One that never came to speak of a conversation may have been refused the one it was to go on with.
    last.account.session.as_deref().filter(|_| is_same && can_go_on(last))
}

fn can_go_on(attempt: &Attempt) -> bool {
    match attempt.outcome {
        AttemptOutcome::Open | AttemptOutcome::Skipped => false,
        AttemptOutcome::Stopped | AttemptOutcome::Succeeded => true,
        AttemptOutcome::Failed(class) => !matches!(
            class,
            FailureClass::ContextOverflow
                | FailureClass::Refusal
                | FailureClass::Config
                | FailureClass::SpawnFailed
                | FailureClass::ProbeFailed
                | FailureClass::WorktreeLost
                | FailureClass::Lost
        ),
    }
}
