//! Making the worktree of a workstream, or finding it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::core::WorkstreamId;

use super::checkpoint::next_rescue;
use super::copy::copy;
use super::error::WorktreeError;
use super::exclude::keep_out;
use super::names::{self, LOCK_REASON, MARK};
use super::packing::despite_packing;
use super::project::Project;
use super::registered::{Registered, mark, registered};
use super::tree::{Worktree, repair};
use super::turn::Turn;

/// Which worktree is wanted.
#[derive(Clone, Copy, Debug)]
pub struct PrepareSpec<'a> {
    /// The workstream that it is for.
    pub id: &'a WorkstreamId,
    /// The branch, tag or commit that it starts from; none for what is checked out in the main worktree.
    pub base: Option<&'a str>,
    /// The directory that worktrees are made in; relative to the main worktree if it is not absolute.
    pub worktrees: &'a Path,
    /// Untracked files and directories that are copied from the main worktree if they are absent, relative to it.
    pub copy: &'a [PathBuf],
    /// Git's ignore patterns of files that tools leave in worktrees, and that are no work.
    pub leaves: &'a [String],
}

/// How a worktree came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was made.
    Made,
    /// It was there.
    Adopted,
    /// Its directory was gone; it was made again from its branch.
    Remade,
}

/// A worktree that is ready to be worked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Where it is, absolute.
    pub worktree: PathBuf,
    /// The workstream's branch, such as `ostler/ws-03`.
    pub branch: String,
    /// The id of the commit that the workstream started from.
    pub base: String,
    /// How it came to be there.
    pub how: How,
    /// Files that were to be copied but are not in the main worktree.
    pub missing: Vec<PathBuf>,
    /// Whether something else than the branch is checked out: an agent has left it.
    pub strayed: bool,
}

/// Makes the worktree of a workstream at `<worktrees>/<id>` on the branch `ostler/<id>`, or finds it; doing it again does
/// nothing twice.
///
/// A branch that is there already is taken as it is. Hooks do not run. Safe to call for several workstreams at once, from
/// threads and processes; they take turns, for up to 240 s.
///
/// # Errors
/// `NoBase`, `NoCommit`, `BadName`, `BranchInTheWay`, `BadPlace`, `BadCopy`, `Busy`; `Occupied` and `BranchElsewhere`, which
/// leave everything as it is; what git says otherwise.
pub fn prepare(project: &Project, spec: &PrepareSpec<'_>) -> Result<Prepared, WorktreeError> {
    names::check(spec.id.as_str())?;
    let worktrees = project.root().join(spec.worktrees);
    fs::create_dir_all(&worktrees).map_err(WorktreeError::io("made", &worktrees))?;
    let worktrees = worktrees.canonicalize().map_err(WorktreeError::io("found", &worktrees))?;
    let path = worktrees.join(spec.id.as_str());
    let turn = Turn::take(project.common_dir())?;
    keep_out(project, &worktrees, spec.leaves)?;
    let making = Making { project, spec, path: &path, turn: &turn };
    let how = despite_packing(|| making.make_or_find())?;
    let worktree = Worktree::of(project, &path, spec.id)?;
    if how == How::Adopted {
        worktree.clear_left_behind_locks();
    }
    let base = making.base(&worktree)?;
    making.mark(&worktree)?;
    let missing = copy(project.root(), &path, spec.copy)?;
    let strayed = worktree.reader().branch()? != Some(names::branch_ref(spec.id));
    Ok(Prepared { worktree: path, branch: names::branch(spec.id), base, how, missing, strayed })
}

struct Making<'a> {
    project: &'a Project,
    spec: &'a PrepareSpec<'a>,
    path: &'a Path,
    turn: &'a Turn,
}

impl Making<'_> {
    fn make_or_find(&self) -> Result<How, WorktreeError> {
        let entries = registered(self.project.root(), self.project.common_dir())?;
        let here = entries.iter().find(|entry| self.is_here(entry));
        let mut how = How::Made;
        match here {
            Some(entry) if !self.is_ours(entry) && !entry.unborn() => {
                return Err(self.occupied("kept by git for another branch"));
            }
            // A directory without even a `.git` is as good as none; one with anything in it is not removed by this.
            Some(entry) if !entry.exists() || fs::remove_dir(self.path).is_ok() => {
                self.forget(entry)?;
                how = How::Remade;
            }
            Some(entry) if entry.half_made() => self.undo(entry)?,
            Some(entry) => {
                repair(self.project, &entry.path)?;
                return Ok(How::Adopted);
            }
            None => self.check_free()?,
        }
        if let Some(elsewhere) = self.elsewhere(&entries) {
            if elsewhere.exists() {
                let (branch, path) = (names::branch(self.spec.id), elsewhere.path.clone());
                return Err(WorktreeError::BranchElsewhere { branch, path });
            }
            self.forget(elsewhere)?;
            how = How::Remade;
        }
        self.add()?;
        Ok(how)
    }

    fn is_here(&self, entry: &Registered) -> bool {
        entry.path == self.path || entry.path.canonicalize().is_ok_and(|real| real == self.path)
    }

    fn is_ours(&self, entry: &Registered) -> bool {
        entry.workstream().as_deref() == Some(self.spec.id.as_str())
    }

    fn elsewhere<'e>(&self, entries: &'e [Registered]) -> Option<&'e Registered> {
        let branch = names::branch_ref(self.spec.id);
        let elsewhere =
            |entry: &&Registered| entry.branch.as_ref() == Some(&branch) && !self.is_here(entry);
        entries.iter().find(elsewhere)
    }

    /// Removes what a git that was killed has left, nobody has worked in it yet.
    fn undo(&self, entry: &Registered) -> Result<(), WorktreeError> {
        // Before the directory has a `HEAD`, git takes it for no worktree and does not remove it.
        fs::remove_dir_all(self.path).map_err(WorktreeError::io("removed", self.path))?;
        self.forget(entry)
    }

    /// Drops what git knows of a worktree that is gone or was never finished; branch and commits stay.
    fn forget(&self, entry: &Registered) -> Result<(), WorktreeError> {
        self.keep_head(entry)?;
        if entry.locked.is_some() {
            self.project.git(["worktree", "unlock"]).arg(&entry.path).run()?;
        }
        let git = self.project.git(["worktree", "remove", "--force"]).arg(&entry.path);
        git.holding(self.turn.share()?).run().map(drop)
    }

    /// Keeps commits that are on no branch.
    fn keep_head(&self, entry: &Registered) -> Result<(), WorktreeError> {
        let (None, Some(head)) = (&entry.branch, &entry.head) else { return Ok(()) };
        let reader = self.project.reader();
        if reader.resolve(head)?.is_none() {
            return Ok(());
        }
        let (id, tree) = (self.spec.id, format!("{head}^{{tree}}"));
        let name = next_rescue(&reader, id)?;
        let message = format!("ostler checkpoint {name} of {id}: its worktree was deleted");
        let git = self.project.git(["commit-tree", &tree, "-p", head, "-m", &message]);
        let commit = git.line()?;
        let target = names::checkpoint_ref(id, &name)?;
        self.project.git(["update-ref", &target, &commit]).run().map(drop)
    }

    fn check_free(&self) -> Result<(), WorktreeError> {
        let Ok(there) = fs::symlink_metadata(self.path) else { return Ok(()) };
        if there.is_symlink() {
            return Err(self.occupied("a symlink"));
        }
        if !there.is_dir() {
            return Err(self.occupied("a file"));
        }
        let failed = WorktreeError::io("read", self.path);
        if fs::read_dir(self.path).map_err(failed)?.next().is_none() {
            return Ok(());
        }
        if self.path.join(".git").exists() {
            return Err(self.occupied("a checkout of another repository"));
        }
        Err(self.occupied("a directory with files in it, but no worktree of this repository"))
    }

    fn occupied(&self, what: &str) -> WorktreeError {
        WorktreeError::Occupied { path: self.path.to_owned(), what: what.to_owned() }
    }

    fn add(&self) -> Result<(), WorktreeError> {
        let id = self.spec.id;
        let reader = self.project.reader();
        let git = if reader.resolve(&names::branch_ref(id))?.is_some() {
            self.project.git(["worktree", "add"]).arg(self.path).arg(names::branch(id))
        } else {
            let commit = self.project.resolve(self.spec.base)?;
            if reader.resolve("refs/heads/ostler")?.is_some() {
                return Err(WorktreeError::BranchInTheWay { root: self.project.root().to_owned() });
            }
            self.project.git(["update-ref", &names::base_ref(id), &commit]).run()?;
            let git = self.project.git(["worktree", "add", "--no-track", "-b", &names::branch(id)]);
            git.arg(self.path).arg(commit)
        };
        git.holding(self.turn.share()?).run().map(drop)
    }

    /// Returns the recorded base; records it now if the branch was not made by us.
    fn base(&self, worktree: &Worktree) -> Result<String, WorktreeError> {
        if let Ok(base) = worktree.base() {
            return Ok(base);
        }
        let reader = self.project.reader();
        let branch = self.project.resolve(Some(&names::branch_ref(self.spec.id)))?;
        let wanted = self.project.resolve(self.spec.base)?;
        let base = reader.merge_base(&branch, &wanted)?.unwrap_or(branch);
        self.project.git(["update-ref", &names::base_ref(self.spec.id), &base]).run()?;
        Ok(base)
    }

    /// Marks the worktree as ours and keeps `git worktree prune` from forgetting it.
    fn mark(&self, worktree: &Worktree) -> Result<(), WorktreeError> {
        let id = self.spec.id.as_str();
        if mark(&worktree.path).as_deref() != Some(id) {
            let file = worktree.git_dir.join(MARK);
            fs::write(&file, id).map_err(WorktreeError::io("written", file))?;
        }
        let lock = worktree.git_dir.join("locked");
        if !lock.exists() {
            // What `git worktree lock` does. Best effort: a worktree without the lock works as well.
            fs::write(lock, format!("{LOCK_REASON}\n")).ok();
        }
        Ok(())
    }
}
