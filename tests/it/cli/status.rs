//! What `status` tells.

use std::collections::BTreeSet;

use ostler::core::phase::PhaseWord;
use serde_json::Value;

use crate::project::Project;

const CONFIG: &str = "
agents:
  good: { command: [sh, -c, 'echo done > work.txt'] }
  bad: { command: [sh, -c, 'echo broken; exit 7'] }
  slow:
    command: [sh, -c, 'ostler progress 3/10 \"half way\"; touch $HOME/told; while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x']
    timeout: { soft: 200ms }
on: { exit_code: next }
limits: { parallel: 8 }
workstreams:
  - { id: works, title: At work, prompt: do it, chain: [bad, slow, good] }
  - { id: waits, title: Waits, prompt: do it, chain: [bad] }
  - { id: later, title: Later, prompt: do it, chain: [good], after: [works] }
";

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The keys that are promised are there; more may be.
#[track_caller]
fn has(value: &Value, promised: &[&str]) {
    let found = keys(value);
    for key in promised {
        assert!(found.contains(key), "no {key} in {value}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one object, told from its first key to its last")]
fn as_json_it_has_the_shape_that_scripts_rely_on() {
    let project = Project::new(&CONFIG.replace("limits: { parallel: 8 }\n", ""));
    // Before anything was started it can be asked, too.
    let before = project.workstream("works");
    assert_eq!((&before["phase"], &before["attempt"]), (&"queued".into(), &Value::Null));
    assert!(!project.root.join(".worktrees").exists());

    let up = project.start(&["up", "--headless"]);
    project.until_file("told");
    project.until_phase("waits", PhaseWord::Escalated);
    let told = project.until("progress and slowness", || {
        let told = project.workstream("works");
        (told["progress"] != Value::Null && told["slow"] == true).then_some(told)
    });
    let status = project.status();
    let expected = ["agents", "alerts", "banner", "escalations", "workstreams"];
    assert_eq!(keys(&status), BTreeSet::from(expected));
    assert_eq!(status["alerts"][0]["key"], "waits/waits");
    let promised = [
        "id",
        "title",
        "phase",
        "intent",
        "agent",
        "tier",
        "chain",
        "attempt",
        "failure_class",
        "slow",
        "progress",
        "worktree",
        "branch",
        "log",
        "agent_pid",
        "keeper_pid",
        "owner_pid",
        "elapsed_s",
        "explain",
    ];
    let all = status["workstreams"].as_array().unwrap();
    assert_eq!(all.iter().map(|it| &it["id"]).collect::<Vec<_>>(), ["works", "waits", "later"]);
    for workstream in all {
        has(workstream, &promised);
    }
    let agent = project.agent("works").unwrap();
    assert_eq!(told["title"], "At work");
    assert_eq!((&told["phase"], &told["intent"]), (&"running".into(), &"run".into()));
    assert_eq!((&told["agent"], &told["tier"]), (&"slow".into(), &1.into()));
    assert_eq!(told["attempt"], 2);
    let chain = told["chain"].as_array().unwrap();
    assert_eq!(
        chain.iter().map(keys).next().unwrap(),
        BTreeSet::from(["agent", "reason", "state"])
    );
    let marks: Vec<&Value> = chain.iter().map(|link| &link["state"]).collect();
    assert_eq!(marks, ["failed", "running", "untried"]);
    assert_eq!(chain[0]["reason"], "exit_code: it exited with 7");
    has(&told["progress"], &["done", "total", "source"]);
    assert_eq!((&told["progress"]["done"], &told["progress"]["total"]), (&3.into(), &10.into()));
    assert_eq!(told["progress"]["source"], "status");
    assert_eq!(told["worktree"], project.root.join(".worktrees/works").display().to_string());
    assert_eq!(told["branch"], "ostler/works");
    assert_eq!(told["log"], project.log_path("works", 2).display().to_string());
    assert_eq!(
        (&told["agent_pid"], &told["keeper_pid"]),
        (&agent.pid.into(), &agent.keeper.into())
    );
    assert_eq!(told["owner_pid"], up.pid());
    assert!(told["elapsed_s"].as_f64().unwrap() > 0.0);
    assert!(told["explain"].as_str().unwrap().contains("slow"), "{told}");

    let waits = &status["escalations"][0];
    has(waits, &["workstream", "question"]);
    assert_eq!(waits["workstream"], "waits");
    assert!(waits["question"].as_str().unwrap().contains("exit_code"), "{waits}");
    assert_eq!(status["workstreams"][1]["failure_class"], "exit_code");
    assert_eq!(status["workstreams"][2]["phase"], "queued");
    let slow = status["agents"].as_array().unwrap().iter().find(|it| it["name"] == "slow").unwrap();
    assert_eq!(slow["running"], 1);

    // For people the same, as a table and a sentence each; one alone if it is asked for.
    let table = project.ok(&["status"]);
    assert!(table.contains("works") && table.contains("bad ✖ → slow * → good"), "{table}");
    let one = project.ok(&["status", "waits"]);
    assert!(one.contains("waits: It waits for you") && !one.contains("later"), "{one}");

    project.touch("go");
    up.join().expect(3, &[]);
    let after = project.workstream("works");
    assert_eq!(
        (&after["phase"], &after["agent_pid"], &after["owner_pid"]),
        (&"done".into(), &Value::Null, &Value::Null)
    );
    assert_eq!(after["progress"], Value::Null);
    assert_eq!(project.workstream("later")["phase"], "done");
}

#[test]
fn it_tells_what_attempts_took_and_their_sessions() {
    let project = Project::new(
        "
agents:
  tool:
    preset: claude-code
    command: [sh, -c, 'cat $HOME/begin; while [ ! -e $HOME/go ]; do sleep 0.1; done; cat $HOME/end; echo x > x']
workstreams: [{ id: a, prompt: do it, check: 'test -e $HOME/pass || { touch $HOME/pass; exit 1; }' }]
",
    );
    let begin = r#"{"type":"assistant","session_id":"s-1","message":{"id":"m1","usage":{"input_tokens":1000},"content":[{"type":"tool_use","name":"Bash"}]}}"#;
    let end = r#"{"type":"result","is_error":false,"session_id":"s-1","total_cost_usd":0.25,"usage":{"input_tokens":3000,"output_tokens":70}}"#;
    std::fs::write(project.home.join("begin"), format!("{begin}\n")).unwrap();
    std::fs::write(project.home.join("end"), format!("{end}\n")).unwrap();
    let up = project.start(&["up", "--headless"]);
    let told = project.until("session", || {
        let told = project.workstream("a")["attempts"][0].clone();
        (told["session"] == "s-1").then_some(told)
    });
    assert_eq!(told["usage"]["input_tokens"], 1000);
    project.touch("go");
    up.join().expect(0, &[]);
    let told = project.workstream("a");
    let first = &told["attempts"][0]["usage"];
    assert_eq!((&first["input_tokens"], &first["output_tokens"]), (&3000.into(), &70.into()));
    assert_eq!((&first["cost_usd"], &first["tool_calls"]), (&0.25.into(), &1.into()));
    // The check failed once, so there was a second attempt.
    assert_eq!(told["usage"]["cost_usd"], 0.25, "its dollars are those of the whole session");
    assert_eq!(told["usage"]["input_tokens"], 6000);
}
