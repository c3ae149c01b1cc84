//! The end of an agent is the end of everything that it started.

use std::collections::BTreeMap;

use ostler::core::AttemptOutcome;
use ostler::core::phase::PhaseWord;

use crate::project::{Project, left};

/// A child that ignores TERM, a grandchild in a session of its own, and a daemon that was forked twice.
const FAMILY: &str = "
agents:
  family:
    grace: 500ms
    command:
      - sh
      - -c
      - |
        sh -c 'trap \"\" TERM; echo $$ > $HOME/pids/deaf; while :; do sleep 1; done' &
        sh -c 'setsid sh -c \"echo \\$\\$ > $HOME/pids/session; exec sleep 1000\" & wait' &
        (setsid sh -c 'cd /; (exec env -i sh -c \"echo \\$\\$ > $HOME/pids/daemon; exec sleep 1000\" < /dev/null > /dev/null 2>&1 &)' &)
        echo $$ > $HOME/pids/agent
        echo at work
        wait
  good: { command: [sh, -c, 'echo x > x'] }
";

/// The family, each by its number and its start time.
fn family(project: &Project) -> BTreeMap<&'static str, (u32, u64)> {
    let names = ["agent", "deaf", "session", "daemon"];
    let found = names.map(|name| {
        let pid = project.until_line(&format!("pids/{name}")).parse().unwrap();
        (name, (pid, left::start(pid).unwrap()))
    });
    found.into()
}

fn project(workstreams: &str) -> Project {
    let project = Project::new(&format!("{FAMILY}workstreams:\n{workstreams}"));
    std::fs::create_dir(project.home.join("pids")).unwrap();
    project
}

#[track_caller]
fn all_gone(family: &BTreeMap<&'static str, (u32, u64)>) {
    for (name, (pid, start)) in family {
        assert!(!left::is_alive(*pid, *start), "{name} is alive");
    }
}

#[test]
fn a_stop_ends_the_whole_tree_and_says_so() {
    let project = project("  - { id: a, prompt: do it, chain: [family, good] }\n");
    let up = project.start(&["up", "--headless"]);
    let family = family(&project);
    project.ok(&["stop", "a"]);
    let state = project.until_phase("a", PhaseWord::Stopped);
    all_gone(&family);
    let attempt = &state.attempts[0];
    assert_eq!(attempt.outcome, AttemptOutcome::Stopped);
    assert!(attempt.tree.ended >= 4 && attempt.tree.left == 0, "{:?}", attempt.tree);
    let said = up.join();
    said.expect(1, &["stopping family: TERM", "stopping family: KILL"]);
    said.expect(1, &[&format!("attempt 1: {} processes ended, 0 left", attempt.tree.ended)]);
    assert_eq!(state.attempts.len(), 1, "nothing follows a stop");
}

#[test]
fn a_kill_ends_it_without_grace() {
    let project = project("  - { id: a, prompt: do it, chain: [family] }\n");
    let up = project.start(&["up", "--headless"]);
    let family = family(&project);
    project.ok(&["kill", "a"]);
    let state = project.until_phase("a", PhaseWord::Stopped);
    all_gone(&family);
    assert_eq!(state.attempts[0].tree.left, 0);
    let said = up.join();
    said.expect(1, &["0 left"]);
    assert!(!said.out.contains("TERM"), "{}", said.out);
}

#[test]
fn what_an_agent_leaves_behind_is_ended_before_the_next_one_starts() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  leaves: { command: [sh, -c, 'setsid sh -c \"echo \\$\\$ > $HOME/left; exec sleep 1000\" & while [ ! -s $HOME/left ]; do sleep 0.05; done; exit 1'] }
  looks: { command: [sh, -c, 'kill -0 $(cat $HOME/left) 2> /dev/null && touch $HOME/both; echo x > x'] }
workstreams: [{ id: a, prompt: do it, chain: [leaves, looks] }]
",
    );
    project.headless().expect(0, &["attempt 1: 1 process ended, 0 left"]);
    assert!(!project.home.join("both").exists());
}
