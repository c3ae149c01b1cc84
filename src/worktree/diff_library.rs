//! Comparing in this process, with libgit2; nothing is written and nothing started.
//!
//! Every function returns none where libgit2 cannot tell what git would, so that git is asked instead.

use std::fs;
use std::path::Path;

use git2::{Delta, Diff, DiffDelta, DiffFormat, DiffOptions, Oid, Repository};

use super::diff::{BY_LINES_UP_TO, Change, ChangedFile, Patch};
use super::reader::library;

/// Returns the files that have changed since `base`.
pub(super) fn changed_files(worktree: &Path, base: &str) -> Option<Vec<ChangedFile>> {
    let repository = open(worktree)?;
    let diff = compare(&repository, worktree, base)?;
    let mut files = Vec::new();
    for (number, delta) in diff.deltas().enumerate() {
        if is_repository(&delta) {
            continue;
        }
        let patch = git2::Patch::from_diff(&diff, number).ok()?;
        let (_, added, removed) = match patch {
            Some(patch) => patch.line_stats().ok()?,
            None => (0, 0, 0),
        };
        files.push(changed(&delta, added, removed)?);
    }
    Some(files)
}

/// Returns the unified patch since `base`, or the lines of it that fit into `limit` bytes.
pub(super) fn patch(worktree: &Path, base: &str, limit: usize) -> Option<Patch> {
    let repository = open(worktree)?;
    let diff = compare(&repository, worktree, base)?;
    let mut patch = Patch { bytes: Vec::new(), cut: false };
    let printed = diff.print(DiffFormat::Patch, |delta, _, line| {
        if is_repository(&delta) {
            return true;
        }
        // Lines of files have their sign apart; a file's header comes as several lines at once.
        if matches!(line.origin(), '+' | '-' | ' ') {
            let line = [&[line.origin() as u8], line.content()].concat();
            patch.add(&line, limit);
        } else {
            line.content()
                .split_inclusive(|byte| *byte == b'\n')
                .for_each(|line| patch.add(line, limit));
        }
        !patch.cut
    });
    // Stopping early is an error to libgit2.
    (printed.is_ok() || patch.cut).then_some(patch)
}

fn open(worktree: &Path) -> Option<Repository> {
    let repository = library(worktree)?;
    let attributes =
        [worktree.join(".gitattributes"), repository.commondir().join("info").join("attributes")];
    // Libgit2 does not run filters such as that of git-lfs, so to it all such files would be changed.
    let filtered = attributes
        .iter()
        .any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains("filter=")));
    (!filtered).then_some(repository)
}

fn compare<'a>(repository: &'a Repository, worktree: &Path, base: &str) -> Option<Diff<'a>> {
    let tree = repository.find_commit(Oid::from_str(base).ok()?).ok()?.tree().ok()?;
    let mut options = DiffOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .show_untracked_content(true)
        .old_prefix("a")
        .new_prefix("b")
        .max_size(i64::from(BY_LINES_UP_TO));
    let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options));
    let diff = diff.ok()?;
    let (mut gone, mut new) = (false, false);
    for delta in diff.deltas().filter(|delta| !is_repository(delta)) {
        match delta.status() {
            Delta::Added | Delta::Untracked => new = true,
            Delta::Deleted => {
                gone = true;
                // A file that left the index but is there (`git rm --cached`) would be told as deleted.
                if fs::symlink_metadata(worktree.join(delta.old_file().path()?)).is_ok() {
                    return None;
                }
            }
            _ => {}
        }
    }
    // Where files may have been renamed, git's opinion on what is similar counts.
    (!(gone && new)).then_some(diff)
}

/// Whether it is a repository of its own inside of the worktree, which git does not look into.
fn is_repository(delta: &DiffDelta<'_>) -> bool {
    delta.new_file().path_bytes().is_some_and(|path| path.ends_with(b"/"))
}

fn changed(delta: &DiffDelta<'_>, added: usize, removed: usize) -> Option<ChangedFile> {
    let (old, new) = (delta.old_file().path(), delta.new_file().path());
    let change = match delta.status() {
        Delta::Added | Delta::Untracked => Change::Added,
        Delta::Deleted => Change::Deleted,
        _ => Change::Modified,
    };
    let path = if change == Change::Deleted { old? } else { new? };
    let lines = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let (added, removed) = (lines(added), lines(removed));
    Some(ChangedFile { path: path.to_owned(), change, added, removed })
}
