//! `ostler undo`

use clap::Args;

use super::failure::{Failure, Outcome};
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::core::Request;
use crate::supervisor::look;

/// What `ostler undo` takes.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// The workstream.
    id: String,
}

/// Runs `ostler undo`.
pub fn run(project: &ProjectArguments, arguments: &UndoArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let id = opened.workstream(&arguments.id)?.id.clone();
    let facts = look::look(&opened.project, &opened.plan).map_err(Failure::failed)?;
    let ws = facts.workstreams.iter().find(|ws| ws.id == id);
    let last = ws.and_then(|ws| ws.can_undo.clone()).ok_or_else(|| {
        let phase = ws.map_or("unknown", |ws| ws.phase.as_str());
        Failure::failed(format!(
            "{id}: nothing that was asked for can be undone; it is {phase}, and what has begun or ended \
             meanwhile stays so"
        ))
    })?;
    operate::operate(&opened, &id, &Request::Undo(Box::new(last)))
}
