//! Bringing the files of another worktree of the same repository into one.

use super::checkpoint::Checkpoint;
use super::error::WorktreeError;
use super::tree::Worktree;

/// What was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The checkpoint that holds what was brought.
    pub checkpoint: Checkpoint,
    /// The checkpoint of what was there before.
    pub rescue: Checkpoint,
}

impl Worktree {
    /// Puts the worktree into the state of a tree, such as that of another worktree's checkpoint, which is saved here as
    /// a checkpoint with this name.
    ///
    /// What is checked out stays checked out, so what is new shows as changes that nobody has committed. For all else this
    /// is [`restore`](Self::restore), and the files are compared with the tree afterwards.
    ///
    /// # Errors
    /// `NotBrought` if the files are not those of the tree afterwards; those of [`restore`](Self::restore).
    pub fn bring(&self, tree: &str, name: &str) -> Result<Brought, WorktreeError> {
        let now = Self::open(&self.path, &self.id)?;
        self.or_lost(now.take_over(tree, name))
    }

    fn take_over(&self, tree: &str, name: &str) -> Result<Brought, WorktreeError> {
        let commit = self.save_tree(tree, name)?;
        let rescue = self.restore(name)?;
        if !self.is_as_in(tree)? {
            let (path, rescue) = (self.path.clone(), rescue.name);
            return Err(WorktreeError::NotBrought { path, rescue });
        }
        let (name, tree) = (name.to_owned(), tree.to_owned());
        let checkpoint = Checkpoint { name, commit, tree, left_out: Vec::new() };
        Ok(Brought { checkpoint, rescue })
    }
}
