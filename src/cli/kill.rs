//! `ostler kill`

use clap::Args;

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::core::Request;

/// What `ostler kill` takes.
#[derive(Debug, Args)]
pub struct KillArguments {
    /// The workstream.
    id: String,
}

/// Runs `ostler kill`.
pub fn run(project: &ProjectArguments, arguments: &KillArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    operate::operate(&opened, &id, &Request::Kill)
}
