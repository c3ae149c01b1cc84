//! `ostler doctor`: each thing with ok, warn or bad, what it means and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::project::Project;

const GOOD: &str = "
agents:
  good: { command: [sh, -c, 'echo x > x'] }
  gone: { command: [no-such-program-anywhere] }
  api: { preset: claude-api, model: some, api_key_env: THE_KEY }
chain: [gone, good, api]
workstreams: [{ id: a, prompt: do it }]
";

/// What `doctor --json` says, and whether it is content.
fn doctor(project: &Project) -> (i32, Value) {
    let said = project.run(&["doctor", "--json"]);
    (said.code.unwrap(), serde_json::from_str(&said.out).unwrap())
}

#[track_caller]
fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["check"] == name);
    assert!(found.is_some(), "no {name} in {report}");
    found.unwrap()
}

#[track_caller]
fn expect(report: &Value, name: &str, state: &str, words: &str) {
    let check = check(report, name);
    let text = format!("{} {}", check["found"], check["advice"]);
    assert!(check["state"] == state && text.contains(words), "{name}: {check}");
}

#[test]
fn a_project_that_is_fine_has_nothing_bad() {
    let project = Project::new(GOOD);
    let (code, report) = doctor(&project);
    assert_eq!((code, &report["bad"]), (0, &Value::from(0)), "{report}");
    expect(&report, "git", "ok", "version ");
    expect(&report, "repository", "ok", "uncommitted");
    expect(&report, "configuration", "ok", "1 workstream");
    expect(&report, "base", "ok", "what is checked out");
    expect(&report, "state", "ok", "mode 700");
    expect(&report, "agent good", "ok", "`sh`");
    expect(&report, "agent gone", "warn", "was not found");
    expect(&report, "agent api", "warn", "THE_KEY is not set");
    expect(&report, "locale", "ok", "UTF-8");
    for name in ["state disk", "worktrees", "login", "control group", "open files", "processes"] {
        check(&report, name);
    }
    let said = project.run(&["doctor"]);
    said.expect(0, &["warn  agent gone", "→ install it, or leave it out of the chain"]);
    said.expect(0, &["nothing is bad; "]);
    project.configure(&GOOD.replace("prompt: do it", "prompt: do it, race: 2"));
    expect(&doctor(&project).1, "agent race", "ok", "is ostler itself");
}

#[test]
fn what_is_bad_is_said_with_what_to_do() {
    let project = Project::new(&GOOD.replace("chain: [gone, good, api]", "chain: [gone]"));
    let (code, report) = doctor(&project);
    assert_eq!(code, 1);
    expect(&report, "chain", "bad", "no agent of the chain of a is installed");

    project.configure(&format!("{GOOD}base: mian\n"));
    expect(&doctor(&project).1, "base", "bad", "`main`");
    project.configure("chane: []\n");
    let (code, report) = doctor(&project);
    assert_eq!(code, 1);
    expect(&report, "configuration", "bad", "unknown key `chane`");
    check(&report, "login");

    project.configure_as(&format!("limits: {{ min_free_disk: 9000000GB }}\n{GOOD}"));
    expect(&doctor(&project).1, "free space", "bad", "make room");
    project.configure(GOOD);
    let state = project.home.join("state/ostler");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
    expect(&doctor(&project).1, "state", "bad", "run: chmod 700 ");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn it_has_something_to_say_outside_of_a_repository_too() {
    let project = Project::bare_ground();
    let (code, report) = doctor(&project);
    assert_eq!(code, 1);
    expect(&report, "repository", "bad", "is not inside a git repository");
    check(&report, "terminal");
}

#[test]
fn tools_tell_their_versions_and_those_that_hang_are_not_waited_for() {
    let project = Project::new(&GOOD.replace("[gone, good, api]", "[codex, gemini]"));
    let bin = project.home.join("bin");
    fs::create_dir(&bin).unwrap();
    for (name, script) in [("codex", "echo codex 9.8.7"), ("gemini", "exit 3")] {
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = project.command(&["doctor", "--json"]);
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", bin.display()));
    let said = crate::project::Running::start(command, &project.home).join();
    let report: Value = serde_json::from_str(&said.out).unwrap();
    expect(&report, "agent codex", "ok", "codex 9.8.7");
    expect(&report, "agent gemini", "warn", "`gemini --version` fails");
}
