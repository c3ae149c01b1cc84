//! Soft, hard and idle timeouts.

use std::time::Duration;

use crate::project::{Project, left, story};

#[test]
fn a_soft_timeout_warns_and_nothing_else() {
    let project = Project::new(
        "
agents:
  slow:
    command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x']
    timeout: { soft: 300ms }
workstreams: [{ id: a, prompt: do it }]
",
    );
    let up = project.start(&["up", "--headless"]);
    up.until_out("slow is slow: 0.3 s and still running");
    let told = project.workstream("a");
    assert_eq!((&told["slow"], &told["phase"]), (&true.into(), &"running".into()));
    project.touch("go");
    up.join().expect(0, &[]);
    assert_eq!(project.workstream("a")["slow"], false);
    assert_eq!(story(&project.replay("a").unwrap()), ["1 slow succeeded"]);
}

#[test]
fn a_hard_timeout_ends_the_attempt_and_the_next_tier_is_told() {
    let project = Project::new(
        "
on: { hard_timeout: next }
agents:
  hangs: { command: [sh, -c, 'echo half > half; echo thinking; sleep 1000'], timeout: { hard: 500ms } }
  good: { command: [sh, -c, 'cat half > whole'] }
workstreams: [{ id: a, prompt: do it, chain: [hangs, good] }]
",
    );
    let said = project.headless();
    said.expect(0, &["hangs is ended after 0.5 s (hard_timeout)", "stopping hangs: TERM"]);
    said.expect(
        0,
        &["2 processes ended, 0 left", "falling back from hangs to good (hard_timeout)"],
    );
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 hangs hard_timeout", "2 good succeeded"]);
    let first = &state.attempts[0];
    let took = first.ended.unwrap().since(first.started.unwrap());
    assert!(took >= Duration::from_millis(500), "{took:?}");
    let prompt = project.prompt("a", 2);
    assert!(prompt.contains("Attempt 1 with hangs failed: hard_timeout"), "{prompt}");
    assert!(prompt.contains("+half"), "the work so far is shown: {prompt}");
    assert_eq!(project.read("repo/.worktrees/a/whole"), "half\n");
}

#[test]
fn silence_is_ended_and_signs_of_work_are_not() {
    let project = Project::new(
        "
on: { idle_timeout: next }
agents:
  silent: { command: [sh, -c, 'echo begun; exec sleep 1000'], timeout: { idle: 1s } }
  talks:
    command: [sh, -c, 'for it in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $it; sleep 0.2; done; echo x > x']
    timeout: { idle: 1s }
  counts:
    command: [sh, -c, 'for it in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $it/12 >> \"$OSTLER_STATUS\"; sleep 0.2; done; echo x > x']
    timeout: { idle: 1s }
workstreams:
  - { id: falls, prompt: do it, chain: [silent, talks] }
  - { id: counts, prompt: do it, chain: [counts] }
",
    );
    let said = project.headless();
    said.expect(0, &["(idle_timeout)", "falling back from silent to talks (idle_timeout)"]);
    let falls = project.replay("falls").unwrap();
    assert_eq!(story(&falls), ["1 silent idle_timeout", "2 talks succeeded"]);
    let silent = &falls.attempts[0];
    assert!(silent.ended.unwrap().since(silent.started.unwrap()) >= Duration::from_secs(1));
    assert_eq!(story(&project.replay("counts").unwrap()), ["1 counts succeeded"]);
}

#[test]
fn a_check_has_its_own_timeout_and_leaves_nothing_behind() {
    let project = Project::new(
        "
on: { check_timed_out: [next], check_failed: [next] }
check_timeout: 500ms
agents:
  one: { command: [sh, -c, 'echo x > x'] }
  two: { command: [sh, -c, 'echo x > y'] }
workstreams:
  - { id: a, prompt: do it, chain: [one, two], check: 'test -e y || { echo $$ > $HOME/check; sleep 1000 & sleep 1000; }' }
",
    );
    let said = project.headless();
    said.expect(0, &["one failed (check_timed_out)", "attempt 2: check passed"]);
    let pid = project.until_line("check").parse().unwrap();
    assert_eq!(left::start(pid), None);
}

#[test]
fn an_agent_that_would_never_end_is_ended_by_its_own_words() {
    let project = Project::new(
        "
on: { network: next }
agents:
  tries:
    command: [sh, -c, 'trap \"echo asked to end\" TERM; while :; do echo \"no connection, trying for ever\"; sleep 0.1; done']
    output: { abort_on: [{ class: network, text: '^no connection, trying for ever$', times: 3 }] }
  good: { command: [sh, -c, 'echo x > x'] }
workstreams: [{ id: a, prompt: do it, chain: [tries, good] }]
",
    );
    let said = project.headless();
    said.expect(0, &["tries is ended, it would not end by itself (network): no connection"]);
    // It ignores TERM, so KILL follows after the grace.
    said.expect(0, &["stopping tries: TERM", "stopping tries: KILL", "0 left"]);
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 tries network", "2 good succeeded"]);
    let evidence = &state.attempts[0].evidence;
    assert_eq!(evidence.rule, "command.abort_on#1");
    assert_eq!(evidence.line, "no connection, trying for ever");
    assert!(evidence.offset.is_some_and(|at| at >= 62), "{evidence:?}");
    assert!(project.prompt("a", 2).contains("failed: network: no connection, trying for ever"));
}
