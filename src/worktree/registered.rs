//! The worktrees that a repository knows of.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::WorktreeError;
use super::git::Git;
use super::names::{BRANCHES, MARK};

/// A worktree that a repository knows of.
#[derive(Debug, Default)]
pub(super) struct Registered {
    /// Where it is, or was.
    pub path: PathBuf,
    /// What is checked out, as a full ref; none if no branch is.
    pub branch: Option<String>,
    /// Why it is locked; none if it is not.
    pub locked: Option<String>,
    /// Whether it is the repository itself, without files.
    pub bare: bool,
}

/// Returns the worktrees that a repository knows of, the main one first.
pub(super) fn registered(dir: &Path) -> Result<Vec<Registered>, WorktreeError> {
    let output = Git::new(dir, ["worktree", "list", "--porcelain"]).run()?;
    let mut found = Vec::<Registered>::new();
    for line in output.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        if word == "worktree" {
            found.push(Registered { path: rest.into(), ..Registered::default() });
        } else if let Some(last) = found.last_mut() {
            match word {
                "branch" => last.branch = Some(rest.to_owned()),
                "locked" => last.locked = Some(rest.to_owned()),
                "bare" => last.bare = true,
                _ => {}
            }
        }
    }
    Ok(found)
}

impl Registered {
    /// Whether its directory is there.
    pub fn exists(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }

    /// Whether git was ended while it was making it.
    pub fn half_made(&self) -> bool {
        self.locked.as_deref() == Some("initializing")
    }

    /// Returns the workstream that it belongs to: by our mark, or by its branch.
    pub fn workstream(&self) -> Option<String> {
        let by_branch = self.branch.as_deref().and_then(|name| name.strip_prefix(BRANCHES));
        mark(&self.path).or_else(|| by_branch.map(str::to_owned))
    }
}

/// Returns the private git directory of the checkout at `path`; none if there is no checkout.
pub(super) fn git_dir(path: &Path) -> Option<PathBuf> {
    let link = path.join(".git");
    if link.is_dir() {
        return Some(link);
    }
    let text = fs::read_to_string(link).ok()?;
    let target = text.strip_prefix("gitdir:")?.trim();
    let dir = path.join(target);
    dir.is_dir().then_some(dir)
}

/// Returns the workstream that made the worktree at `path`; none if none did.
pub(super) fn mark(path: &Path) -> Option<String> {
    let text = fs::read_to_string(git_dir(path)?.join(MARK)).ok()?;
    Some(text.trim().to_owned())
}

/// Returns the git directory that all worktrees share, given the private one of any.
pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
    match fs::read_to_string(git_dir.join("commondir")) {
        Ok(text) => git_dir.join(text.trim()),
        Err(_) => git_dir.to_owned(),
    }
}
