//! The worktrees of a supervisor within an attempt, which must not outlive that.

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

/// The file that names the workstreams whose worktrees have to be removed, in its state directory.
const NAME: &str = "worktrees.json";

/// What is in that file.
#[derive(Serialize, Deserialize)]
struct Announced {
    workstreams: Vec<WorkstreamId>,
    /// The folder that they are made in.
    worktrees: PathBuf,
}

/// Writes down that worktrees of these workstreams are about to be made in this folder.
pub fn announce(attempt_dir: &Path, ids: &[WorkstreamId], worktrees: &Path) -> io::Result<()> {
    let announced = Announced { workstreams: ids.to_vec(), worktrees: worktrees.to_owned() };
    files::replace_durably(&attempt_dir.join(STATE), NAME, &announced)
}

/// Removes the worktrees and the branches of the supervisor that was this attempt, if they are there.
///
/// What is in them is kept as checkpoints of their workstreams. Nothing of the attempt may run any more but that supervisor
/// itself.
pub fn clear(project: &Project, attempt_dir: &Path) -> Result<(), String> {
    let state = attempt_dir.join(STATE);
    let announced = state.join(NAME);
    let made = match files::read::<Announced>(&announced) {
        Ok(None) => return Ok(()),
        Ok(Some(made)) => made,
        Err(error) => return Err(error.to_string()),
    };
    let mut stay = Vec::new();
    for id in &made.workstreams {
        if let Err(error) = remove(project, id, &made.worktrees) {
            stay.push(format!("the worktree of {id} stays: {error}"));
        }
    }
    if !stay.is_empty() {
        return Err(stay.join("; "));
    }
    Ballast::new(state.join("ballast")).release();
    fs::remove_file(&announced).map_err(|error| format!("{}: {error}", announced.display()))
}

fn remove(project: &Project, id: &WorkstreamId, worktrees: &Path) -> Result<(), WorktreeError> {
    let kept = project.common_dir().join("worktrees").join(id.as_str());
    let is_gone = || !worktrees.join(id.as_str()).exists() && !kept.exists();
    let removed = worktree::remove(project, id, BranchFate::Delete);
    if removed.is_ok() && is_gone() {
        return Ok(());
    }
    // Git may have been ended while it made the worktree. One that is whole can be removed.
    let spec = PrepareSpec { id, base: None, worktrees, copy: &[], leaves: &[] };
    worktree::prepare(project, &spec)?;
    worktree::remove(project, id, BranchFate::Delete).map(drop)
}

/// Removes what earlier supervisors within attempts of this workstream have left.
pub(in crate::supervisor) fn clear_earlier(call: &Call, report: &mut Report<'_>) {
    let attempts = call.state.attempts.iter().map(|attempt| attempt.id);
    for attempt in attempts.filter(|attempt| *attempt < call.attempt) {
        if let Err(why) = clear(&call.project, &call.dir.attempt(&call.id, attempt)) {
            report.note(&why);
        }
    }
}
