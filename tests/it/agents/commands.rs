//! Argument vectors.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ostler::agents::command::{ARGUMENT_LIMIT, FillError, Placeholders, fill, fill_env};
use ostler::config::plan::Agent;
use ostler::config::preset::{Patterns, PromptDelivery};
use ostler::core::definition::Expects;
use ostler::core::policy::{Growth, Responses, RetryPolicy, Timeouts};
use ostler::keeper::spec::Io;

pub(super) fn agent(command: &[&str]) -> Agent {
    let ten = Duration::from_secs(10);
    Agent {
        name: "aider".into(),
        contends: None,
        preset: "aider".to_owned(),
        command: command.iter().map(|&argument| argument.to_owned()).collect(),
        io: Io::File,
        env: BTreeMap::new(),
        prompt: PromptDelivery::Argument,
        probe: None,
        probe_timeout: ten,
        leaves: Vec::new(),
        resume: Vec::new(),
        timeouts: Timeouts { soft: None, hard: ten, idle: None },
        retry: RetryPolicy {
            max: 0,
            backoff: Growth::None,
            delay: Duration::ZERO,
            max_delay: Duration::ZERO,
            jitter: 0,
        },
        responses: Responses::default(),
        max_workers: None,
        grace: ten,
        capacity: None,
        expects: Expects::Change,
        patterns: Patterns::default(),
        unavailable: None,
        model: None,
    }
}

fn values() -> Placeholders {
    Placeholders {
        prompt: "Use {files}, 'quotes' and $HOME\nin two lines".to_owned(),
        prompt_file: "/state/ws-03/2/prompt.md".into(),
        worktree: "/shop/.worktrees/ws-03".into(),
        attempt_dir: "/state/ws-03/2".into(),
        workstream: "ws-03".to_owned(),
        files: vec![PathBuf::from("src/error.rs"), PathBuf::from("a file.rs")],
        ostler: "/usr/bin/ostler".into(),
        session: None,
    }
}

#[test]
fn placeholders_are_filled_in_once() {
    let agent = agent(&[
        "aider",
        "--history={attempt_dir}/{workstream}.md",
        "{prompt}",
        "{prompt_file}",
        "{worktree}",
        "{files}",
        "--only={files}",
        "{unknown} {",
        "{prompt",
        "{}",
    ]);
    insta::assert_debug_snapshot!(fill(&agent, &values()).unwrap());
}

#[test]
fn no_files_are_no_argument() {
    let none = Placeholders { files: Vec::new(), ..values() };
    assert_eq!(fill(&agent(&["aider", "{files}", "-x"]), &none).unwrap(), ["aider", "-x"]);
}

#[test]
fn variables_are_filled_in() {
    let mut agent = agent(&["aider"]);
    agent.env.insert("LOG".to_owned(), "{attempt_dir}/log".to_owned());
    assert_eq!(fill_env(&agent, &values())["LOG"], "/state/ws-03/2/log");
}

#[test]
fn a_prompt_that_no_argument_takes_is_refused_with_the_way_out() {
    let long = Placeholders { prompt: "x".repeat(ARGUMENT_LIMIT + 1), ..values() };
    let error = fill(&agent(&["aider", "-m", "{prompt}"]), &long).unwrap_err();
    insta::assert_snapshot!(error);
    assert!(fill(&agent(&["aider", "{prompt_file}"]), &long).is_ok());
    let nul = Placeholders { prompt: "a\0b".to_owned(), ..values() };
    let error = fill(&agent(&["aider", "{prompt}"]), &nul).unwrap_err();
    assert_eq!(error, FillError::Nul { agent: "aider".to_owned() });
    let error = fill(&agent(&[]), &values()).unwrap_err();
    assert_eq!(error, FillError::NoCommand { agent: "aider".to_owned() });
}
