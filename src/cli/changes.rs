//! What has changed in a worktree, as the screen shows it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::core::WorkstreamId;
use crate::tui::state::Compared;
use crate::worktree::Worktree;
use crate::worktree::checkpoint::{after, before};

/// A patch is read no further, in bytes.
const LIMIT: usize = 2 << 20;

/// Returns the unified patch; the error is a sentence for the operator. It may take long.
pub fn read(path: &Path, id: &WorkstreamId, compared: Compared) -> Result<String, String> {
    let words = |error: crate::worktree::WorktreeError| error.to_string();
    let worktree = Worktree::open(path, id).map_err(words)?;
    let attempt = match compared {
        Compared::Whole => {
            let base = worktree.base().map_err(words)?;
            return worktree.diff_text(&base, LIMIT).map_err(words);
        }
        Compared::Attempt(attempt) => attempt,
    };
    let saved: BTreeMap<String, String> =
        worktree.checkpoints().map_err(words)?.into_iter().collect();
    let (from, to) = (saved.get(&before(attempt)), saved.get(&after(attempt)));
    let Some(from) = from else {
        return Err(format!(
            "there is no checkpoint of what attempt {attempt} found, so nobody can tell what it changed"
        ));
    };
    match to {
        Some(to) => worktree.diff_between(from, to, LIMIT),
        // It is at work, or its end could not be saved.
        None => worktree.diff_text(from, LIMIT),
    }
    .map_err(words)
}
