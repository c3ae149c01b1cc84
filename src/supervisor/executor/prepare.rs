//! Making the worktree.

use std::sync::Arc;

use super::{Context, blocking};
use crate::core::notice::Severity;
use crate::core::{AttemptId, Event, WorkstreamId};
use crate::worktree::{self, PrepareSpec, Prepared};

pub(super) async fn prepare(context: Context, id: WorkstreamId, attempt: AttemptId) {
    let plan = context.plan();
    let leaves = plan.workstream(&id).map(|it| plan.leaves(it)).unwrap_or_default();
    let project = Arc::clone(&context.project);
    let of = id.clone();
    let done = blocking(move || {
        let spec = PrepareSpec {
            id: &of,
            base: plan.base.as_deref(),
            worktrees: &plan.worktrees,
            copy: &plan.copy,
            leaves: &leaves,
        };
        worktree::prepare(&project, &spec).map_err(|error| error.to_string())
    });
    let event = match done.await.and_then(|prepared| prepared) {
        Ok(prepared) => {
            tell_oddities(&context, &id, &prepared);
            Event::Prepared {
                attempt,
                worktree: prepared.worktree.display().to_string(),
                branch: prepared.branch,
            }
        }
        Err(error) => Event::NotPrepared { attempt, error },
    };
    context.report(&id, event);
}

fn tell_oddities(context: &Context, id: &WorkstreamId, prepared: &Prepared) {
    for file in &prepared.missing {
        let text =
            format!("{} is to be copied into the worktree, but is not there", file.display());
        context.tell(id, Severity::Warning, text);
    }
    if prepared.strayed {
        let text = format!("its agent has left the branch {}", prepared.branch);
        context.tell(id, Severity::Warning, text);
    }
}
