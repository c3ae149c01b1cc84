//! `ostler worker`: the same supervisor without a screen and apart from any terminal.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::opened::{self, Opened};
use super::project::ProjectArguments;
use super::{headless, hosted, log_file};
use crate::core::WorkstreamId;
use crate::ipc::facts::Facts;
use crate::supervisor::host::{Adopt, Options, Until};
use crate::supervisor::inbox::Command;
use crate::supervisor::ownership::{self, OwnerKind};
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::stored_plan;
use crate::worktree::Project;

/// Workers with nothing left to do end within this time.
const GOODBYE: Duration = Duration::from_secs(5);
/// The time between two looks whether they have.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What `ostler worker` takes.
#[derive(Debug, Args)]
pub struct WorkerArguments {
    /// Run this workstream; may be given more than once. Its present owner is asked to let go of it.
    #[arg(long, value_name = "ID", required_unless_present_any = ["all", "stop"])]
    workstream: Vec<String>,
    /// The worktree of that one workstream, if it is not where the configuration says.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all", "stop"])]
    worktree: Option<PathBuf>,
    /// Run all workstreams that nobody owns.
    #[arg(long, conflicts_with = "stop")]
    all: bool,
    /// Stop all workstreams that nobody owns.
    #[arg(long)]
    stop: bool,
}

/// Runs `ostler worker` until all that it runs is at rest.
pub fn run(project: &ProjectArguments, arguments: &WorkerArguments) -> Outcome {
    let opened = open(project, arguments)?;
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let _log = log_file::begin(&dir);
    let ids = arguments.workstream.iter().map(|id| opened.workstream(id).map(|it| it.id.clone()));
    let ids = ids.collect::<Result<Vec<WorkstreamId>, Failure>>()?;
    let adopt = if ids.is_empty() { Adopt::All } else { Adopt::Only(ids.clone()) };
    // It has to hear of the stop before it finds that there is nothing to do for it.
    let until = if arguments.stop { Until::Told } else { Until::Idle };
    let options = Options { adopt, until, kind: OwnerKind::Worker, reload: None, state: None };
    let hosted = hosted::start(opened, options)?;
    if arguments.stop {
        hosted.handle.send(Command::StopAll);
    }
    let facts = hosted.join()?;
    let ran = |id: &WorkstreamId| ids.is_empty() || ids.contains(id);
    let ran = facts.workstreams.iter().filter(|workstream| ran(&workstream.id));
    if arguments.stop {
        // What was to be stopped is: the supervisor ends with nothing at work.
        until_workers_are_gone(&dir, &facts);
        return Ok(Code::Done);
    }
    Ok(headless::code(ran))
}

/// Gives the workers that ran what was stopped the time to say goodbye to their keepers.
fn until_workers_are_gone(dir: &StateDir, facts: &Facts) {
    let begun = Instant::now();
    let places = facts.workstreams.iter().map(|workstream| dir.workstream(&workstream.id));
    let places: Vec<PathBuf> = places.chain([dir.heir()]).collect();
    let is_owned = |place: &PathBuf| {
        ownership::owner(place).is_some_and(|owner| owner.kind == OwnerKind::Worker)
    };
    while begun.elapsed() < GOODBYE && places.iter().any(is_owned) {
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Opens the project with the configuration of the supervisor before, as it is now, or as it was last valid.
fn open(project: &ProjectArguments, arguments: &WorkerArguments) -> Result<Opened, Failure> {
    let here = std::env::current_dir().map_err(Failure::wrong)?;
    let found = Project::discover(&here).map_err(Failure::wrong)?;
    let dir = StateDir::open(found.common_dir()).map_err(Failure::wrong)?;
    let mut opened = match stored_plan::read(&dir) {
        Some(stored) if project.config.is_none() => {
            let plan = opened::reload(&stored).unwrap_or(stored);
            Opened { project: found, plan, warnings: Vec::new(), paths: Vec::new() }
        }
        _other => {
            let opened = opened::open(project)?;
            opened.store(&dir)?;
            opened
        }
    };
    if let Some(worktree) = &arguments.worktree {
        opened.plan.worktrees = parent_of(worktree, &arguments.workstream)?;
    }
    Ok(opened)
}

fn parent_of(worktree: &PathBuf, workstreams: &[String]) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(worktree).map_err(Failure::wrong)?;
    match (workstreams, absolute.file_name(), absolute.parent()) {
        ([id], Some(name), Some(parent)) if name == id.as_str() => Ok(parent.to_owned()),
        ([id], ..) => Err(Failure::wrong(format!(
            "the worktree of {id} must be a directory of that name, and {} is not",
            absolute.display()
        ))),
        _other => Err(Failure::wrong("--worktree goes with exactly one --workstream")),
    }
}
