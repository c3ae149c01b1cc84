//! The checkpoint after an attempt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Context, blocking};
use crate::core::lack::Lack;
use crate::core::notice::Severity;
use crate::core::verdict::DiffSize;
use crate::core::{AttemptId, Event, Workstream, WorkstreamId};
use crate::supervisor::inner;
use crate::worktree::Worktree;
pub(super) use crate::worktree::checkpoint::{after, before};

/// What the machine lacks is waited for so long; the rules give up some time later.
const PATIENCE: Duration = Duration::from_secs(80);
/// The time between two tries.
const AGAIN: Duration = Duration::from_secs(1);

/// The size of the change, if it could be read, and what went wrong, if anything.
type Saved = (Option<DiffSize>, Option<String>);

pub(super) async fn save(context: Context, state: Workstream, attempt: AttemptId) {
    let id = state.definition.id.clone();
    let (diff, error) = match &state.place {
        Some(place) => patiently(&context, &id, PathBuf::from(&place.worktree), attempt).await,
        None => (None, Some("its worktree is not known".to_owned())),
    };
    clear_inner(&context, &id, attempt).await;
    context.report(&id, Event::Saved { attempt, diff, error });
}

/// Removes the worktrees of a supervisor within the attempt that did not come to do it itself.
async fn clear_inner(context: &Context, id: &WorkstreamId, attempt: AttemptId) {
    let (project, dir) = (Arc::clone(&context.project), context.dir.attempt(id, attempt));
    let cleared = blocking(move || inner::clear(&project, &dir)).await;
    if let Err(why) = cleared.flatten() {
        context.tell(id, Severity::Warning, why);
    }
}

/// Saves a worktree, again and again while the machine lacks what that takes.
async fn patiently(
    context: &Context,
    id: &WorkstreamId,
    path: PathBuf,
    attempt: AttemptId,
) -> Saved {
    let begun = tokio::time::Instant::now();
    let mut told = None;
    loop {
        let (looked, of, place) = (context.clone(), id.clone(), path.clone());
        let saved = blocking(move || once(&looked, &of, &place, attempt)).await;
        let (diff, error) = saved.unwrap_or_else(|error| (None, Some(error)));
        let Some(lacking) = error.as_ref().filter(|words| Lack::named_in(words).is_some()) else {
            return (diff, error);
        };
        if begun.elapsed() >= PATIENCE {
            return (diff, error);
        }
        if told.as_ref() != Some(lacking) {
            let text = format!("its work cannot be saved yet: {lacking}; it is tried again");
            context.tell(id, Severity::Warning, text);
            told = Some(lacking.clone());
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn once(context: &Context, id: &WorkstreamId, path: &Path, attempt: AttemptId) -> Saved {
    let worktree = match Worktree::open(path, id) {
        Ok(worktree) => worktree,
        Err(error) => return (None, Some(error.to_string())),
    };
    let error = match worktree.checkpoint(&after(attempt)) {
        Ok(checkpoint) => {
            for file in &checkpoint.left_out {
                let text = format!("{} is not in the checkpoint", file.display());
                context.tell(id, Severity::Warning, text);
            }
            None
        }
        Err(error) => Some(error.to_string()),
    };
    match worktree.base().and_then(|base| worktree.diff_size(&base)) {
        Ok(diff) => (Some(diff), error),
        Err(unread) => (None, Some(error.unwrap_or_else(|| unread.to_string()))),
    }
}
