//! `ostler retry`

use clap::Args;

use super::failure::{Failure, Outcome};
use super::project::ProjectArguments;
use super::{editor, opened, operate};
use crate::core::phase::StartFrom;
use crate::core::{AttemptId, Request};

/// What `ostler retry` takes.
#[derive(Debug, Args)]
pub struct RetryArguments {
    /// The workstream.
    id: String,
    /// The tier: its agent's name, or its number from 1.
    #[arg(long, value_name = "TIER")]
    from: Option<String>,
    /// Start from the worktree as it was before the first attempt.
    #[arg(long, conflicts_with = "checkpoint")]
    clean: bool,
    /// Start from the worktree as this attempt left it; `1.2` for the second of those that worked side by side in attempt 1.
    #[arg(long, value_name = "ATTEMPT", value_parser = start)]
    checkpoint: Option<StartFrom>,
    /// What the agent should know.
    #[arg(long)]
    note: Option<String>,
    /// What is to be done, in the place of its prompt, for this attempt alone.
    #[arg(long, value_name = "TEXT", conflicts_with = "note")]
    prompt: Option<String>,
    /// Edit its prompt in $EDITOR, for this attempt alone.
    #[arg(long, conflicts_with_all = ["note", "prompt"])]
    edit: bool,
}

/// Runs `ostler retry`.
pub fn run(project: &ProjectArguments, arguments: &RetryArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let workstream = opened.workstream(&arguments.id)?;
    let tier = arguments.from.as_deref().map(|tier| opened.tier(workstream, tier)).transpose()?;
    let from = match &arguments.checkpoint {
        Some(from) => from.clone(),
        None if arguments.clean => StartFrom::Clean,
        None => StartFrom::Current,
    };
    let prompt = match &arguments.prompt {
        None if arguments.edit => Some(editor::ask(&workstream.prompt)?),
        prompt => prompt.clone(),
    };
    let request = match prompt {
        Some(prompt) if prompt.trim().is_empty() => {
            return Err(Failure::wrong("the prompt is empty, so nothing is tried"));
        }
        Some(prompt) => Request::RetryWith { tier, from, prompt },
        None => Request::Retry { tier, from, note: arguments.note.clone() },
    };
    operate::operate(&opened, &workstream.id, &request)
}

fn start(text: &str) -> Result<StartFrom, String> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("`{text}` is no number"));
    match text.split_once('.') {
        None => Ok(StartFrom::Attempt(AttemptId(number(text)?))),
        Some((attempt, contestant)) => {
            Ok(StartFrom::Contestant(AttemptId(number(attempt)?), number(contestant)?))
        }
    }
}
