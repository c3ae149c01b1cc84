//! Policies on a clock that jumps, with agents that are made up.

use std::fs;

use serde_json::Value;

use super::plan::{CONFIG, planned};

const AGENTS: &str = "
agents:
  first:
    success: 0.9
    takes: { p50: 5m, p95: 12m }
    check_passes: 0.95
    tokens: 50000
    cost_usd: 0.25
    outages: [{ from: 10m, to: 1h10m, class: network, after: 20s }]
  second: { takes: 4m, tokens: 80000, cost_usd: 0.5 }
";

#[test]
fn policies_are_played_side_by_side() {
    let project = planned();
    fs::write(project.root.join("agents.yaml"), AGENTS).unwrap();
    fs::write(project.root.join("wide.yaml"), CONFIG.replace("parallel: 4", "parallel: 12"))
        .unwrap();
    let play = ["simulate", "--agents", "agents.yaml", "--workstreams", "200"];
    let both = ["--policy", "ostler.yaml", "--policy", "wide.yaml"];
    let args = [&play[..], &both[..]].concat();
    let said = project.ok(&args);
    let head = said.lines().find(|line| line.split_whitespace().eq(["ostler", "wide"]));
    assert!(head.is_some() && said.contains("work done over "), "{said}");
    assert_eq!(said, project.ok(&args));
    assert_ne!(said, project.ok(&[&args[..], &["--seed", "2"]].concat()));

    let told: Value =
        serde_json::from_str(&project.ok(&[&args[..], &["--json"]].concat())).unwrap();
    let [narrow, wide] = [0, 1].map(|place| &told["policies"][place]);
    assert_eq!((&narrow["most_at_once"], &wide["most_at_once"]), (&4.into(), &12.into()));
    assert!(wide["last_done_s"].as_f64() < narrow["last_done_s"].as_f64(), "{told}");
    assert!(narrow["agents"]["first"]["failures"]["network"].as_u64() > Some(0), "{told}");
}

#[test]
fn agents_are_played_as_they_have_been() {
    let project = planned();
    let before = project.ok(&["simulate"]);
    assert!(
        before.starts_with("agents that are made up, since too little is known of first, second")
    );
    let config = "
agents: { first: { command: [sh, -c, 'echo x > x'] }, second: { command: [sh, -c, 'echo x > x'] } }
limits: { parallel: 8 }
workstreams:
  - { id: a, title: A, prompt: do it, chain: [first] }
  - { id: b, title: B, prompt: do it, chain: [first] }
  - { id: c, title: C, prompt: do it, chain: [first] }
  - { id: d, title: D, prompt: do it, chain: [first] }
  - { id: e, title: E, prompt: do it, chain: [first] }
";
    project.configure_as(config);
    assert_eq!(project.headless().code, Some(0));
    let said = project.ok(&["simulate", "--workstreams", "40"]);
    let known = "first as they have been here; second made up, since too little is known of them";
    assert!(said.starts_with(known), "{said}");
    // All five succeeded, so all do.
    let words = ["first:", "succeeded", "40", "of", "40"];
    assert!(said.lines().any(|line| line.split_whitespace().eq(words)), "{said}");
}

#[test]
fn the_example_can_be_played() {
    let project = planned();
    let root = env!("CARGO_MANIFEST_DIR");
    let example = format!("{root}/config/simulations/outage.yaml");
    let said = project.ok(&["simulate", "--agents", &example, "--over", "1d", "--until", "12h"]);
    assert!(said.contains("outage.yaml; seed 1"), "{said}");
}

#[test]
fn what_is_wrong_with_made_up_agents_is_told_by_its_place() {
    let project = planned();
    let wrong = "
agents:
  first:
    succes: 0.9
    takes: { p50: 5m }
    check_passes: 2
    failures: { netwrk: 1, probe_failed: 1 }
    outages: [{ from: 1h, to: 10m }]
";
    fs::write(project.root.join("agents.yaml"), wrong).unwrap();
    let said = project.run(&["simulate", "--agents", "agents.yaml"]);
    assert_eq!(said.code, Some(2));
    for words in [
        "agents.yaml:4:5",
        "unknown key `succes`",
        "did you mean `success`?",
        "expected `p50` and a `p95` that is not less",
        "`2` is not a likelihood from 0 to 1",
        "`netwrk` is not a failure class",
        "attempts that were started do not fail in this way",
        "it ends before it begins",
    ] {
        assert!(said.err.contains(words), "{words}\n\n{}", said.err);
    }
    let said = project.run(&["simulate", "--agents", "none.yaml"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("none.yaml"), "{}", said.err);
}
