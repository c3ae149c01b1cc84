//! Steps too short to hold: whoever takes them is killed a little later each time, so that some kill falls into each.

use std::time::{Duration, Instant};

use ostler::core::phase::PhaseWord;
use ostler::core::verdict::Exit;
use ostler::supervisor::ownership;
use rustix::process::Signal;

use crate::project::{Project, left};

const CONFIG: &str = "
supervisor_grace: 1s
on: { keeper_lost: { retry: 2 } }
agents:
  quick: { command: [sh, -c, 'echo $OSTLER_ATTEMPT >> $HOME/starts-$OSTLER_WORKSTREAM; echo out; echo x > x; echo end > $HOME/end'] }
  waits: { command: [sh, -c, 'echo $OSTLER_ATTEMPT >> $HOME/starts-$OSTLER_WORKSTREAM; while [ ! -e $HOME/go ]; do sleep 0.02; done; echo x > x'] }
";

fn project(agent: &str, count: usize) -> Project {
    let streams: Vec<String> = (1..=count)
        .map(|it| format!("  - {{ id: ws-{it}, prompt: do it, chain: [{agent}] }}\n"))
        .collect();
    Project::new(&format!("{CONFIG}workstreams:\n{}", streams.concat()))
}

/// Lets a process go on for a moment: this is where the blow falls, not what is waited for.
fn after(millis: u64) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(millis) {
        std::hint::spin_loop();
    }
}

fn assert_started_once(project: &Project, id: &str, attempts: usize) {
    let starts = project.read(&format!("starts-{id}"));
    let mut starts: Vec<&str> = starts.lines().collect();
    starts.sort_unstable();
    let all = starts.len();
    starts.dedup();
    assert_eq!((starts.len(), all), (attempts, attempts), "{starts:?}");
}

/// The process that owns a workstream.
fn owner(project: &Project, id: &str) -> Option<u32> {
    let dir = project.find_state()?.join("ws").join(id);
    ownership::owner(&dir).map(|owner| owner.process.pid).filter(|pid| *pid != 0)
}

#[test]
fn a_supervisor_is_killed_at_any_instant_of_a_start() {
    for step in 0..12 {
        let project = project("quick", 1);
        let up = project.start(&["up", "--headless"]);
        project.until("owner", || owner(&project, "ws-1"));
        after(step * 7);
        up.signal(Signal::KILL);
        let state = project.until_phase("ws-1", PhaseWord::Done);
        assert_eq!(state.attempts.len(), 1, "step {step}: {}", project.tell());
        assert_started_once(&project, "ws-1", 1);
        drop(up);
        project.until_nothing_is_left();
    }
}

#[test]
fn owners_are_killed_one_after_the_other_while_they_write() {
    let project = project("quick", 6);
    let up = project.start(&["up", "--headless"]);
    for step in 0..5 {
        let Some(pid) = project.until("owner or end", || {
            let owners = (1..=6).map(|it| owner(&project, &format!("ws-{it}")));
            let mut done = (1..=6).filter_map(|it| project.replay(&format!("ws-{it}")));
            match owners.flatten().next() {
                Some(pid) => Some(Some(pid)),
                None if done.all(|state| state.phase.word() == PhaseWord::Done) => Some(None),
                None => None,
            }
        }) else {
            break;
        };
        after(step * 13);
        left::signal(pid, Signal::KILL);
    }
    for it in 1..=6 {
        let id = format!("ws-{it}");
        let state = project.until_phase(&id, PhaseWord::Done);
        assert_eq!(state.attempts.len(), 1, "{}", project.tell());
        assert_started_once(&project, &id, 1);
    }
    drop(up);
    project.until_nothing_is_left();
}

#[test]
fn a_keeper_is_killed_at_any_instant_of_its_agents_end() {
    for step in 0..12 {
        let project = project("quick", 1);
        let up = project.start(&["up", "--headless"]);
        let running = project.until("keeper", || {
            let found = project.replay("ws-1")?.attempts.first()?.keeper.clone();
            found.map(|keeper| keeper.pid)
        });
        project.until_file("end");
        after(step * 2);
        left::signal(running, Signal::KILL);
        let state = project.until_phase("ws-1", PhaseWord::Done);
        let first = &state.attempts[0];
        // How it ended is known, or it is said that it is not.
        assert!(
            matches!(first.exit, Some(Exit::Code(0) | Exit::Unknown(_))),
            "step {step}: {:?}",
            first.exit
        );
        assert_started_once(&project, "ws-1", state.attempts.len());
        up.join();
        project.until_nothing_is_left();
    }
}

#[test]
fn either_side_is_killed_at_any_instant_of_a_hand_over() {
    for step in 0..10 {
        let project = project("waits", 2);
        let up = project.start(&["up", "--headless"]);
        let agents = ["ws-1", "ws-2"].map(|id| project.until_running(id));
        up.signal(Signal::TERM);
        if step % 2 == 0 {
            after(step * 6);
            up.signal(Signal::KILL);
        } else {
            let next = project.until("another owner", || {
                ["ws-1", "ws-2"]
                    .iter()
                    .find_map(|id| owner(&project, id).filter(|pid| *pid != up.pid()))
            });
            after(step * 3);
            left::signal(next, Signal::KILL);
        }
        for (id, agent) in ["ws-1", "ws-2"].iter().zip(agents) {
            project.until("an owner again", || owner(&project, id).filter(|pid| *pid != up.pid()));
            assert!(left::is_alive(agent.pid, agent.start), "step {step}");
        }
        project.touch("go");
        for id in ["ws-1", "ws-2"] {
            let state = project.until_phase(id, PhaseWord::Done);
            assert_eq!(state.attempts.len(), 1);
            assert_started_once(&project, id, 1);
        }
        drop(up);
        project.until_nothing_is_left();
    }
}
