//! Taking over: the worktree is saved and put into the state that an attempt starts from, and that is looked at again.

use std::path::Path;

use super::save::{after, before};
use super::spawn::Job;
use crate::core::AttemptId;
use crate::core::phase::StartFrom;
use crate::core::transfer::{Files, Transfer};
use crate::worktree::{Worktree, WorktreeError};

/// What the agent of an attempt finds.
pub(super) struct Found {
    /// The attempt whose work it goes on with.
    from: Option<AttemptId>,
    tree: String,
    files: Files,
}

impl Found {
    /// Returns what was handed over, with a prompt of this size.
    pub(super) fn with_prompt(self, prompt_bytes: u64) -> Transfer {
        let Self { from, tree, files } = self;
        Transfer { from, tree, files, prompt_bytes }
    }
}

/// Saves the worktree, puts it into the state that the attempt starts from, and returns what the agent finds there; none
/// for an attempt that no other came before.
pub(super) fn take_over(job: &Job, worktree: &Path) -> Result<Option<Found>, WorktreeError> {
    let worktree = Worktree::open(worktree, &job.state.definition.id)?;
    let saved = worktree.checkpoint(&before(job.launch.attempt))?;
    let started = || job.state.attempts.iter().filter(|attempt| attempt.started.is_some());
    let (Some(first), Some(last)) = (started().next(), started().next_back()) else {
        return Ok(None);
    };
    if let StartFrom::Contestant(attempt, number) = job.launch.from {
        return take_what_was_made(job, &worktree, (attempt, number)).map(Some);
    }
    let (from, checkpoint) = match job.launch.from {
        StartFrom::Current | StartFrom::Contestant(..) => (Some(last.id), after(last.id)),
        StartFrom::Clean => (None, before(first.id)),
        StartFrom::Attempt(attempt) => (Some(attempt), after(attempt)),
    };
    if job.launch.from != StartFrom::Current {
        worktree.restore(&checkpoint)?;
    }
    let Some(tree) = worktree.tree_of(&checkpoint)? else {
        return Ok(Some(Found { from, tree: saved.tree, files: Files::Unknown }));
    };
    let is_untouched = job.launch.from == StartFrom::Current && saved.tree == tree;
    if is_untouched || worktree.is_as_in(&tree)? {
        return Ok(Some(Found { from, tree, files: Files::Same }));
    }
    Ok(Some(Found { from, tree: saved.tree, files: Files::Changed }))
}

/// Brings in what one of those has left that worked side by side. Its own worktree is gone: what it left is a checkpoint of
/// another workstream.
fn take_what_was_made(
    job: &Job,
    worktree: &Worktree,
    (attempt, number): (AttemptId, u32),
) -> Result<Found, WorktreeError> {
    let made = job.state.made(attempt, number).map(|(_, made)| made.checkpoint.clone());
    let tree = match &made {
        Some(checkpoint) => worktree.tree_at(checkpoint)?,
        None => None,
    };
    let tree = tree.ok_or_else(|| WorktreeError::NoCheckpoint {
        name: made.unwrap_or_else(|| format!("{attempt}.{number}")),
        id: job.state.definition.id.to_string(),
        names: Vec::new(),
    })?;
    worktree.bring(&tree, &format!("{}-taken", job.launch.attempt))?;
    // The files were compared with it when they were brought.
    Ok(Found { from: Some(attempt), tree, files: Files::Same })
}
