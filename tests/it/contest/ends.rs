//! Whatever ends a contest, nothing of it goes on.

use ostler::core::phase::PhaseWord;
use rustix::process::Signal;

use crate::project::{Project, Running, left, story};

use super::{WAITS, home, inner, outcomes, project};

/// Two that wait, and one who comes after them.
fn waiting() -> (Project, Running) {
    let project = project(&[("one", WAITS), ("two", WAITS)], "race: 2, chain: [one, two, last]");
    let running = project.start(&["up", "--headless"]);
    project.until("both", || {
        let told = project.replay("a")?;
        let inner = &told.attempts.first()?.account.inner;
        let all = |name: &str| project.root.join(".worktrees").join(name).join("half.txt").exists();
        (inner.len() == 2 && all("a+race-1.1") && all("a+race-1.2")).then_some(())
    });
    (project, running)
}

#[test]
fn a_stop_ends_all_that_are_in_it() {
    let (project, running) = waiting();
    project.ok(&["stop", "a"]);
    let said = running.join();
    assert_eq!(said.code, Some(1), "{}", said.out);
    let state = project.replay("a").unwrap();
    assert_eq!(
        (state.phase.word(), story(&state)),
        (PhaseWord::Stopped, vec!["1 race stopped".to_owned()])
    );
    assert_eq!(inner(&state, 0), ["1 one stopped", "2 two stopped"]);
    assert_eq!(state.attempts[0].tree.left, 0);
    assert_eq!(project.git(&["show", "refs/ostler/a+race-1.2/1-after:half.txt"]), "half");
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
    assert_eq!(outcomes(&project), ["one stopped -", "two stopped -"]);
}

#[test]
fn it_goes_on_without_its_supervisor() {
    let (project, running) = waiting();
    let before = project.until_running("a");
    running.signal(Signal::KILL);
    running.join();
    project.until("a worker", || {
        let told = project.workstream("a");
        (told["owner_pid"].is_u64() && told["agent_pid"] == before.pid).then_some(())
    });
    project.touch("go");
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&state), ["1 race succeeded"]);
    assert_eq!(home(&project, "done.txt"), Some("late\n".into()));
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
    assert!(outcomes(&project).iter().any(|it| it.ends_with("succeeded -")));
}

#[test]
fn one_that_is_killed_costs_its_attempt_and_leaves_nothing() {
    let (project, running) = waiting();
    let agent = project.until_running("a");
    left::signal(agent.pid, Signal::KILL);
    running.join();
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 race crashed", "2 last succeeded"], "{}", project.tell());
    assert!(state.attempts[0].tree.ended > 0 && state.attempts[0].tree.left == 0);
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
    // What had not ended was ended with it, and has not failed.
    assert_eq!(outcomes(&project), ["last succeeded -", "one stopped -", "two stopped -"]);
}

#[test]
fn one_whose_keeper_is_killed_leaves_nothing() {
    let (project, running) = waiting();
    let agent = project.until_running("a");
    left::signal(agent.keeper, Signal::KILL);
    running.join();
    let state = project.replay("a").unwrap();
    assert_eq!(story(&state), ["1 race keeper_lost", "2 last succeeded"], "{}", project.tell());
    project.until_nothing_is_left();
    left::assert_only(&project, "a");
}
