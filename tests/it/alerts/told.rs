//! What other processes are told of alerts, and what they can do about them.

use ostler::core::phase::PhaseWord;

use crate::project::Project;
use crate::screen::stage::CONFIG;

#[test]
fn status_and_the_command_tell_what_is_wrong_and_take_note() {
    let project = Project::new(CONFIG);
    assert_eq!(project.status()["alerts"], serde_json::json!([]));
    assert_eq!(project.ok(&["alerts"]), "nothing is wrong\n");
    let up = project.start(&["up", "--headless"]);
    project.until("the second agent", || project.agent("a").filter(|it| it.attempt == 2));
    project.until_phase("b", PhaseWord::Escalated);
    up.until_out("b          alert, high, you must act: no agent is left");
    let told = project.status();
    let told = told["alerts"].as_array().expect("a list");
    let keys: Vec<_> = told.iter().map(|alert| alert["key"].as_str().expect("a key")).collect();
    assert_eq!(keys, ["b/waits", "a/fallback"]);
    assert_eq!((&told[0]["severity"], &told[0]["level"]), (&"high".into(), &"must_act".into()));
    assert_eq!((&told[1]["severity"], &told[1]["level"]), (&"low".into(), &"recovering".into()));
    assert_eq!(told[0]["workstream"], "b");
    assert!(told[0]["since_s"].is_u64());
    assert_eq!(told[1]["text"], "fell back from bad (exit_code) to slow");
    // What takes care of itself is a line already.
    assert!(!up.out().contains("alert, low"), "{}", up.out());

    project
        .run(&["alerts", "--acknowledge", "c/waits"])
        .expect(2, &["there is b/waits, a/fallback"]);
    let said = project.ok(&["alerts", "--acknowledge", "b/waits"]);
    assert!(said.contains("b/waits: high, you must act, for "), "{said}");
    assert!(said.contains(", acknowledged: no agent is left"), "{said}");
    assert_eq!(said.matches("acknowledged").count(), 1, "{said}");
    let said = project.ok(&["alerts", "--acknowledge-all", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert!(
        said["alerts"]
            .as_array()
            .is_some_and(|all| all.iter().all(|it| it["acknowledged"] == true))
    );
    project.touch("go");
    up.join().expect(3, &[]);
    let told = project.status();
    assert_eq!(told["alerts"].as_array().map(Vec::len), Some(1), "{}", told["alerts"]);
}

#[test]
fn what_holds_the_fleet_is_an_alert() {
    let project = Project::new(
        "
agents: { good: { command: [sh, -c, 'echo x > x'] } }
budget: { attempts: 1 }
workstreams:
  - { id: a, prompt: do it, chain: [good] }
  - { id: b, prompt: do it, chain: [good], after: [a] }
",
    );
    let up = project.start(&["up", "--headless"]);
    let line = "fleet      alert, high, fleet held: nothing starts, the budget is used up: 1 of 1";
    up.until_out(line);
    let told = project.status();
    assert_eq!(told["alerts"][0]["subject"], "fleet");
    assert_eq!(told["alerts"][0]["level"], "held");
    project.ok(&["stop", "b"]);
    up.join().expect(1, &["alert, high, fleet held"]);
}
