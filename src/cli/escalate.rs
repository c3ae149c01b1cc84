//! `ostler escalate`

use clap::Args;

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::core::Request;
use crate::core::event::Target;

/// What `ostler escalate` takes.
#[derive(Debug, Args)]
pub struct EscalateArguments {
    /// The workstream.
    id: String,
    /// Where to: `next`, `person`, or a tier by its agent's name or its number from 1.
    #[arg(long, value_name = "next|TIER|person", default_value = "next")]
    to: String,
    /// What the next one should know.
    #[arg(long)]
    note: Option<String>,
}

/// Runs `ostler escalate`.
pub fn run(project: &ProjectArguments, arguments: &EscalateArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let workstream = opened.workstream(&arguments.id)?;
    let to = match arguments.to.as_str() {
        "next" => Target::Next,
        "person" => Target::Person,
        tier => Target::Tier(opened.tier(workstream, tier)?),
    };
    let note = arguments.note.clone();
    operate::operate(&opened, &workstream.id, &Request::Escalate { to, note })
}
