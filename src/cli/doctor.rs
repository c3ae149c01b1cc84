//! `ostler doctor`: what this machine, repository and terminal are fit for, and what to do where they are not.

mod agents;
mod check;
mod git;
mod limits;
mod login;
mod project;
mod state;
mod terminal;

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;
use serde_json::json;

use super::failure::{Code, Outcome};
use super::project::ProjectArguments;
use super::say;
use check::{Check, State};

/// What `ostler doctor` takes.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `ostler doctor`: exit code 0 if nothing is bad.
pub fn run(project: &ProjectArguments, arguments: &DoctorArguments) -> Outcome {
    let checks = checks(project);
    if arguments.json {
        let count = |state| checks.iter().filter(|check| check.state == state).count();
        let (bad, warn) = (count(State::Bad), count(State::Warn));
        say::line(format_args!("{}", json!({ "checks": checks, "bad": bad, "warn": warn })));
    } else {
        say::line(format_args!("{}", print(&checks)));
    }
    let is_bad = checks.iter().any(|check| check.state == State::Bad);
    Ok(if is_bad { Code::Failed } else { Code::Done })
}

fn checks(arguments: &ProjectArguments) -> Vec<Check> {
    let mut checks = vec![git::program()];
    let here = std::env::current_dir().unwrap_or_else(|_| Path::new(".").to_owned());
    let found = project::look(&here, arguments.config.as_deref(), &mut checks);
    if let Some((project, plan)) = &found {
        state::look(project, plan, &mut checks);
        agents::look(plan, &mut checks);
    }
    login::look(&mut checks);
    limits::look(&mut checks);
    terminal::look(&mut checks);
    checks
}

/// Writes a line a check, and below it what it means where it is not good.
fn print(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for check in checks {
        let (state, name, found) = (check.state.word(), &check.name, &check.found);
        let _infallible = writeln!(text, "{state:<4}  {name:<width$}  {found}");
        if let Some(advice) = &check.advice {
            let _infallible = writeln!(text, "      {:width$}  → {advice}", "");
        }
    }
    let count = |state| checks.iter().filter(|check| check.state == state).count();
    let sum = match (count(State::Bad), count(State::Warn)) {
        (0, 0) => "all is well".to_owned(),
        (0, warn) => format!("nothing is bad; {warn} to look at"),
        (bad, warn) => format!("{bad} bad, {warn} to look at"),
    };
    text + "\n" + &sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_good_says_what_to_do() {
        let checks = [
            Check::ok("git", "version 2.47"),
            Check::warn("terminal", "TERM is not set", "open one"),
            Check::bad("state", "belongs to another user", "set XDG_STATE_HOME"),
        ];
        let expected = "\
ok    git       version 2.47
warn  terminal  TERM is not set
                → open one
bad   state     belongs to another user
                → set XDG_STATE_HOME

1 bad, 1 to look at";
        assert_eq!(print(&checks), expected);
        assert!(print(&checks[..1]).ends_with("all is well"));
        assert!(print(&checks[..2]).ends_with("nothing is bad; 1 to look at"));
    }
}
