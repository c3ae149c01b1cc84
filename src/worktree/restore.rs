//! Putting a worktree back into the state of a checkpoint.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::checkpoint::Checkpoint;
use super::error::WorktreeError;
use super::names;
use super::occupants::occupants;
use super::registered::{common_dir, registered};
use super::snapshot::{Objects, Snapshot, Untracked, path_of};
use super::tree::Worktree;

/// A lock of git's that is older than this was left by a git that was killed, if nobody works there.
const LEFT_BEHIND: Duration = Duration::from_secs(3);

/// What is to be restored.
struct Target {
    name: String,
    commit: String,
    /// Where the branch goes; none to leave it.
    branch_at: Option<String>,
}

impl Worktree {
    /// Puts the worktree into the state of a checkpoint, given by its name, its commit's id, or `base`.
    ///
    /// What is there now is saved first, as `rescue-<n>`, which is returned. Then
    /// - files are as in the checkpoint: changed, made and deleted as needed; ignored files and what checkpoints leave out
    ///   stay as they are,
    /// - the workstream's branch is checked out and moved to the commit that was checked out at the checkpoint (for `base`
    ///   to the base itself); commits made since are kept by the rescue checkpoint,
    /// - nothing is staged, and no merge or rebase is under way.
    ///
    /// No agent may run in the worktree. Doing it again after a crash comes to the same end.
    ///
    /// # Errors
    /// `NoCheckpoint`; `InTheWay` if something would be overwritten that a checkpoint cannot hold, before anything is
    /// touched; `Lost`; `BranchElsewhere`; what git says otherwise.
    pub fn restore(&self, target: &str) -> Result<Checkpoint, WorktreeError> {
        let now = Self::open(&self.path, &self.id)?;
        self.or_lost(now.put_back(target))
    }

    fn put_back(&self, target: &str) -> Result<Checkpoint, WorktreeError> {
        let target = self.target(target)?;
        self.clear_left_behind_locks();
        self.check_branch_is_free()?;
        let mut snapshot = Snapshot::take(self, Untracked::UpToLarge, Objects::Kept)?;
        let more = self.overwritten(&snapshot, &target)?;
        if !more.is_empty() {
            snapshot.force(&more)?;
        }
        let rescue = self.save(&snapshot, &self.next_rescue()?)?;
        snapshot.git(["read-tree", "--reset", "-u", &target.commit]).run()?;
        if let Some(commit) = &target.branch_at {
            self.move_branch(commit)?;
        }
        Ok(rescue)
    }

    fn target(&self, wanted: &str) -> Result<Target, WorktreeError> {
        if wanted == "base" {
            let commit = self.base()?;
            let branch_at = Some(commit.clone());
            return Ok(Target { name: wanted.to_owned(), commit, branch_at });
        }
        let known = self.checkpoints()?;
        let found = known.iter().find(|(name, commit)| name == wanted || commit == wanted);
        let Some((name, commit)) = found.cloned() else {
            let names = known.into_iter().map(|(name, _)| name).collect();
            let (name, id) = (wanted.to_owned(), self.id.to_string());
            return Err(WorktreeError::NoCheckpoint { name, id, names });
        };
        let branch_at = self.reader().resolve(&format!("{commit}^1"))?;
        Ok(Target { name, commit, branch_at })
    }

    /// Returns what restoring would overwrite although the snapshot does not hold it.
    fn overwritten(
        &self,
        snapshot: &Snapshot<'_>,
        target: &Target,
    ) -> Result<Vec<PathBuf>, WorktreeError> {
        let held = snapshot.paths()?;
        let blocked = |path: &Path| WorktreeError::InTheWay {
            path: self.path.join(path),
            target: target.name.clone(),
        };
        // What git could not read but knows is there in an older version, which must not win.
        if let Some(unread) = snapshot.left_out.iter().find(|path| held.contains(*path)) {
            return Err(blocked(unread));
        }
        let raw = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--diff-filter=A"];
        let output = snapshot.git(raw).arg(&snapshot.tree).arg(&target.commit).run()?;
        let mut fields = output.fields();
        let mut more = Vec::new();
        while let (Some(modes), Some(path)) = (fields.next(), fields.next()) {
            let path = path_of(path);
            let Some(at) = self.first_obstacle(&path) else { continue };
            let directory = fs::symlink_metadata(self.path.join(&at)).is_ok_and(|at| at.is_dir());
            let submodule = modes.starts_with(b":000000 160000");
            if held.contains(&at) || (directory && submodule) {
                continue;
            }
            let mut repositories =
                snapshot.left_out.iter().filter(|left| self.path.join(left).is_dir());
            if repositories.any(|repository| at.starts_with(repository)) {
                return Err(blocked(&at));
            }
            self.unheld(&at, &held, &mut more).map_err(|path| blocked(&path))?;
        }
        Ok(more)
    }

    /// Returns what is at `path`, or what is not a directory on the way to it.
    fn first_obstacle(&self, path: &Path) -> Option<PathBuf> {
        let mut at = PathBuf::new();
        for part in path.components() {
            at.push(part);
            let there = fs::symlink_metadata(self.path.join(&at)).ok()?;
            if !there.is_dir() {
                return Some(at);
            }
        }
        Some(at)
    }

    /// Collects the files at or below `at` that are not held; fails with the first that cannot be.
    fn unheld(
        &self,
        at: &Path,
        held: &HashSet<PathBuf>,
        found: &mut Vec<PathBuf>,
    ) -> Result<(), PathBuf> {
        let full = self.path.join(at);
        let Ok(there) = fs::symlink_metadata(&full) else { return Ok(()) };
        if there.is_file() || there.is_symlink() {
            if !held.contains(at) && !found.iter().any(|path| path == at) {
                found.push(at.to_owned());
            }
            return Ok(());
        }
        let repository = at.file_name().is_some_and(|name| name == ".git");
        if repository || !there.is_dir() {
            return Err(at.to_owned());
        }
        let entries = fs::read_dir(&full).map_err(|_| at.to_owned())?;
        for entry in entries {
            let entry = entry.map_err(|_| at.to_owned())?;
            self.unheld(&at.join(entry.file_name()), held, found)?;
        }
        Ok(())
    }

    /// Checks that moving the branch pulls the ground from under nobody else.
    fn check_branch_is_free(&self) -> Result<(), WorktreeError> {
        let ours = names::branch_ref(&self.id);
        if self.reader().branch()?.as_deref() == Some(&ours) {
            return Ok(());
        }
        let elsewhere =
            registered(&self.path, &common_dir(&self.git_dir))?.into_iter().find(|entry| {
                entry.branch.as_deref() == Some(&ours)
                    && entry.path.canonicalize().is_ok_and(|path| path != self.path)
            });
        match elsewhere {
            None => Ok(()),
            Some(entry) => Err(WorktreeError::BranchElsewhere {
                branch: names::branch(&self.id),
                path: entry.path,
            }),
        }
    }

    fn move_branch(&self, commit: &str) -> Result<(), WorktreeError> {
        for (state, quit) in
            [("rebase-merge", "rebase"), ("rebase-apply", "rebase"), ("rebase-apply", "am")]
        {
            if self.git_dir.join(state).exists() {
                // A state that is too broken to be ended in the orderly way must not keep the files from being put back.
                self.git([quit, "--quit"]).outcome()?;
            }
        }
        let branch = names::branch_ref(&self.id);
        self.git(["update-ref", &branch, commit]).run()?;
        self.git(["symbolic-ref", "HEAD", &branch]).run()?;
        let reset = ["reset", "--quiet", "--mixed", commit];
        match self.git(reset).run() {
            Err(WorktreeError::Git { stderr, .. }) if stderr.contains("index file") => {
                let index = self.git_dir.join("index");
                fs::remove_file(&index).map_err(WorktreeError::io("removed", index))?;
                self.git(reset).run()?;
                Ok(())
            }
            result => result.map(drop),
        }
    }

    /// Removes locks that a killed git has left, unless somebody works in the worktree.
    pub(super) fn clear_left_behind_locks(&self) {
        for name in ["index.lock", "HEAD.lock"] {
            let lock = self.git_dir.join(name);
            while let Ok(file) = fs::symlink_metadata(&lock) {
                let age = file.modified().ok().and_then(|at| at.elapsed().ok());
                if age.is_none_or(|age| age >= LEFT_BEHIND) {
                    if occupants(&self.path).is_empty() {
                        // If it cannot be removed, the command that needs it says so.
                        fs::remove_file(&lock).ok();
                    }
                    break;
                }
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}
