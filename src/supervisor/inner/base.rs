//! What a supervisor within an attempt starts from: the best that there is.

use super::Call;
use crate::agents::api::failure::Failure;
use crate::core::phase::{ChosenBy, Launch, StartFrom};
use crate::core::{AttemptId, AttemptOutcome, FailureClass, Workstream};

/// What a supervisor within an attempt starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The commit of a checkpoint.
    pub commit: String,
    /// Whose work that is, in a sentence.
    pub words: String,
}

/// Chooses the checkpoint to start from, and makes one of the worktree as it is.
pub fn choose(call: &Call) -> Result<Base, Failure> {
    let lost = |error: crate::worktree::WorktreeError| {
        Failure::new(FailureClass::WorktreeLost, error.to_string())
    };
    let now = call.worktree.checkpoint(&format!("{}-start", call.attempt)).map_err(lost)?;
    let known = call.worktree.checkpoints().map_err(lost)?;
    let best = best(&call.state, &call.launch);
    let found = best.and_then(|attempt| {
        let name = format!("{attempt}-after");
        let (_, commit) = known.into_iter().find(|(known, _)| *known == name)?;
        let words = format!(
            "it starts from what attempt {attempt} left, the last one whose work was checked"
        );
        Some(Base { commit, words })
    });
    let as_it_is =
        || Base { commit: now.commit, words: "it starts from the worktree as it is".to_owned() };
    Ok(found.unwrap_or_else(as_it_is))
}

/// Returns the attempt whose work is better than what is there now: the last one that came as far as the check, if others
/// have been at work since, who may have left half of something.
///
/// What the operator or the policy has chosen to start from is not chosen again.
fn best(state: &Workstream, launch: &Launch) -> Option<AttemptId> {
    if launch.from != StartFrom::Current || launch.chosen == ChosenBy::Operator {
        return None;
    }
    let mut ran = state
        .attempts
        .iter()
        .rev()
        .filter(|attempt| attempt.id < launch.attempt && attempt.started.is_some());
    let was_checked = |outcome: &AttemptOutcome| {
        matches!(
            outcome,
            AttemptOutcome::Failed(FailureClass::CheckFailed | FailureClass::CheckTimedOut)
        )
    };
    ran.find(|attempt| was_checked(&attempt.outcome)).map(|attempt| attempt.id)
}
