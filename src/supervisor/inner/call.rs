//! What a supervisor within an attempt is called to do: which attempt it is, of which workstream.

use std::path::{Path, PathBuf};

use super::machine;
use crate::agents::api::failure::Failure;
use crate::config::plan::{Agent, Plan, WorkstreamPlan};
use crate::core::phase::Launch;
use crate::core::{AttemptId, FailureClass, Workstream, WorkstreamId};
use crate::supervisor::journal::Replay;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::{agent_file, stored_plan};
use crate::worktree::{Project, Worktree};

/// What a supervisor within an attempt is called to do.
#[derive(Debug)]
pub struct Call {
    /// The attempt's directory.
    pub attempt_dir: PathBuf,
    /// The state directory that it is in.
    pub dir: StateDir,
    /// The workstream.
    pub id: WorkstreamId,
    /// The attempt.
    pub attempt: AttemptId,
    /// How the attempt was to be made.
    pub launch: Launch,
    /// The configuration in force.
    pub plan: Plan,
    /// The workstream as configured.
    pub workstream: WorkstreamPlan,
    /// The workstream as its journal tells.
    pub state: Workstream,
    /// The repository.
    pub project: Project,
    /// The worktree of the workstream.
    pub worktree: Worktree,
    /// The agent that it is, as configured when it was started.
    pub agent: Agent,
}

impl Call {
    /// Reads what there is to know of the attempt with this directory.
    pub fn read(attempt_dir: &Path) -> Result<Self, Failure> {
        let wrong = |words: String| Failure::new(FailureClass::Config, words);
        let (dir, id, attempt) = StateDir::around(attempt_dir).ok_or_else(|| {
            let place = attempt_dir.display();
            wrong(format!("{place} is no attempt's directory: this is run by ostler, in a chain"))
        })?;
        let agent = agent_file::read(attempt_dir).map_err(machine)?;
        let agent =
            agent.ok_or_else(|| wrong(format!("attempt {attempt} of {id} has no agent")))?;
        let plan = stored_plan::read(&dir).ok_or_else(|| {
            wrong(format!("{} cannot be read: start `ostler` anew", dir.plan().display()))
        })?;
        let workstream = plan.workstream(&id).cloned();
        let workstream = workstream.ok_or_else(|| wrong(format!("{id} is configured no more")))?;
        let mut replay = Replay::new(&dir.workstream(&id));
        replay.advance().map_err(machine)?;
        let state = replay.state.ok_or_else(|| wrong(format!("{id} has no journal")))?;
        let launch = state.phase.launch().filter(|launch| launch.attempt == attempt).cloned();
        let launch = launch.ok_or_else(|| wrong(format!("attempt {attempt} of {id} is over")))?;
        let project = Project::discover(&plan.root).map_err(machine)?;
        let place = state.place.as_ref().map_or("", |place| place.worktree.as_str());
        let worktree = Worktree::open(Path::new(place), &id)
            .map_err(|error| Failure::new(FailureClass::WorktreeLost, error.to_string()))?;
        let attempt_dir = attempt_dir.to_owned();
        Ok(Self {
            attempt_dir,
            dir,
            id,
            attempt,
            launch,
            plan,
            workstream,
            state,
            project,
            worktree,
            agent,
        })
    }
}
