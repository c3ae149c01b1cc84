//! `ostler recover`: what is not done, in the order in which it goes on, and trying again what failed for something that
//! passes.

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::opened::Opened;
use super::project::ProjectArguments;
use super::{opened, operate, say};
use crate::core::phase::StartFrom;
use crate::core::recovery::{self, Found, Piece, Step};
use crate::core::{Request, WorkstreamId};
use crate::ipc::facts::{Facts, Owner, WorkstreamFacts};
use crate::supervisor::look;

/// What `ostler recover` takes.
#[derive(Debug, Args)]
pub struct RecoverArguments {
    /// Try again what failed for something that passes.
    #[arg(long)]
    now: bool,
    /// With --now: also what needs a person otherwise.
    #[arg(long, requires = "now")]
    all: bool,
}

/// Runs `ostler recover`.
pub fn run(project: &ProjectArguments, arguments: &RecoverArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let facts = look::look(&opened.project, &opened.plan).map_err(Failure::failed)?;
    let steps = recovery::plan(&pieces(&opened, &facts));
    if steps.is_empty() {
        say::line(format_args!("nothing is left to do"));
        return Ok(Code::Done);
    }
    let width = steps.iter().map(|step| step.id.as_str().chars().count()).max().unwrap_or(0);
    for (place, step) in steps.iter().enumerate() {
        let owner = facts.workstreams.iter().find(|ws| ws.id == step.id).map(|ws| ws.owner);
        let words = words(step, owner.unwrap_or(Owner::Nobody));
        say::line(format_args!("{:>3}  {:<width$}  {words}", place + 1, step.id));
    }
    let limits = &opened.plan.limits;
    say::line(format_args!("at most {} work at a time", limits.parallel));
    let again: Vec<WorkstreamId> = steps
        .iter()
        .filter(|step| match step.found {
            Found::Passing(_) => true,
            Found::NeedsYou | Found::Failed => arguments.all,
            Found::AtWork | Found::Waits | Found::Lost => false,
        })
        .map(|step| step.id.clone())
        .collect();
    match (arguments.now, again.as_slice()) {
        (_, []) => Ok(Code::Done),
        (false, again) => {
            let count = again.len();
            say::line(format_args!("`ostler recover --now` tries {count} of them again"));
            Ok(Code::Done)
        }
        (true, again) => {
            let request = Request::Retry { tier: None, from: StartFrom::Current, note: None };
            operate::operate_all(&opened, again, &request)
        }
    }
}

fn pieces(opened: &Opened, facts: &Facts) -> Vec<Piece> {
    let piece = |ws: &WorkstreamFacts| {
        let configured = opened.plan.workstream(&ws.id);
        Piece {
            id: ws.id.clone(),
            phase: ws.phase,
            class: ws.failure_class,
            has_begun: !ws.attempts.is_empty(),
            priority: configured.map_or(0, |workstream| workstream.priority),
            after: configured.map(|workstream| workstream.after.clone()).unwrap_or_default(),
        }
    };
    facts.workstreams.iter().map(|ws| piece(ws)).collect()
}

fn words(step: &Step, owner: Owner) -> String {
    let found = match (step.found, owner) {
        (Found::AtWork, Owner::Nobody) => "was at work; `ostler` goes on with it".to_owned(),
        (Found::AtWork, _) => "at work; it goes on by itself".to_owned(),
        (Found::Waits, Owner::Nobody) => "waits to go; `ostler` goes on with it".to_owned(),
        (Found::Waits, _) if step.after.is_empty() => "waits to go; it does by itself".to_owned(),
        (Found::Waits, _) => "waits to go".to_owned(),
        (Found::Passing(class), _) => format!("failed ({class}), which passes"),
        (Found::NeedsYou, _) => "waits for you".to_owned(),
        (Found::Failed, _) => "failed for good".to_owned(),
        (Found::Lost, _) => "lost; nothing starts there until that is settled".to_owned(),
    };
    let after: Vec<&str> = step.after.iter().map(WorkstreamId::as_str).collect();
    if after.is_empty() { found } else { format!("{found}, after {}", after.join(", ")) }
}
