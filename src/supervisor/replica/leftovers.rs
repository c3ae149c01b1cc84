//! The worktree of a replica, which must not outlive its attempt.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Call, STATE};
use crate::agents::api::report::Report;
use crate::core::WorkstreamId;
use crate::keeper::files;
use crate::supervisor::ballast::Ballast;
use crate::worktree::{self, BranchFate, PrepareSpec, Project, WorktreeError};

/// The file that names the workstream whose worktree has to be removed, in the replica's state directory.
const NAME: &str = "worktree.json";

/// What is in that file.
#[derive(Serialize, Deserialize)]
struct Announced {
    workstream: WorkstreamId,
    /// The folder that it is made in.
    worktrees: PathBuf,
}

/// Writes down that a worktree of this workstream is about to be made in this folder.
pub fn announce(attempt_dir: &Path, id: &WorkstreamId, worktrees: &Path) -> io::Result<()> {
    let announced = Announced { workstream: id.clone(), worktrees: worktrees.to_owned() };
    files::replace_durably(&attempt_dir.join(STATE), NAME, &announced)
}

/// Removes the worktree and the branch of the replica that was this attempt, if they are there.
///
/// What is in it is kept as a checkpoint of the replica's workstream. Nothing of the attempt may run any more but the
/// replica itself.
pub fn clear(project: &Project, attempt_dir: &Path) -> Result<(), String> {
    let state = attempt_dir.join(STATE);
    let announced = state.join(NAME);
    let made = match files::read::<Announced>(&announced) {
        Ok(None) => return Ok(()),
        Ok(Some(made)) => made,
        Err(error) => return Err(error.to_string()),
    };
    remove(project, &made)
        .map_err(|error| format!("the worktree of {} stays: {error}", made.workstream))?;
    Ballast::new(state.join("ballast")).release();
    fs::remove_file(&announced).map_err(|error| format!("{}: {error}", announced.display()))
}

fn remove(project: &Project, made: &Announced) -> Result<(), WorktreeError> {
    let id = &made.workstream;
    let kept = project.common_dir().join("worktrees").join(id.as_str());
    let is_gone = || !made.worktrees.join(id.as_str()).exists() && !kept.exists();
    let removed = worktree::remove(project, id, BranchFate::Delete);
    if removed.is_ok() && is_gone() {
        return Ok(());
    }
    // Git may have been ended while it made the worktree. One that is whole can be removed.
    let spec = PrepareSpec { id, base: None, worktrees: &made.worktrees, copy: &[], leaves: &[] };
    worktree::prepare(project, &spec)?;
    worktree::remove(project, id, BranchFate::Delete).map(drop)
}

/// Removes what earlier replicas of this workstream have left.
pub(super) fn clear_earlier(call: &Call, report: &mut Report<'_>) {
    let attempts = call.state.attempts.iter().map(|attempt| attempt.id);
    for attempt in attempts.filter(|attempt| *attempt < call.attempt) {
        if let Err(why) = clear(&call.project, &call.dir.attempt(&call.id, attempt)) {
            report.note(&why);
        }
    }
}
