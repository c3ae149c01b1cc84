//! The worktrees that a repository knows of.

use std::collections::HashMap;
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
    /// The id of the commit that is checked out.
    pub head: Option<String>,
    /// Whether it is the repository itself, without files.
    pub bare: bool,
    /// The workstream that has marked it, although its directory may be gone.
    marked: Option<String>,
}

/// Returns the worktrees that the repository around `dir` knows of, the main one first.
pub(super) fn registered(dir: &Path, common: &Path) -> Result<Vec<Registered>, WorktreeError> {
    let marks = marks(common);
    let output = Git::new(dir, ["worktree", "list", "--porcelain"]).run()?;
    let mut found = Vec::<Registered>::new();
    for line in output.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        if word == "worktree" {
            let path = PathBuf::from(rest);
            let marked = marks.get(&path).cloned();
            found.push(Registered { path, marked, ..Registered::default() });
        } else if let Some(last) = found.last_mut() {
            match word {
                "branch" => last.branch = Some(rest.to_owned()),
                "locked" => last.locked = Some(rest.to_owned()),
                "HEAD" => last.head = Some(rest.to_owned()),
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

    /// Whether git was ended before it had noted what to check out.
    pub fn unborn(&self) -> bool {
        let none = |head: &str| head.bytes().all(|byte| byte == b'0');
        self.half_made() && self.branch.is_none() && self.head.as_deref().is_none_or(none)
    }

    /// Returns the workstream that it belongs to: by our mark, or by its branch.
    pub fn workstream(&self) -> Option<String> {
        let by_branch = self.branch.as_deref().and_then(|name| name.strip_prefix(BRANCHES));
        self.marked.clone().or_else(|| by_branch.map(str::to_owned))
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
    mark_in(&git_dir(path)?)
}

fn mark_in(git_dir: &Path) -> Option<String> {
    let text = fs::read_to_string(git_dir.join(MARK)).ok()?;
    // Empty where who wrote it was killed before it had.
    Some(text.trim().to_owned()).filter(|mark| !mark.is_empty())
}

/// Returns the marks of all worktrees by their paths, also of those whose directories or links are gone.
fn marks(common: &Path) -> HashMap<PathBuf, String> {
    let Ok(entries) = fs::read_dir(common.join("worktrees")) else { return HashMap::new() };
    let marked = entries.flatten().filter_map(|entry| {
        let git_dir = entry.path();
        let back = fs::read_to_string(git_dir.join("gitdir")).ok()?;
        let link = git_dir.join(back.trim_end_matches('\n'));
        let parent = link.parent()?;
        // Relative links have `..` in them; those of git's own listing do not.
        let path = parent.canonicalize().unwrap_or_else(|_| parent.to_owned());
        Some((path, mark_in(&git_dir)?))
    });
    marked.collect()
}

/// Returns the git directory that all worktrees share, given the private one of any.
pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
    match fs::read_to_string(git_dir.join("commondir")) {
        Ok(text) => git_dir.join(text.trim()),
        Err(_) => git_dir.to_owned(),
    }
}
