//! `ostler attach`

use clap::Args;

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{opened, screen};

/// What `ostler attach` takes.
#[derive(Debug, Args)]
pub struct AttachArguments {
    /// The workstream.
    id: String,
}

/// Runs `ostler attach`.
pub fn run(project: &ProjectArguments, arguments: &AttachArguments) -> Outcome {
    let opened = opened::open_or_last(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    screen::run(opened, &screen::Way { attach: Some(id), ..screen::Way::default() })
}
