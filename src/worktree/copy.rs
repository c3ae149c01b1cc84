//! Untracked files that new worktrees get from the main one.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use super::error::WorktreeError;

/// Copies the listed files and directories, each only if there is nothing at its place; returns those that do not exist.
///
/// Symlinks are copied as such. Nothing is written outside of `to`, also not through a symlink that is checked out there.
pub(super) fn copy(
    from: &Path,
    to: &Path,
    paths: &[PathBuf],
) -> Result<Vec<PathBuf>, WorktreeError> {
    let mut missing = Vec::new();
    for path in paths {
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.as_os_str().is_empty() || path.starts_with(".git") {
            return Err(WorktreeError::BadCopy { path: path.clone() });
        }
        let (source, target) = (from.join(path), to.join(path));
        if !is_there(&source) {
            missing.push(path.clone());
        } else if !is_there(&target) {
            make_parent(to, &target, path)?;
            copy_one(&source, &target).map_err(WorktreeError::io("copied", source))?;
        }
    }
    Ok(missing)
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn make_parent(to: &Path, target: &Path, path: &Path) -> Result<(), WorktreeError> {
    let Some(parent) = target.parent() else { return Ok(()) };
    // The deepest directory that is there decides where new ones would be made.
    let deepest = parent.ancestors().find(|above| is_there(above)).unwrap_or(to);
    let leaves = |error| WorktreeError::io("entered", deepest)(error);
    let real = deepest.canonicalize().map_err(leaves)?;
    if !real.starts_with(to.canonicalize().map_err(leaves)?) {
        return Err(WorktreeError::BadCopy { path: path.to_owned() });
    }
    fs::create_dir_all(parent).map_err(WorktreeError::io("made", parent))
}

fn copy_one(source: &Path, target: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(source)?.file_type();
    if kind.is_symlink() {
        return symlink(fs::read_link(source)?, target);
    }
    if kind.is_dir() {
        fs::create_dir(target)?;
        for entry in fs::read_dir(source)? {
            let entry = entry?;
            copy_one(&entry.path(), &target.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if kind.is_file() {
        fs::copy(source, target)?;
    }
    Ok(())
}
