//! What would be done, and the longest that it can take.

use serde_json::Value;

use crate::project::Project;

pub const CONFIG: &str = "
agents:
  first:
    { command: [sh, -c, 'echo x > x'], timeout: { soft: 5m, hard: 20m, idle: 6m }, grace: 10s,
      retry: { max: 1, backoff: exponential, delay: 10s, max_delay: 1m, jitter: 0 } }
  second: { command: [sh, -c, 'echo x > x'], timeout: { soft: off, hard: 10m, idle: off } }
limits: { parallel: 4, attempts: 3 }
on:
  rate_limit: [{ backoff: 90s }, next]
  network: retry
  hard_timeout: [{ goto: second }, fail]
check: 'true'
workstreams:
  - { id: words, title: The words, prompt: do it }
  - { id: later, title: Later, prompt: do it, chain: [second], after: [words] }
";

/// A repository with this configuration and no other.
pub fn planned() -> Project {
    let project = Project::without_config();
    project.configure_as(CONFIG);
    project
}

#[test]
fn a_plan_tells_answers_and_the_longest_it_can_take() {
    let project = planned();
    let said = project.ok(&["plan"]);
    for line in [
        "  timeouts  soft 5:00, hard 20:00, idle 6:00; TERM, and KILL 10 s later",
        "  retries   1 where a class does not say how many; after 10 s, each wait twice as long, at most 1:00",
        "  rate_limit                      retry after 1:30, then the next agent",
        "  network, invalid_response,      retry, then the next agent",
        "  hard_timeout                    second, then give up",
        "words The words",
        "  chain       first → second → you decide",
        "  after       words",
        "  attempts    at most 3 until you say go again",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}\n\n{said}");
    }
    let only = project.ok(&["plan", "later"]);
    assert!(!only.contains("words The words") && !only.contains("\nfirst\n"), "{only}");
    assert!(project.find_state().is_none(), "looking leaves nothing behind");

    let told: Value = serde_json::from_str(&project.ok(&["plan", "words", "--json"])).unwrap();
    let words = &told["workstreams"][0];
    assert_eq!(words["chain"][0]["hard_s"], 1200.0);
    assert_eq!(words["chain"][0]["on"]["network"]["words"], "retry, then the next agent");
    let worst = &words["worst_case"];
    assert_eq!((&worst["bounded"], &worst["attempts"]), (&true.into(), &3.into()));
    // Three attempts of twenty minutes each at least.
    assert!(worst["total_s"].as_f64().unwrap() > 3600.0, "{worst}");
}
