//! `ostler answer`

use clap::Args;

use super::failure::{Failure, Outcome};
use super::opened::Opened;
use super::project::ProjectArguments;
use super::{opened, operate};
use crate::config::plan::WorkstreamPlan;
use crate::core::phase::StartFrom;
use crate::core::{AttemptId, Request};
use crate::supervisor::journal::Replay;
use crate::supervisor::state_dir::StateDir;

/// What `ostler answer` takes.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// The workstream.
    id: String,
    /// `retry`, `accept`, `give-up`, a tier by its agent's name or its number from 1, or `take-2` for what the second of
    /// those made that worked side by side.
    choice: String,
    /// What the agent should know.
    #[arg(long)]
    note: Option<String>,
}

/// Runs `ostler answer`.
pub fn run(project: &ProjectArguments, arguments: &AnswerArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let workstream = opened.workstream(&arguments.id)?;
    let (from, note) = (StartFrom::Current, arguments.note.clone());
    let request = match arguments.choice.as_str() {
        "retry" => Request::Retry { tier: None, from, note },
        "accept" => Request::Accept,
        "give-up" => Request::GiveUp,
        take if contestant(take).is_some() => {
            let contestant = contestant(take).unwrap_or_default();
            Request::Take { attempt: contested(&opened, workstream)?, contestant }
        }
        tier => Request::Retry { tier: Some(opened.tier(workstream, tier)?), from, note },
    };
    operate::operate(&opened, &workstream.id, &request)
}

/// Returns the number in `take-2`.
fn contestant(choice: &str) -> Option<u32> {
    choice.strip_prefix("take-")?.parse().ok()
}

/// Returns the last attempt in which agents worked side by side and left something.
fn contested(opened: &Opened, workstream: &WorkstreamPlan) -> Result<AttemptId, Failure> {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::wrong)?;
    let mut replay = Replay::new(&dir.workstream(&workstream.id));
    replay.advance().map_err(Failure::failed)?;
    let attempts = replay.state.iter().flat_map(|state| state.attempts.iter().rev());
    let mut left = attempts.into_iter().filter(|attempt| !attempt.left().is_empty());
    left.next().map(|attempt| attempt.id).ok_or_else(|| {
        Failure::failed(format!(
            "nothing was left by agents of {} that worked side by side",
            workstream.id
        ))
    })
}
