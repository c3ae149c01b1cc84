//! Going on while git packs the repository or cleans it up at the same time.

use super::error::WorktreeError;

/// So often something is tried that a repository being packed gets in the way of.
const TRIES: usize = 12;

/// What git says when an object, or the directory for one, that was there a moment ago is not there now.
const OBJECTS: [&str; 4] =
    ["unable to create temporary file", "bad object", "invalid object", "not a valid object"];

/// Tries once more, and again, what a repository that was being packed has got in the way of.
///
/// # Errors
/// What `once` says: at the last of twelve tries, or at the first where packing cannot be why.
pub(super) fn despite_packing<T>(
    mut once: impl FnMut() -> Result<T, WorktreeError>,
) -> Result<T, WorktreeError> {
    let mut done = once();
    for _ in 1..TRIES {
        match &done {
            Err(error) if is_of_packing(error) => done = once(),
            _other => break,
        }
    }
    done
}

fn is_of_packing(error: &WorktreeError) -> bool {
    let WorktreeError::Git { stderr, .. } = error else { return false };
    OBJECTS.iter().any(|words| stderr.contains(words)) || is_of_pruning(stderr)
}

/// What git says of a worktree that is being added: it removes one that has no files yet, and cannot read one of which it
/// has written a half.
fn is_of_pruning(stderr: &str) -> bool {
    let is_gone = stderr.contains("/worktrees") && stderr.contains("No such file or directory");
    is_gone || stderr.contains("/commondir: ")
}
