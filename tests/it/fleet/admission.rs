//! Who is let go when, by what the machine and the configuration allow.

use ostler::core::phase::PhaseWord;

use super::QUICK;
use crate::project::Project;

const AGENT: &str = "
agents:
  waits: { command: [sh, -c, 'echo >> $HOME/at-work; while [ ! -e $HOME/go ]; do sleep 0.02; done; echo x > x'], capacity: 1 }
  other: { command: [sh, -c, 'echo x > x'] }
";

fn project(more: &str) -> Project {
    let project = Project::without_config();
    project.configure_as(&format!("{QUICK}{AGENT}{more}"));
    project
}

#[test]
fn an_agent_with_few_places_is_waited_for_while_others_work() {
    let project = project(
        "
workstreams:
  - { id: a, prompt: do it, chain: [waits] }
  - { id: b, prompt: do it, chain: [waits] }
  - { id: c, prompt: do it, chain: [other] }
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_file("at-work");
    project.until_phase("c", PhaseWord::Done);
    let told = project.workstream("b");
    assert_eq!(told["phase"], "queued");
    let explain = told["explain"].to_string();
    assert!(explain.contains("waits for waits, which may make 1 attempt at a time"), "{explain}");
    project.touch("go");
    up.join().expect(0, &["3 done"]);
    assert_eq!(project.read("at-work").lines().count(), 2);
}

#[test]
fn more_memory_than_there_is_is_waited_for() {
    let project = project(
        "
limits: { parallel: 2, min_free_memory: 900000GB }
workstreams: [{ id: a, prompt: do it, chain: [other] }]
",
    );
    let up = project.start(&["up", "--headless"]);
    up.until_out("too little memory: ");
    let explain = project.workstream("a")["explain"].to_string();
    assert!(explain.contains("waits for "), "{explain}");
    project.configure_as(&format!(
        "{QUICK}{AGENT}workstreams: [{{ id: a, prompt: do it, chain: [other] }}]\n"
    ));
    up.join().expect(0, &["there is memory again", "1 done"]);
}

#[test]
fn a_budget_that_is_used_up_stops_launches() {
    let project = project(
        "
budget: { attempts: 1 }
limits: { parallel: 1 }
workstreams:
  - { id: a, prompt: do it, chain: [other] }
  - { id: b, prompt: do it, chain: [other] }
",
    );
    let up = project.start(&["up", "--headless"]);
    up.until_out("nothing starts because the budget is used up (1 of 1 attempts in an hour)");
    let explain = project.workstream("b")["explain"].to_string();
    assert!(explain.contains("waits "), "{explain}");
    project.configure_as(&format!(
        "{QUICK}{AGENT}workstreams:
  - {{ id: a, prompt: do it, chain: [other] }}
  - {{ id: b, prompt: do it, chain: [other] }}
"
    ));
    up.join().expect(0, &["launches go on", "2 done"]);
}
