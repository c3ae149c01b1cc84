//! `ostler stop`

use clap::Args;

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::core::Request;

/// What `ostler stop` takes.
#[derive(Debug, Args)]
pub struct StopArguments {
    /// The workstream.
    id: String,
}

/// Runs `ostler stop`.
pub fn run(project: &ProjectArguments, arguments: &StopArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    operate::operate(&opened, &id, &Request::Stop)
}
