//! `ostler agents`: the agents that there are, and what their output means.

mod classify;
mod fared;
mod known;

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::failure::{Code, Outcome};
use super::project::ProjectArguments;
use super::say;
use crate::agents::plain;
use known::Known;

/// Commands longer than this are cut in the table.
const COMMAND: usize = 60;

/// What `ostler agents` takes.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AgentsArguments {
    /// As one JSON object.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say what saved output of an agent means: why it failed, if it did, and which line says so.
    Classify(classify::ClassifyArguments),
}

/// Runs `ostler agents`.
pub fn run(project: &ProjectArguments, arguments: &AgentsArguments) -> Outcome {
    let (mut all, opened) = known::known(project)?;
    match &arguments.what {
        Some(What::Classify(arguments)) => classify::run(&all, arguments),
        None if arguments.json => {
            if let Some(opened) = &opened {
                fared::fill(&mut all, opened)?;
            }
            let agents: Vec<Value> = all.iter().map(told).collect();
            say::line(format_args!("{}", json!({ "agents": agents })));
            Ok(Code::Done)
        }
        None => {
            say::line(format_args!("{}", table(&all).trim_end()));
            Ok(Code::Done)
        }
    }
}

fn told(agent: &Known) -> Value {
    let fared = agent.fared.as_ref();
    json!({
        "name": agent.name,
        "preset": agent.preset,
        "about": agent.about,
        "file": agent.file,
        "configured": agent.is_configured,
        "installed": agent.program.is_some(),
        "program": agent.program,
        "unavailable": agent.unavailable,
        "command": agent.command,
        "condition": fared.map(|it| it.condition),
        "why": fared.map(|it| &it.why),
        "breaker": fared.map(|it| &it.breaker),
        "health": fared.map(|it| &it.health),
        "calibration": fared.and_then(|it| it.calibration),
    })
}

fn table(all: &[Known]) -> String {
    let mut rows = vec![["AGENT", "PRESET", "INSTALLED", "COMMAND"].map(str::to_owned)];
    rows.extend(all.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), 0];
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let _infallible = write!(line, "{cell}{room}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(agent: &Known) -> [String; 4] {
    let installed = match (&agent.unavailable, &agent.program) {
        (Some(_), _) => "-",
        (None, Some(_)) => "yes",
        (None, None) => "no",
    };
    let command = match &agent.unavailable {
        Some(why) => format!("({why})"),
        None => agent.command.join(" "),
    };
    let preset = match &agent.file {
        Some(_) => format!("{} (yours)", agent.preset),
        None => agent.preset.clone(),
    };
    [agent.name.clone(), preset, installed.to_owned(), plain::cut(&command, COMMAND)]
}
