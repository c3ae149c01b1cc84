//! Comparing a worktree with a checkpoint of it.

use super::error::WorktreeError;
use super::names;
use super::snapshot::{Objects, Snapshot, Untracked};
use super::tree::Worktree;

impl Worktree {
    /// Returns the tree of a checkpoint; none if there is no such checkpoint.
    ///
    /// # Errors
    /// `BadName`; what libgit2 says.
    pub fn tree_of(&self, checkpoint: &str) -> Result<Option<String>, WorktreeError> {
        let name = names::checkpoint_ref(&self.id, checkpoint)?;
        self.reader().tree(&name)
    }

    /// Returns the id of the tree of a commit, given by the full name of a ref, such as that of another worktree's checkpoint;
    /// none if there is none.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn tree_at(&self, reference: &str) -> Result<Option<String>, WorktreeError> {
        self.reader().tree(reference)
    }

    /// Says whether the files are those of a tree, but for what checkpoints leave out.
    ///
    /// # Errors
    /// `Lost`; what git says otherwise.
    pub fn is_as_in(&self, tree: &str) -> Result<bool, WorktreeError> {
        let now = Self::open(&self.path, &self.id)?;
        let compared = Snapshot::take(&now, Untracked::UpToLarge, Objects::Scratch);
        self.or_lost(compared.and_then(|mut seen| {
            seen.read_over(tree)?;
            Ok(seen.tree == tree)
        }))
    }
}
