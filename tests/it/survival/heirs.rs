//! Who follows a supervisor that has died: one worker, also for what has no keeper that could call it.

use ostler::core::phase::PhaseWord;
use ostler::supervisor::ownership;

use super::agent::{COUNTS, assert_untouched, kill, until_more};
use crate::project::{Project, left};

/// Many workstreams, each with a keeper that raises somebody.
fn many(count: usize) -> Project {
    let streams: Vec<String> = (1..=count)
        .map(|it| format!("  - {{ id: ws-{it}, prompt: do it, chain: [counts] }}\n"))
        .collect();
    Project::new(&format!("supervisor_grace: 1s\n{COUNTS}workstreams:\n{}", streams.concat()))
}

fn ids(count: usize) -> Vec<String> {
    (1..=count).map(|it| format!("ws-{it}")).collect()
}

/// The process that owns all of them, once there is one.
fn only_owner(project: &Project, ids: &[String]) -> Option<u32> {
    let owners: Vec<u32> = ids
        .iter()
        .filter_map(|id| Some(ownership::owner(&project.files(id))?.process.pid))
        .collect();
    let first = *owners.first()?;
    (owners.len() == ids.len() && owners.iter().all(|pid| *pid == first)).then_some(first)
}

fn workers(project: &Project) -> usize {
    left::of(&project.home).iter().filter(|line| line.contains("worker --all")).count()
}

#[test]
fn one_worker_follows_however_many_are_raised() {
    let project = many(6);
    let ids = ids(6);
    let up = project.start(&["up", "--headless"]);
    let agents: Vec<_> = ids.iter().map(|id| project.until_running(id)).collect();
    kill(&project, up.pid());
    drop(up);
    let heir = project.until("one owner", || only_owner(&project, &ids));
    // Its own sentry names what it would become, too.
    project.until("end of the others", || (workers(&project) <= 2).then_some(()));
    for (id, agent) in ids.iter().zip(&agents) {
        assert_untouched(&project, id, *agent);
    }

    // A screen takes everything back, and nobody else is left.
    let mut screen = project.screen((100, 30));
    project.until("own workstreams", || {
        (only_owner(&project, &ids) == Some(screen.pid())).then_some(())
    });
    project.until("end of the heir", || left::start(heir).is_none().then_some(()));
    until_more(&project, "ws-1");
    for (id, agent) in ids.iter().zip(&agents) {
        assert_untouched(&project, id, *agent);
    }
    project.touch("go");
    for id in &ids {
        project.until_phase(id, PhaseWord::Done);
    }
    screen.type_in("q");
    assert!(screen.join().success());
    project.until_nothing_is_left();
}

#[test]
fn an_heir_that_is_stopped_is_replaced() {
    let project = many(2);
    let ids = ids(2);
    let up = project.start(&["up", "--headless"]);
    project.until_running("ws-1");
    project.until_running("ws-2");
    kill(&project, up.pid());
    drop(up);
    let heir = project.until("one owner", || only_owner(&project, &ids));
    left::signal(heir, rustix::process::Signal::STOP);
    // Whoever comes next finds that it does not answer.
    let next = project.start(&["worker", "--all"]);
    project.until("end of the heir", || left::start(heir).is_none().then_some(()));
    project.until("one owner", || only_owner(&project, &ids).filter(|pid| *pid != heir));
    project.touch("go");
    for id in &ids {
        project.until_phase(id, PhaseWord::Done);
    }
    next.join();
    project.until_nothing_is_left();
}

#[test]
fn what_has_no_keeper_is_followed_too() {
    let project = Project::new(
        "
supervisor_grace: 1s
agents:
  asked:
    command: [sh, -c, 'echo x > x']
    probe: [sh, -c, 'echo > $HOME/asked; while [ ! -e $HOME/ready ]; do sleep 0.05; done']
    probe_timeout: 60s
  other: { command: [sh, -c, 'exit 1'] }
chain: [asked, other]
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it, after: [a] }
",
    );
    let up = project.start(&["up", "--headless"]);
    project.until_file("asked");
    project.until_phase("a", PhaseWord::Probing);
    kill(&project, up.pid());
    drop(up);
    project.touch("ready");
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(state.attempts.len(), 1);
    project.until_phase("b", PhaseWord::Done);
    project.until_nothing_is_left();
}
