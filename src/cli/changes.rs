//! What has changed in a worktree, as the screen shows it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::core::WorkstreamId;
use crate::tui::state::{Compared, Point};
use crate::worktree::Worktree;
use crate::worktree::checkpoint::{after, before};

/// A patch is read no further, in bytes.
const LIMIT: usize = 2 << 20;

/// Returns the unified patch; the error is a sentence for the operator. It may take long.
pub fn read(path: &Path, id: &WorkstreamId, compared: Compared) -> Result<String, String> {
    let words = |error: crate::worktree::WorktreeError| error.to_string();
    let worktree = Worktree::open(path, id).map_err(words)?;
    let (from, to) = match compared {
        Compared::Whole => (Point::Base, Point::Now),
        Compared::Attempt(attempt) => (Point::Before(attempt), Point::After(attempt)),
        Compared::Between(from, to) => (from, to),
    };
    let saved: BTreeMap<String, String> =
        worktree.checkpoints().map_err(words)?.into_iter().collect();
    let commit = |point: Point| match point {
        Point::Base => worktree.base().map(Some).map_err(words),
        Point::Before(attempt) => Ok(saved.get(&before(attempt)).cloned()),
        Point::After(attempt) => Ok(saved.get(&after(attempt)).cloned()),
        Point::Now => Ok(None),
    };
    let Some(begin) = commit(from)? else {
        return Err(format!("there is no checkpoint of {from}, so nobody can tell what changed"));
    };
    match commit(to)? {
        Some(end) => worktree.diff_between(&begin, &end, LIMIT),
        // It is at work, or its end could not be saved.
        None if to == Point::Now || matches!(compared, Compared::Attempt(_)) => {
            worktree.diff_text(&begin, LIMIT)
        }
        None => {
            return Err(format!("there is no checkpoint of {to}, so nobody can tell what changed"));
        }
    }
    .map_err(words)
}
