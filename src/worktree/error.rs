//! What can go wrong with repositories and worktrees, in words for people.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::names::nearest;

/// What went wrong with a repository or a worktree.
#[derive(Debug, Error)]
pub enum WorktreeError {
    /// There is no repository.
    #[error(
        "{} is not inside a git repository: go to one, or make one with `git init` and a first commit",
        dir.display()
    )]
    NotARepository {
        /// Where one was looked for.
        dir: PathBuf,
    },
    /// There is a repository, but no files of it.
    #[error(
        "{} is a bare repository or the inside of one, which has no files to work on: go to a checkout of it, \
         or make one with `git worktree add`",
        dir.display()
    )]
    Bare {
        /// Where a checkout was looked for.
        dir: PathBuf,
    },
    /// There is nothing to start from.
    #[error(
        "{} has no commit yet, so there is nothing to start from: make one with `git commit` (`git commit --allow-empty -m start` \
         where there are no files yet)",
        root.display()
    )]
    NoCommit {
        /// The repository.
        root: PathBuf,
    },
    /// The base names nothing.
    #[error(
        "the base `{base}` is no branch, tag or commit in {}{}",
        root.display(),
        suggestion(nearest.as_deref()).unwrap_or_else(|| ": set `base` to one that is".to_owned())
    )]
    NoBase {
        /// What was asked for.
        base: String,
        /// The repository.
        root: PathBuf,
        /// The name that is most like it.
        nearest: Option<String>,
    },
    /// Worktrees do not nest.
    #[error(
        "{} is inside {}, the worktree of the workstream {id}: go to the main checkout of the repository",
        dir.display(),
        worktree.display()
    )]
    InsideWorktree {
        /// Where it was tried.
        dir: PathBuf,
        /// The worktree around it.
        worktree: PathBuf,
        /// The workstream that it belongs to.
        id: String,
    },
    /// The `git` program is not there.
    #[error("the program `git` was not found: install it, or put its directory on PATH")]
    GitMissing,
    /// The repository belongs to somebody else.
    #[error(
        "git does not trust {}, because it belongs to another user: if you trust it, run \
         `git config --global --add safe.directory {}`",
        dir.display(),
        dir.display()
    )]
    Dubious {
        /// The repository.
        dir: PathBuf,
    },
    /// A workstream's name or a checkpoint's name cannot be part of a branch or ref.
    #[error("`{name}` cannot be a name: {why}")]
    BadName {
        /// The name.
        name: String,
        /// What to do instead.
        why: &'static str,
    },
    /// A branch has the name that all our branches begin with.
    #[error(
        "the branch `ostler` in {} stands in the way of branches named `ostler/…`: rename it with \
         `git branch -m ostler other-name`",
        root.display()
    )]
    BranchInTheWay {
        /// The repository.
        root: PathBuf,
    },
    /// Worktrees cannot be made in this directory.
    #[error(
        "worktrees cannot be made in {}, which {why}: set `worktrees` to a directory of its own",
        dir.display()
    )]
    BadPlace {
        /// The directory.
        dir: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Something is where the worktree should be.
    #[error("{} is {what}, and was left as it is: move it away, or set `worktrees` to another directory", path.display())]
    Occupied {
        /// Where the worktree should be.
        path: PathBuf,
        /// What is there.
        what: String,
    },
    /// The branch is checked out elsewhere.
    #[error(
        "the branch `{branch}` is checked out in {}: check out another branch there, or remove that worktree with \
         `git worktree remove`",
        path.display()
    )]
    BranchElsewhere {
        /// The branch.
        branch: String,
        /// Where it is checked out.
        path: PathBuf,
    },
    /// A path that is to be copied is not inside the repository.
    #[error("`{}` cannot be copied into worktrees: give a path inside of the repository, without `..`", path.display())]
    BadCopy {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The worktree is gone or cannot be read.
    #[error("the worktree {} is lost ({why}): retry to make it again from its branch", path.display())]
    Lost {
        /// The worktree.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no such checkpoint.
    #[error("there is no checkpoint `{name}` of {id}{}", known(name, names))]
    NoCheckpoint {
        /// What was asked for.
        name: String,
        /// The workstream.
        id: String,
        /// Those that there are.
        names: Vec<String>,
    },
    /// Restoring would overwrite what a checkpoint cannot hold.
    #[error(
        "{} cannot be kept in a checkpoint and stands in the way of `{target}`, so nothing was changed: move it away and \
         try again",
        path.display()
    )]
    InTheWay {
        /// What stands in the way.
        path: PathBuf,
        /// What was to be restored.
        target: String,
    },
    /// The files are not those that were brought.
    #[error(
        "{} is not as it should be after files were brought into it: what was there is the checkpoint {rescue}",
        path.display()
    )]
    NotBrought {
        /// The worktree.
        path: PathBuf,
        /// The checkpoint of what was there.
        rescue: String,
    },
    /// Ostler did not make this worktree.
    #[error("{} was not removed, because {why}", path.display())]
    NotOurs {
        /// The worktree.
        path: PathBuf,
        /// What speaks against it, and what to do.
        why: String,
    },
    /// Processes work in the worktree.
    #[error("{} was not removed, because {} in it: end {} first", path.display(), running(pids), pronoun(pids))]
    InUse {
        /// The worktree.
        path: PathBuf,
        /// The processes.
        pids: Vec<u32>,
    },
    /// Removing would lose what a checkpoint cannot hold.
    #[error(
        "{} was not removed, because {} cannot be kept in a checkpoint: move it away or delete it first",
        path.display(),
        lost.display()
    )]
    NotSaved {
        /// The worktree.
        path: PathBuf,
        /// What would be lost.
        lost: PathBuf,
    },
    /// Another process adds or removes worktrees for too long.
    #[error(
        "another process has held {} for {} s: it is adding or removing a worktree; if none is, end the process that \
         `fuser` names",
        path.display(),
        waited.as_secs()
    )]
    Busy {
        /// The lock.
        path: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A git command failed.
    #[error("`git {command}` failed in {} ({how}): {stderr}", dir.display())]
    Git {
        /// The command without its options for safety.
        command: String,
        /// Where it ran.
        dir: PathBuf,
        /// How it ended.
        how: String,
        /// What it said, cut.
        stderr: String,
    },
    /// A git command took too long and was ended.
    #[error(
        "`git {command}` in {} was ended after {} s: see whether the disk answers, and try again",
        dir.display(),
        limit.as_secs()
    )]
    TimedOut {
        /// The command without its options for safety.
        command: String,
        /// Where it ran.
        dir: PathBuf,
        /// How long it had.
        limit: Duration,
    },
    /// Libgit2 could not read the repository.
    #[error("{} could not be read as a repository: {source}", dir.display())]
    Library {
        /// The repository.
        dir: PathBuf,
        /// What libgit2 says.
        source: git2::Error,
    },
    /// A file or directory could not be used.
    #[error("{} could not be {doing}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was tried, as a participle.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

impl WorktreeError {
    /// Makes the mapping from what the system says to an error about `path`.
    pub(super) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, doing, source }
    }
}

fn suggestion(nearest: Option<&str>) -> Option<String> {
    nearest.map(|name| format!(": did you mean `{name}`?"))
}

fn known(wanted: &str, names: &[String]) -> String {
    let nearest = nearest(wanted, names.iter().map(String::as_str));
    suggestion(nearest.as_deref()).unwrap_or_else(|| match names {
        [] => ", which has none yet".to_owned(),
        names => format!(": it has {}", names.join(", ")),
    })
}

fn running(pids: &[u32]) -> String {
    let list = pids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    if pids.len() == 1 { format!("process {list} works") } else { format!("processes {list} work") }
}

fn pronoun(pids: &[u32]) -> &'static str {
    if pids.len() == 1 { "it" } else { "them" }
}
