//! The files that git knows in a worktree.

use std::collections::BTreeSet;
use std::path::Path;

use super::relative_path::RelativePath;

/// The most files that are listed.
const MOST: usize = 20_000;

/// Returns the tracked files, sorted; none if git's books cannot be read.
///
/// What git does not know (`.env`, build output) is never shown to a model unless it was declared.
pub fn tracked(worktree: &Path) -> BTreeSet<RelativePath> {
    let index = git2::Repository::open(worktree).and_then(|repository| repository.index());
    let Ok(index) = index else { return BTreeSet::new() };
    let entries = index.iter().take(MOST);
    let paths = entries.filter_map(|entry| String::from_utf8(entry.path).ok());
    paths.filter_map(|path| RelativePath::new(&path).ok()).collect()
}
