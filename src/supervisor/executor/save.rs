//! The checkpoint after an attempt.

use std::path::PathBuf;

use super::{Context, blocking};
use crate::core::verdict::DiffSize;
use crate::core::{AttemptId, Event, Workstream, WorkstreamId};
use crate::worktree;

/// Names the checkpoint that is made after an attempt.
pub(super) fn after(id: &WorkstreamId, attempt: AttemptId) -> String {
    format!("refs/ostler/{id}/{attempt}-after")
}

/// Names the checkpoint that is made before an attempt.
pub(super) fn before(id: &WorkstreamId, attempt: AttemptId) -> String {
    format!("refs/ostler/{id}/{attempt}-before")
}

pub(super) async fn save(context: Context, state: Workstream, attempt: AttemptId) {
    let id = state.definition.id.clone();
    let Some(place) = &state.place else {
        let error = Some("its worktree is not known".to_owned());
        context.report(&id, Event::Saved { attempt, diff: None, error });
        return;
    };
    let path = PathBuf::from(&place.worktree);
    let name = after(&id, attempt);
    let of = id.clone();
    let saved = blocking(move || -> (Option<DiffSize>, Option<String>) {
        let error = worktree::checkpoint(&path, &name).err().map(|error| error.to_string());
        match worktree::base(&path, &of).and_then(|base| worktree::diff_size(&path, &base)) {
            Ok(diff) => (Some(diff), error),
            Err(unread) => (None, Some(error.unwrap_or_else(|| unread.to_string()))),
        }
    });
    let (diff, error) = saved.await.unwrap_or_else(|error| (None, Some(error)));
    context.report(&id, Event::Saved { attempt, diff, error });
}
