//! The death of a supervisor.

use std::time::Instant;

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;
use serde_json::Value;

use super::agent::{
    assert_untouched, assert_whole, kill, project, until_more, until_owned_by_another,
};
use crate::project::{Agent, Project, left, story};

const TWO: &str = "
  - { id: a, title: Do A, prompt: do it, chain: [fails, good] }
  - { id: b, title: Do B, prompt: do it, chain: [counts], after: [a] }
";

/// What must hold however a supervisor went: its agents work on, and a worker goes on with the policy to its end.
fn goes_on(project: &Project, agent: Agent, dead: u32) {
    let worker = until_owned_by_another(project, "a", &[dead]);
    until_more(project, "a");
    assert_untouched(project, "a", agent);
    let told = project.workstream("a");
    assert_eq!((&told["phase"], &told["agent_pid"]), (&"running".into(), &agent.pid.into()));
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    let state = project.until_phase("b", PhaseWord::Done);
    assert_eq!(state.attempts.len(), 1);
    assert_whole(project, "a");
    assert_eq!(story(&project.replay("a").unwrap()), ["1 fails exit_code", "2 good succeeded"]);
    project.until("end of the worker", || left::start(worker).is_none().then_some(()));
    project.until_nothing_is_left();
    let told = project.workstream("a");
    assert_eq!(
        (&told["phase"], &told["owner_pid"], &told["agent_pid"]),
        (&"done".into(), &Value::Null, &Value::Null)
    );
}

#[test]
fn a_killed_supervisor_costs_seconds_of_policy_and_nothing_else() {
    let project = project(TWO);
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    kill(&project, up.pid());
    drop(up);
    // Nobody owns it, and that is what is told.
    let told = project.workstream("a");
    assert_eq!((&told["phase"], &told["owner_pid"]), (&"running".into(), &Value::Null));
    until_more(&project, "a");
    goes_on(&project, agent, 0);
}

#[test]
fn a_killed_screen_does_neither() {
    let project = project(TWO);
    let mut screen = project.screen((80, 24));
    let agent = project.until_running("a");
    screen.shows("Do A");
    kill(&project, screen.pid());
    screen.join();
    goes_on(&project, agent, 0);
}

#[test]
fn a_supervisor_that_is_asked_to_end_hands_over() {
    let project = project(TWO);
    let up = project.start(&["up", "--headless"]);
    let agent = project.until_running("a");
    let pid = up.pid();
    up.signal(Signal::TERM);
    up.join();
    goes_on(&project, agent, pid);
}

#[test]
fn so_does_a_screen_and_its_terminal_is_as_it_was() {
    let project = project(TWO);
    let mut screen = project.screen((80, 24));
    let agent = project.until_running("a");
    screen.shows("Do A");
    screen.signal(Signal::TERM);
    let status = screen.join();
    assert_eq!(status.code(), Some(0), "{status:?}");
    screen.assert_restored();
    // It has been handed over before the end, not left to be found.
    assert!(project.workstream("a")["owner_pid"].is_u64());
    goes_on(&project, agent, screen.pid());
}

#[test]
fn a_terminal_that_goes_away_ends_the_screen_at_once_and_nothing_else() {
    let project = project(TWO);
    let mut screen = project.screen((80, 24));
    let agent = project.until_running("a");
    screen.shows("Do A");
    let (pid, begun) = (screen.pid(), Instant::now());
    let before = left::ticks(pid).unwrap();
    screen.hang_up();
    let mut used = before;
    project.until("end of the screen", || {
        used = left::ticks(pid).unwrap_or(used);
        (left::start(pid).is_none() || screen.has_ended()).then_some(())
    });
    let took = begun.elapsed();
    // A loaded machine is given more than the second that it takes, but not the hang-up's spin: that would be all of it.
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(used - before < 100, "{} ticks in {took:?}", used - before);
    goes_on(&project, agent, pid);
}

#[test]
fn a_stopped_agent_stays_stopped_whoever_dies() {
    let project = project("  - { id: a, prompt: do it, chain: [fails, good] }\n");
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    project.ok(&["stop", "a"]);
    kill(&project, up.pid());
    drop(up);
    // Its end is finished by a worker, and nothing starts.
    let state = project.until_phase("a", PhaseWord::Stopped);
    assert_eq!(state.attempts.len(), 1);
    project.until_nothing_is_left();
}

#[test]
fn a_probe_ends_with_the_supervisor_that_asked() {
    let project = Project::new(
        "
agents:
  asked:
    command: [sh, -c, 'echo x > x']
    probe: [sh, -c, '[ -e $HOME/asked ] || { echo $$ > $HOME/asked; while :; do sleep 1; done; }']
  other: { command: [sh, -c, 'echo x > x'] }
workstreams: [{ id: a, prompt: do it, chain: [asked, other] }]
",
    );
    let up = project.start(&["up", "--headless"]);
    let probe: u32 = project.until_line("asked").parse().unwrap();
    let start = left::start(probe).unwrap();
    kill(&project, up.pid());
    project.until("end of the probe", || (!left::is_alive(probe, start)).then_some(()));
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&state), ["1 asked succeeded"]);
    drop(up);
    project.until_nothing_is_left();
}
