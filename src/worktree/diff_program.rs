//! Comparing with the `git` program: a snapshot whose objects are thrown away afterwards, against a commit.

use std::collections::HashMap;
use std::path::PathBuf;

use super::diff::{Change, ChangedFile, Patch};
use super::error::WorktreeError;
use super::git::Git;
use super::snapshot::{Objects, Snapshot, Untracked, path_of};
use super::tree::Worktree;

/// So much is read of a patch, in bytes, since very long lines are cut after that.
const READ: u64 = 16 << 20;

/// Returns the files that have changed since `base`.
pub(super) fn changed_files(
    worktree: &Worktree,
    base: &str,
) -> Result<Vec<ChangedFile>, WorktreeError> {
    let snapshot = Snapshot::take(worktree, Untracked::UpToLarge, Objects::Scratch)?;
    let git = compare(&snapshot, &["--raw", "--numstat", "-z"], base);
    let output = git.run()?;
    let mut fields = output.fields();
    let mut changes = HashMap::<PathBuf, Change>::new();
    let mut files = Vec::new();
    while let Some(field) = fields.next() {
        if field.starts_with(b":") {
            let status = field.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            let Some(path) = fields.next().map(path_of) else { break };
            let (path, change) = match status.first() {
                Some(b'A') => (path, Change::Added),
                Some(b'D') => (path, Change::Deleted),
                Some(b'R') => {
                    let Some(new) = fields.next().map(path_of) else { break };
                    (new, Change::Renamed(path))
                }
                _ => (path, Change::Modified),
            };
            changes.insert(path, change);
        } else {
            let mut columns = field.splitn(3, |byte| *byte == b'\t');
            let (added, removed) = (lines(columns.next()), lines(columns.next()));
            let mut path = columns.next().unwrap_or_default();
            if path.is_empty() {
                // A rename: the old and the new name follow.
                path = fields.nth(1).unwrap_or_default();
            }
            let path = path_of(path);
            let change = changes.remove(&path).unwrap_or(Change::Modified);
            files.push(ChangedFile { path, change, added, removed });
        }
    }
    Ok(files)
}

/// Returns the unified patch since `base`, or the lines of it that fit into `limit` bytes.
pub(super) fn patch(worktree: &Worktree, base: &str, limit: usize) -> Result<Patch, WorktreeError> {
    let snapshot = Snapshot::take(worktree, Untracked::UpToLarge, Objects::Scratch)?;
    let git = compare(&snapshot, &["--patch", "--no-ext-diff", "--no-textconv"], base);
    cut(git, limit)
}

/// Returns the unified patch from one commit to another, or the lines of it that fit into `limit` bytes.
pub(super) fn between(
    worktree: &Worktree,
    (from, to): (&str, &str),
    limit: usize,
) -> Result<Patch, WorktreeError> {
    let form = ["diff-tree", "-r", "--find-renames", "--patch", "--no-ext-diff", "--no-textconv"];
    cut(worktree.git(form).arg(from).arg(to), limit)
}

fn cut(git: Git, limit: usize) -> Result<Patch, WorktreeError> {
    let output = git.at_most(READ.max(limit as u64)).run()?;
    let mut patch = Patch { bytes: Vec::new(), cut: false };
    let lines = output.stdout.split_inclusive(|byte| *byte == b'\n');
    lines.for_each(|line| patch.add(line, limit));
    patch.cut |= output.cut;
    Ok(patch)
}

fn compare(snapshot: &Snapshot<'_>, form: &[&str], base: &str) -> Git {
    let mut git = snapshot.git(["diff-tree", "-r", "--find-renames"]);
    for option in form {
        git = git.arg(option);
    }
    git.arg(base).arg(&snapshot.tree)
}

fn lines(column: Option<&[u8]>) -> u32 {
    let text = column.and_then(|digits| std::str::from_utf8(digits).ok());
    // Binary files have a dash instead of a number.
    text.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
