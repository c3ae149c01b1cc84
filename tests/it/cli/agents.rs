//! Which agents there are, and what saved output of them means.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::project::Project;

/// Writes a recording where a user would have it, without the line that says how it ended.
fn saved(project: &Project, name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let (_, log) = text.split_once('\n').unwrap();
    let path = project.home.join(name);
    fs::write(&path, log).unwrap();
    path.display().to_string()
}

fn preset(project: &Project, name: &str, text: &str) {
    let folder = project.home.join("config/ostler/agents");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn those_that_are_configured_come_first_then_every_preset() {
    let project = Project::new("agents: { fix: { command: [sh, -c, 'echo x > x'] } }\n");
    preset(&project, "mine.yaml", "about: my own\ncommand: [no-such-program]\n");
    let said = project.ok(&["agents"]);
    let lines: Vec<Vec<&str>> =
        said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["AGENT", "PRESET", "INSTALLED", "COMMAND"]);
    assert_eq!(lines[1][..4], ["fix", "command", "yes", "sh"]);
    let mine = lines.iter().find(|line| line[0] == "mine").unwrap();
    assert_eq!(mine[1..], ["mine", "(yours)", "no", "no-such-program"]);
    assert!(lines.iter().any(|line| line[..3] == ["replica", "replica", "yes"]), "{said}");

    let told: Value = serde_json::from_str(&project.ok(&["agents", "--json"])).unwrap();
    let told = told["agents"].as_array().unwrap();
    assert_eq!((&told[0]["name"], &told[0]["configured"]), (&json!("fix"), &json!(true)));
    assert_eq!(told[0]["installed"], true);
    assert!(told[0]["program"].as_str().unwrap().ends_with("/sh"), "{}", told[0]);
    let by_name = |name: &str| told.iter().find(|agent| agent["name"] == name).unwrap();
    assert_eq!(by_name("claude-api")["installed"], true, "it is part of this program");
    assert_eq!(by_name("aider")["configured"], false);
    let mine = by_name("mine");
    assert_eq!((&mine["about"], &mine["installed"]), (&json!("my own"), &json!(false)));
    assert!(mine["file"].as_str().unwrap().ends_with("agents/mine.yaml"), "{mine}");
    assert!(!told.iter().any(|agent| agent["name"] == "command"), "it has no command of its own");
}

#[test]
fn saved_output_is_classified_with_its_evidence() {
    let project = Project::bare_ground();
    let log = saved(&project, "aider-401.log");
    let said = project.ok(&["agents", "classify", "aider", &log, "--exit", "0"]);
    assert!(said.starts_with("auth: The key or the login was refused"), "{said}");
    assert!(said.contains("rule   aider.auth#1\n"), "{said}");

    let json = |args: &[&str]| -> Value {
        let said = project.ok(&[&["agents", "classify", "--json"], args].concat());
        serde_json::from_str(&said).unwrap()
    };
    let told = json(&["aider", &log]);
    assert_eq!((&told["class"], &told["verdict"]), (&json!("auth"), &json!("failure")));
    let offset = usize::try_from(told["offset"].as_u64().unwrap()).unwrap();
    let text = fs::read_to_string(&log).unwrap();
    assert!(text[offset..].starts_with("litellm.AuthenticationError"), "{told}");
    let number = 1 + text[..offset].matches('\n').count();
    assert_eq!(told["line_number"], number);
    assert_eq!(told["reset_at"], Value::Null, "none was stated");

    let stated = json(&["gemini", &saved(&project, "gemini-429-1.log"), "--exit", "173"]);
    assert_eq!(stated["class"], "rate_limit");
    assert!(stated["reset_at"].as_str().unwrap().ends_with('Z'), "{stated}");

    let denied =
        json(&["claude-code", &saved(&project, "claude-code-no-permission.log"), "--exit", "0"]);
    assert_eq!(
        (&denied["verdict"], &denied["hint"]["class"]),
        (&json!("success"), &json!("denied"))
    );
    assert_eq!(
        (&denied["usage"]["tool_calls"], &denied["session"]),
        (&json!(1), &json!("766d8a13-12e3-494a-ba75-3c6881eff8a2"))
    );

    let empty = project.home.join("empty.log");
    fs::write(&empty, "").unwrap();
    let empty = empty.display().to_string();
    for (exit, class) in [
        ("0", Value::Null),
        ("7", json!("exit_code")),
        ("TERM", json!("crashed")),
        ("signal:9", json!("crashed")),
    ] {
        let told = json(&["codex", &empty, "--exit", exit]);
        assert_eq!((&told["class"], &told["verdict"]), (&class, &json!("silent")), "{exit}");
    }
    assert_eq!(json(&["codex", &empty, "--exit", "signal"])["exit"], json!({ "signal": 9 }));
}

#[test]
fn what_cannot_be_classified_says_why() {
    let project = Project::bare_ground();
    let run = |args: &[&str]| project.run(&[&["agents", "classify"], args].concat());
    run(&["aidr", "x"]).expect(2, &["there is no agent or preset `aidr`; there are: aider"]);
    run(&["aider", "nowhere.log"]).expect(2, &["nowhere.log: No such file"]);
    run(&["aider", "x", "--exit", "soon"]).expect(2, &["a signal such as TERM"]);
}

#[test]
fn presets_of_the_user_replace_and_extend_those_that_are_built_in() {
    let project = Project::bare_ground();
    let log = project.home.join("codex.log");
    fs::write(&log, "gateway: come back in 90 s\n").unwrap();
    let log = log.display().to_string();
    let class = |preset: &str| -> Value {
        let said = project.ok(&["agents", "classify", preset, &log, "--exit", "1", "--json"]);
        serde_json::from_str::<Value>(&said).unwrap()["class"].clone()
    };
    assert_eq!(class("codex"), "exit_code");
    let rule = "output: { failure: [{ class: overloaded, text: '^gateway: come back in (?P<reset_s>[0-9]+) s' }] }\n";
    preset(&project, "codex.yaml", &format!("extends: codex\n{rule}"));
    preset(&project, "other.yaml", "extends: codex\nmodel: small\n");
    preset(&project, "aider.yaml", &format!("command: [other-aider]\n{rule}"));
    assert_eq!(class("codex"), "overloaded");
    assert_eq!(class("other"), "overloaded", "it extends what extends");
    assert_eq!(class("aider"), "overloaded");
    // What it does not say is as it was, unless it does not extend.
    let quota = saved(&project, "codex-quota.log");
    let said = project.ok(&["agents", "classify", "other", &quota, "--exit", "1"]);
    assert!(said.starts_with("quota: "), "{said}");
    let auth = saved(&project, "aider-401.log");
    let said = project.ok(&["agents", "classify", "aider", &auth, "--exit", "0"]);
    assert!(said.starts_with("silent: "), "{said}");

    preset(&project, "wrong.yaml", "extends: codx\n");
    let said = project.run(&["agents"]);
    said.expect(2, &["there is no preset `codx` to extend", "did you mean `codex`?"]);
}

#[test]
fn how_they_have_fared_is_told_once_attempts_have_ended() {
    let project = Project::new(
        "on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'echo no; exit 7'] }
  good:
    command: [sh, -c, 'echo yes; until grep -q attempt.:2,.*first_output {attempt_dir}/../journal.jsonl; do sleep 0.1; done; echo x > x']
chain: [bad, good]
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it }
  - { id: c, prompt: do it }
  - { id: d, prompt: do it }
  - { id: e, prompt: do it }
",
    );
    let told = |project: &Project| -> Vec<Value> {
        let told: Value = serde_json::from_str(&project.ok(&["agents", "--json"])).unwrap();
        told["agents"].as_array().unwrap().clone()
    };
    let before = told(&project);
    assert_eq!(
        (&before[0]["condition"], &before[0]["calibration"]),
        (&json!("unknown"), &json!(null))
    );
    project.headless().expect(0, &["5 done"]);
    let [bad, good] = &told(&project)[..2] else { panic!("two are configured") };
    assert_eq!((&bad["name"], &bad["condition"]), (&json!("bad"), &json!("degraded")));
    assert_eq!(bad["why"], "its last attempt failed: exit_code");
    assert_eq!(
        (&good["condition"], &good["breaker"]["state"]),
        (&json!("healthy"), &json!("closed"))
    );
    assert_eq!(good["health"]["success_rate"], 1.0);
    assert!(good["health"]["first_output"].is_u64(), "somebody was looking: {good}");
}
