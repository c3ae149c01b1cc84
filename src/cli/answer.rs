//! `ostler answer`

use clap::Args;

use super::failure::Outcome;
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::core::Request;
use crate::core::phase::StartFrom;

/// What `ostler answer` takes.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// The workstream.
    id: String,
    /// `retry`, `accept`, `give-up`, or a tier by its agent's name or its number from 1.
    choice: String,
    /// What the agent should know.
    #[arg(long)]
    note: Option<String>,
}

/// Runs `ostler answer`.
pub fn run(project: &ProjectArguments, arguments: &AnswerArguments) -> Outcome {
    let opened = opened::open(project)?;
    let workstream = opened.workstream(&arguments.id)?;
    let (from, note) = (StartFrom::Current, arguments.note.clone());
    let request = match arguments.choice.as_str() {
        "retry" => Request::Retry { tier: None, from, note },
        "accept" => Request::Accept,
        "give-up" => Request::GiveUp,
        tier => Request::Retry { tier: Some(opened.tier(workstream, tier)?), from, note },
    };
    operate::operate(&opened, &workstream.id, &request)
}
