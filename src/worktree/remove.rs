//! Removing a worktree: the most dangerous operation, so everything is checked again at that moment.

use std::path::PathBuf;

use crate::core::WorkstreamId;

use super::checkpoint::Checkpoint;
use super::error::WorktreeError;
use super::names;
use super::occupants::{occupants, staying};
use super::project::Project;
use super::registered::{Registered, registered};
use super::snapshot::{Objects, Snapshot, Untracked};
use super::tree::{Worktree, repair};
use super::turn::Turn;

/// What becomes of the branch of a worktree that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchFate {
    /// It stays.
    Keep,
    /// It is deleted; its commits stay reachable from the rescue checkpoint.
    Delete,
}

/// What was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Where the worktree was; none if there was none.
    pub path: Option<PathBuf>,
    /// What was in it; none if its directory was gone already.
    pub rescue: Option<Checkpoint>,
}

/// Removes the worktree of a workstream, after a checkpoint `rescue-<n>` of all of its files, large ones included.
///
/// Checkpoints stay. Ignored files are lost. It is no error if there is no such worktree.
///
/// # Errors
/// `NotOurs` if it is the main worktree or was not made by ostler; `InUse` if a process has its current directory there;
/// `NotSaved` if it holds what no checkpoint can hold (a repository of its own, a file that cannot be read); what git says
/// otherwise. Nothing was removed then.
pub fn remove(
    project: &Project,
    id: &WorkstreamId,
    fate: BranchFate,
) -> Result<Removed, WorktreeError> {
    names::check(id.as_str())?;
    let turn = Turn::take(project.common_dir())?;
    let Some(entry) = find(project, id)? else {
        delete_branch(project, id, fate)?;
        return Ok(Removed { path: None, rescue: None });
    };
    let rescue = if entry.exists() { Some(rescue(project, id, &entry)?) } else { None };
    if entry.locked.is_some() {
        project.git(["worktree", "unlock"]).arg(&entry.path).run()?;
    }
    let git = project.git(["worktree", "remove", "--force"]).arg(&entry.path);
    git.holding(turn.share()?).run()?;
    delete_branch(project, id, fate)?;
    Ok(Removed { path: Some(entry.path), rescue })
}

fn find(project: &Project, id: &WorkstreamId) -> Result<Option<Registered>, WorktreeError> {
    let entries = registered(project.root(), project.common_dir())?;
    let ours = |entry: &Registered| entry.workstream().as_deref() == Some(id.as_str());
    let Some((place, entry)) = entries.into_iter().enumerate().find(|(_, entry)| ours(entry))
    else {
        return Ok(None);
    };
    let not_ours =
        |why: &str| WorktreeError::NotOurs { path: entry.path.clone(), why: why.to_owned() };
    if place == 0 || entry.path.canonicalize().is_ok_and(|path| path == project.root()) {
        return Err(not_ours(
            "its branch is checked out in the main checkout: check out another one there",
        ));
    }
    if project.reader().resolve(&names::base_ref(id))?.is_none() {
        return Err(not_ours("ostler did not make it: use `git worktree remove` if you mean it"));
    }
    Ok(Some(entry))
}

fn rescue(
    project: &Project,
    id: &WorkstreamId,
    entry: &Registered,
) -> Result<Checkpoint, WorktreeError> {
    let path = entry.path.clone();
    let in_use = |pids: Vec<u32>| WorktreeError::InUse { path: path.clone(), pids };
    // What they do until they leave is to be saved as well.
    let pids = staying(&path);
    if !pids.is_empty() {
        return Err(in_use(pids));
    }
    repair(project, &path)?;
    let worktree = Worktree::of(project, &path, id)?;
    worktree.clear_left_behind_locks();
    let snapshot = Snapshot::take(&worktree, Untracked::All, Objects::Kept)?;
    if let Some(lost) = snapshot.left_out.first() {
        let lost = worktree.path.join(lost);
        return Err(WorktreeError::NotSaved { path, lost });
    }
    let rescue = worktree.save(&snapshot, &worktree.next_rescue()?)?;
    // Asked once more, so that as little as possible can happen between the answer and the removal.
    let pids = occupants(&worktree.path);
    if pids.is_empty() { Ok(rescue) } else { Err(in_use(pids)) }
}

fn delete_branch(
    project: &Project,
    id: &WorkstreamId,
    fate: BranchFate,
) -> Result<(), WorktreeError> {
    let branch = names::branch_ref(id);
    if fate == BranchFate::Keep || project.reader().resolve(&branch)?.is_none() {
        return Ok(());
    }
    project.git(["update-ref", "-d", &branch]).run().map(drop)
}
