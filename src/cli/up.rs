//! `ostler up`

use std::io::IsTerminal as _;

use clap::Args;

use super::failure::{Failure, Outcome};
use super::project::ProjectArguments;
use super::{headless, opened, screen};
use crate::tui::state::Leaving;

/// What `ostler up` takes.
#[derive(Debug, Default, Args)]
pub struct UpArguments {
    /// Without a screen: a line per event, and the end when nothing is left to do.
    #[arg(long)]
    headless: bool,
    /// Leaving stops everything; whoever started this removes the rest.
    #[arg(long, hide = true)]
    ephemeral: bool,
}

/// Runs `ostler up`.
pub fn run(project: &ProjectArguments, arguments: &UpArguments) -> Outcome {
    let mut opened =
        if arguments.headless { opened::open(project)? } else { opened::open_or_last(project)? };
    warn_of_uncommitted(&mut opened);
    let leaving = if arguments.ephemeral { Leaving::EndsAll } else { Leaving::HandsOver };
    if arguments.headless {
        if opened.plan.workstreams.is_empty() {
            return Err(Failure::wrong(nothing_to_do(&opened)));
        }
        opened.check_base()?;
        return headless::run(opened, leaving);
    }
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failure::wrong(
            "the screen needs a terminal; run `ostler up --headless` where there is none",
        ));
    }
    // What runs already needs no base, so the screen opens without one.
    if let Err(failure) = opened.check_base() {
        opened.warnings.push(failure.text);
    }
    screen::run(opened, &screen::Way { leaving, ..screen::Way::default() })
}

/// Warns of changes that no agent will see: worktrees are made from a commit.
fn warn_of_uncommitted(opened: &mut opened::Opened) {
    if let Ok(count @ 1..) = opened.project.dirty() {
        let files = if count == 1 { "1 file has" } else { &format!("{count} files have") };
        let text = format!("{files} changes that are not committed; worktrees do not have them");
        opened.warnings.push(text);
    }
}

fn nothing_to_do(opened: &opened::Opened) -> String {
    opened.plan.file.as_ref().map_or_else(
        || {
            let root = opened.project.root().display();
            format!(
                "there is no ostler.yaml in {root}; `ostler init` writes one to start from, and `ostler new` adds a \
                 workstream"
            )
        },
        |file| format!("{} declares no workstreams; `ostler new` adds one", file.display()),
    )
}
