//! Several workstreams: how many at a time, and in which order.

use std::fs;

use ostler::core::phase::PhaseWord;

use crate::project::Project;

#[test]
fn no_more_than_the_limit_work_at_a_time() {
    let streams: Vec<String> = (1..=8)
        .map(|it| format!("  - {{ id: ws-{it}, prompt: do it, chain: [counts] }}\n"))
        .collect();
    let streams = streams.concat();
    let project = Project::without_config();
    // Each marks itself, counts the marks, stays a while, and counts again.
    project.configure_as(&format!(
        "
limits: {{ parallel: 3 }}
agents:
  counts: {{ command: [sh, -c, 'touch $HOME/at/$OSTLER_WORKSTREAM; ls $HOME/at | wc -l >> $HOME/seen;
    sleep 0.3; ls $HOME/at | wc -l >> $HOME/seen; rm $HOME/at/$OSTLER_WORKSTREAM; echo x > x'] }}
workstreams:
{streams}"
    ));
    fs::create_dir(project.home.join("at")).unwrap();
    project.headless().expect(0, &["8 done"]);
    let seen: Vec<u32> =
        project.read("seen").lines().map(|line| line.trim().parse().unwrap()).collect();
    assert_eq!(seen.len(), 16);
    assert!(seen.iter().all(|count| *count <= 3), "{seen:?}");
    assert!(seen.contains(&2) || seen.contains(&3), "they never overlapped: {seen:?}");
}

#[test]
fn the_limit_is_shared_by_all_supervisors_of_a_project() {
    let project = Project::without_config();
    project.configure_as(
        "
limits: { parallel: 1 }
agents:
  slow: { command: [sh, -c, 'echo $OSTLER_WORKSTREAM >> $HOME/order; while [ ! -e $HOME/go-$OSTLER_WORKSTREAM ]; do sleep 0.1; done; echo x > x'] }
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it }
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    project.ok(&["detach", "a"]);
    project.until("another owner", || {
        let owner = project.workstream("a")["owner_pid"].as_u64();
        owner.filter(|pid| *pid != u64::from(up.pid()))
    });
    // The one slot is with the worker now.
    assert_eq!(project.replay("b").unwrap().phase.word(), PhaseWord::Queued);
    assert_eq!(project.read("order"), "a\n");
    project.touch("go-a");
    project.until_phase("a", PhaseWord::Done);
    project.until_running("b");
    project.touch("go-b");
    up.join().expect(0, &["2 done"]);
}

#[test]
fn what_comes_after_waits_until_it_is_done() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  notes: { command: [sh, -c, 'sleep 0.2; echo $OSTLER_WORKSTREAM >> $HOME/order; echo x > x'] }
  bad: { command: [sh, -c, 'exit 1'] }
workstreams:
  - { id: last, prompt: do it, chain: [notes], after: [middle, other] }
  - { id: middle, prompt: do it, chain: [bad, notes], after: [first] }
  - { id: other, prompt: do it, chain: [notes], after: [first] }
  - { id: first, prompt: do it, chain: [notes] }
  - { id: stuck, prompt: do it, chain: [notes], after: [never] }
  - { id: never, prompt: do it, chain: [bad] }
",
    );
    project.headless().expect(3, &["4 done", "1 escalated"]);
    let order = project.read("order");
    let order: Vec<&str> = order.lines().collect();
    assert_eq!((order.len(), order[0], order[3]), (4, "first", "last"), "{order:?}");
    assert_eq!(project.workstream("stuck")["phase"], "queued");
    // What it waited for was decided, so it goes.
    project.ok(&["answer", "never", "accept"]);
    project.headless().expect(0, &["6 done"]);
}

#[test]
fn what_matters_more_goes_first() {
    let project = Project::without_config();
    project.configure_as(
        "
limits: { parallel: 1 }
agents: { notes: { command: [sh, -c, 'echo $OSTLER_WORKSTREAM >> $HOME/order; echo x > x'] } }
workstreams:
  - { id: low, prompt: do it, priority: -1 }
  - { id: usual, prompt: do it }
  - { id: high, prompt: do it, priority: 5 }
",
    );
    project.headless().expect(0, &["3 done"]);
    assert_eq!(project.read("order"), "high\nusual\nlow\n");
}
