//! The checkpoint after an attempt.

use std::path::PathBuf;

use super::{Context, blocking};
use crate::core::notice::Severity;
use crate::core::verdict::DiffSize;
use crate::core::{AttemptId, Event, Workstream};
use crate::worktree::Worktree;

/// Names the checkpoint that is made after an attempt.
pub(super) fn after(attempt: AttemptId) -> String {
    format!("{attempt}-after")
}

/// Names the checkpoint that is made before an attempt.
pub(super) fn before(attempt: AttemptId) -> String {
    format!("{attempt}-before")
}

pub(super) async fn save(context: Context, state: Workstream, attempt: AttemptId) {
    let id = state.definition.id.clone();
    let Some(place) = &state.place else {
        let error = Some("its worktree is not known".to_owned());
        context.report(&id, Event::Saved { attempt, diff: None, error });
        return;
    };
    let path = PathBuf::from(&place.worktree);
    let name = after(attempt);
    let of = id.clone();
    let told = context.clone();
    let saved = blocking(move || -> (Option<DiffSize>, Option<String>) {
        let worktree = match Worktree::open(&path, &of) {
            Ok(worktree) => worktree,
            Err(error) => return (None, Some(error.to_string())),
        };
        let error = match worktree.checkpoint(&name) {
            Ok(checkpoint) => {
                for file in &checkpoint.left_out {
                    let text = format!("{} is not in the checkpoint", file.display());
                    told.tell(&of, Severity::Warning, text);
                }
                None
            }
            Err(error) => Some(error.to_string()),
        };
        match worktree.base().and_then(|base| worktree.diff_size(&base)) {
            Ok(diff) => (Some(diff), error),
            Err(unread) => (None, Some(error.unwrap_or_else(|| unread.to_string()))),
        }
    });
    let (diff, error) = saved.await.unwrap_or_else(|error| (None, Some(error)));
    context.report(&id, Event::Saved { attempt, diff, error });
}
