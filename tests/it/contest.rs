//! Tiers whose agents work side by side, with real processes.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod ends;
mod races;
mod slots;
mod votes;

use std::fs;

use ostler::core::Workstream;
use serde_json::Value;

use crate::project::Project;

/// Three agents that do what their scripts say, and one that does the work whatever happens.
const AGENTS: &str = r#"
supervisor_grace: 1s
agents:
  one: { command: [sh, -c, '. "$HOME/one.sh"'], on: { check_failed: next, exit_code: next } }
  two: { command: [sh, -c, '. "$HOME/two.sh"'], on: { check_failed: next, exit_code: next } }
  three: { command: [sh, -c, '. "$HOME/three.sh"'], on: { check_failed: next, exit_code: next } }
  last: { command: [sh, -c, "echo last > done.txt"] }
  race: { grace: 30s }
"#;

/// What an agent does that does not end by itself: it leaves half of something and says that it is there.
const WAITS: &str = "echo half > half.txt; echo $$ > $HOME/there; until [ -e $HOME/go ]; do sleep 0.05; done; echo late > done.txt\n";

/// A project whose agents run these scripts, with this to be said of its one workstream.
fn project(scripts: &[(&str, &str)], workstream: &str) -> Project {
    let project = Project::new(&format!(
        "{AGENTS}workstreams: [{{ id: a, prompt: Make done.txt., check: test -f done.txt, {workstream} }}]\n"
    ));
    for (name, script) in scripts {
        let script = script.replace("$HOME", &project.home.display().to_string());
        fs::write(project.home.join(format!("{name}.sh")), script).unwrap();
    }
    project
}

/// What became of each contestant, by its number.
fn inner(state: &Workstream, attempt: usize) -> Vec<String> {
    let mut all: Vec<String> = state.attempts[attempt]
        .account
        .inner
        .iter()
        .map(|it| format!("{} {it}", it.contestant.unwrap()))
        .collect();
    all.sort();
    all
}

fn home(project: &Project, file: &str) -> Option<String> {
    fs::read_to_string(project.root.join(".worktrees/a").join(file)).ok()
}

/// The ends in the outcome log, as words.
fn outcomes(project: &Project) -> Vec<String> {
    let text = fs::read_to_string(project.state().join("outcomes.jsonl")).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ends = lines.filter(|line| line["what"] == "ended");
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or("-").to_owned();
    let mut ends: Vec<String> = ends
        .map(|line| {
            format!("{} {} {}", word(&line, "agent"), word(&line, "end"), word(&line, "class"))
        })
        .collect();
    ends.sort();
    ends
}
