//! Checkpoints: snapshots of a worktree's files under `refs/ostler/<workstream>/<name>`.

use std::path::PathBuf;

use crate::core::{AttemptId, WorkstreamId};

use super::error::WorktreeError;
use super::names;
use super::packing::despite_packing;
use super::reader::Reader;
use super::snapshot::{Objects, Snapshot, Untracked};
use super::tree::Worktree;

/// Names the checkpoint that is made before an attempt.
pub fn before(attempt: AttemptId) -> String {
    format!("{attempt}-before")
}

/// Names the checkpoint that is made after an attempt.
pub fn after(attempt: AttemptId) -> String {
    format!("{attempt}-after")
}

/// Returns the full name of the ref of a checkpoint of a workstream.
pub fn checkpoint_name(id: &WorkstreamId, name: &str) -> String {
    format!("{}{name}", names::refs(id))
}

/// A snapshot of a worktree's files, kept by a ref.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its name within the workstream, such as `2-before` or `rescue-1`.
    pub name: String,
    /// The id of its commit, whose first parent is what was checked out.
    pub commit: String,
    /// The id of its tree: equal trees are equal files.
    pub tree: String,
    /// What it does not hold, relative to the worktree: untracked files above 100 MiB, files that could not be read, and
    /// repositories inside of the worktree. Restoring leaves them as they are.
    pub left_out: Vec<PathBuf>,
}

impl Worktree {
    /// Saves all files, tracked and untracked but not ignored ones, under `refs/ostler/<workstream>/<name>`.
    ///
    /// Index, HEAD, branch and files stay as they are. A checkpoint of the same name is replaced.
    ///
    /// # Errors
    /// `Lost` if the worktree is not there or unreadable; `BadName`; what git says otherwise.
    pub fn checkpoint(&self, name: &str) -> Result<Checkpoint, WorktreeError> {
        let now = Self::open(&self.path, &self.id)?;
        self.or_lost(despite_packing(|| {
            Snapshot::take(&now, Untracked::UpToLarge, Objects::Kept)
                .and_then(|snapshot| self.save(&snapshot, name))
        }))
    }

    /// Returns the names of the checkpoints and the ids of their commits, by name.
    pub fn checkpoints(&self) -> Result<Vec<(String, String)>, WorktreeError> {
        let prefix = names::refs(&self.id);
        let refs = self.or_lost(self.reader().refs(&prefix))?;
        let named = refs.into_iter().filter_map(|found| {
            let name = found.name.strip_prefix(&prefix)?;
            (name != "base").then(|| (name.to_owned(), found.commit))
        });
        Ok(named.collect())
    }

    /// Returns the checkpoint of this name, as far as its commit tells; none if there is none.
    pub fn saved(&self, name: &str) -> Result<Option<Checkpoint>, WorktreeError> {
        let known = self.checkpoints()?.into_iter().find(|(known, _)| known == name);
        let Some((name, commit)) = known else { return Ok(None) };
        let Some(tree) = self.tree_of(&name)? else { return Ok(None) };
        Ok(Some(Checkpoint { name, commit, tree, left_out: Vec::new() }))
    }

    /// Returns the name for the next rescue.
    pub(super) fn next_rescue(&self) -> Result<String, WorktreeError> {
        next_rescue(&self.reader(), &self.id)
    }

    /// Makes a commit of a snapshot, and a ref that keeps it.
    pub(super) fn save(
        &self,
        snapshot: &Snapshot<'_>,
        name: &str,
    ) -> Result<Checkpoint, WorktreeError> {
        let commit = self.save_tree(&snapshot.tree, name)?;
        Ok(Checkpoint {
            name: name.to_owned(),
            commit,
            tree: snapshot.tree.clone(),
            left_out: snapshot.left_out.clone(),
        })
    }

    /// Makes a commit of a tree, and a ref that keeps it; returns the commit.
    ///
    /// Its parents are HEAD and, if that is elsewhere, the workstream's branch: so neither is ever lost.
    pub(super) fn save_tree(&self, tree: &str, name: &str) -> Result<String, WorktreeError> {
        let target = names::checkpoint_ref(&self.id, name)?;
        let reader = self.reader();
        let mut parents = Vec::new();
        for parent in ["HEAD", &names::branch_ref(&self.id)] {
            parents.extend(reader.resolve(parent)?);
        }
        parents.dedup();
        let message = format!("ostler checkpoint {} of {}", name, self.id);
        let mut git = self.git(["commit-tree", tree, "-m", &message]);
        for parent in &parents {
            git = git.arg("-p").arg(parent);
        }
        let commit = git.line()?;
        self.git(["update-ref", &target, &commit]).run()?;
        Ok(commit)
    }
}

/// Returns the name for the next rescue of a workstream.
pub(super) fn next_rescue(reader: &Reader, id: &WorkstreamId) -> Result<String, WorktreeError> {
    let taken = reader.refs(&names::refs(id))?;
    let numbers = taken.iter().filter_map(|found| {
        let (_, number) = found.name.rsplit_once("/rescue-")?;
        number.parse().ok()
    });
    Ok(format!("rescue-{}", numbers.max().unwrap_or(0_u32).saturating_add(1)))
}
