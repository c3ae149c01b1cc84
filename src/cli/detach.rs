//! `ostler detach`

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::keeper::launch::Program;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::{ownership, worker};

/// What `ostler detach` takes.
#[derive(Debug, Args)]
pub struct DetachArguments {
    /// The workstream.
    id: String,
}

/// Runs `ostler detach`.
pub fn run(project: &ProjectArguments, arguments: &DetachArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    if ownership::owner(&dir.workstream(&id)).is_none() {
        opened.store(&dir)?;
    }
    worker::start(&Program::default(), &opened.plan.root, std::slice::from_ref(&id))
        .map_err(|error| Failure::failed(format!("no worker could be started: {error}")))?;
    say::line(format_args!(
        "{id}: a worker of its own goes on with it; `ostler attach {id}` takes it back"
    ));
    Ok(Code::Done)
}
