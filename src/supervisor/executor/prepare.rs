//! Making the worktree.

use std::sync::Arc;

use super::{Context, blocking};
use crate::core::{AttemptId, Event, WorkstreamId};
use crate::worktree::{self, PrepareSpec};

pub(super) async fn prepare(context: Context, id: WorkstreamId, attempt: AttemptId) {
    let plan = context.plan();
    let project = Arc::clone(&context.project);
    let of = id.clone();
    let done = blocking(move || {
        let spec = PrepareSpec {
            id: &of,
            base: plan.base.as_deref(),
            worktrees: &plan.worktrees,
            copy: &plan.copy,
        };
        worktree::prepare(&project, &spec).map_err(|error| error.to_string())
    });
    let event = match done.await.and_then(|place| place) {
        Ok(place) => Event::Prepared {
            attempt,
            worktree: place.worktree.display().to_string(),
            branch: place.branch,
        },
        Err(error) => Event::NotPrepared { attempt, error },
    };
    context.report(&id, event);
}
