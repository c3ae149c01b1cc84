//! One owner at a time, and how work changes hands.

use ostler::core::phase::PhaseWord;
use ostler::supervisor::ownership;
use serde_json::Value;

use super::agent::{assert_untouched, assert_whole, project, until_more, until_owned_by_another};
use crate::project::{Project, left};

const ONE: &str = "  - { id: a, title: Do A, prompt: do it, chain: [counts] }\n";

/// The process that holds the lock of a workstream, as the lock itself tells.
fn owner(project: &Project, id: &str) -> Option<u32> {
    ownership::owner(&project.files(id)).map(|card| card.process.pid)
}

#[test]
fn d_gives_a_workstream_to_a_worker_and_a_takes_it_back() {
    let project =
        project(&format!("{ONE}  - {{ id: b, title: Do B, prompt: do it, chain: [counts] }}\n"));
    let mut screen = project.screen((100, 30));
    let (agent, other) = (project.until_running("a"), project.until_running("b"));
    screen.shows("▶counts");
    screen.key("d", "a attach");
    let worker = until_owned_by_another(&project, "a", &[screen.pid()]);
    assert_eq!(owner(&project, "a"), Some(worker));
    assert_eq!(owner(&project, "b"), Some(screen.pid()));
    until_more(&project, "a");
    assert_untouched(&project, "a", agent);

    screen.type_in("a");
    project.until("own workstream", || (owner(&project, "a") == Some(screen.pid())).then_some(()));
    screen.shows("it is run here");
    until_more(&project, "a");
    assert_untouched(&project, "a", agent);
    assert_untouched(&project, "b", other);
    project.until("end of the worker", || left::start(worker).is_none().then_some(()));

    // Once more, and then the screen goes: the one goes on where it is, the other with a worker of its own.
    screen.key("d", "a attach");
    let worker = until_owned_by_another(&project, "a", &[screen.pid()]);
    screen.type_in("q");
    assert!(screen.join().success());
    assert_eq!(owner(&project, "a"), Some(worker));
    until_owned_by_another(&project, "b", &[screen.pid()]);
    assert_untouched(&project, "a", agent);
    assert_untouched(&project, "b", other);
    project.touch("go");
    project.until_phase("a", PhaseWord::Done);
    project.until_phase("b", PhaseWord::Done);
    assert_whole(&project, "a");
    assert_whole(&project, "b");
}

#[test]
fn leaving_tells_what_goes_on_and_coming_back_shows_it() {
    let project =
        project(&format!("{ONE}  - {{ id: b, title: Do B, prompt: do it, chain: [good] }}\n"));
    let mut screen = project.screen((80, 24));
    let agent = project.until_running("a");
    project.until_phase("b", PhaseWord::Done);
    screen.type_in("q");
    assert!(screen.join().success());
    screen.assert_restored();
    screen.shows("The work goes on without the screen:");
    screen.shows("a  goes on: counts");
    assert!(!screen.text().contains("  b "), "{}", screen.text());
    let worker = until_owned_by_another(&project, "a", &[screen.pid()]);
    until_more(&project, "a");
    assert_untouched(&project, "a", agent);

    let mut again = project.screen((80, 24));
    again.shows("Do A");
    // The screen takes back what was only handed over when the other one was left.
    project.until("own workstream", || (owner(&project, "a") == Some(again.pid())).then_some(()));
    project.until("end of the worker", || left::start(worker).is_none().then_some(()));
    assert_untouched(&project, "a", agent);
    again.type_in("Q");
    again.shows("Stop all and leave?");
    again.type_in("y");
    assert_eq!(again.join().code(), Some(1));
    again.assert_restored();
    assert!(!left::is_alive(agent.pid, agent.start));
    project.until_nothing_is_left();
    assert_eq!(project.workstream("a")["phase"], "stopped");
}

#[test]
fn a_second_supervisor_shows_the_first_ones_work_and_passes_requests_on() {
    let project =
        project(&format!("{ONE}  - {{ id: b, title: Do B, prompt: do it, chain: [counts] }}\n"));
    let up = project.start(&["up", "--headless"]);
    let (agent, other) = (project.until_running("a"), project.until_running("b"));
    let mut screen = project.screen((100, 30));
    screen.shows("▶counts");
    screen.until("growing log", |text| text.contains(" 5 ").then_some(()));
    assert_eq!(owner(&project, "a"), Some(up.pid()));
    screen.key("x", "Stop a?");
    screen.type_in("y");
    project.until_phase("a", PhaseWord::Stopped);
    screen.shows("stopped");
    assert!(!left::is_alive(agent.pid, agent.start));
    assert_eq!(owner(&project, "b"), Some(up.pid()));
    assert_untouched(&project, "b", other);
    // It takes over when it is asked to.
    screen.type_in("j");
    screen.shows("▸● b");
    screen.type_in("a");
    project.until("own workstream", || (owner(&project, "b") == Some(screen.pid())).then_some(()));
    assert_untouched(&project, "b", other);
    project.touch("go");
    project.until_phase("b", PhaseWord::Done);
    assert_whole(&project, "b");
    up.join().expect(1, &["1 done"]);
    screen.type_in("q");
    assert!(screen.join().success());
    assert_eq!(project.workstream("b")["owner_pid"], Value::Null);
}

#[test]
fn two_supervisors_at_once_never_run_an_agent_twice() {
    let streams: Vec<String> = (1..=4)
        .map(|it| format!("  - {{ id: ws-{it}, prompt: do it, chain: [once] }}\n"))
        .collect();
    let streams = streams.concat();
    let project = Project::new(&format!(
        "
agents:
  once: {{ command: [sh, -c, 'mkdir $HOME/at-$OSTLER_WORKSTREAM || touch $HOME/twice; sleep 0.3; echo x > x'] }}
workstreams:
{streams}"
    ));
    let ups: Vec<_> = (0..3).map(|_| project.start(&["up", "--headless"])).collect();
    for up in ups {
        up.join().expect(0, &["4 done"]);
    }
    assert!(!project.home.join("twice").exists());
    for it in 1..=4 {
        assert_eq!(project.replay(&format!("ws-{it}")).unwrap().attempts.len(), 1);
    }
}

#[test]
fn a_worker_runs_one_workstream_and_nothing_else() {
    let project = Project::new(
        "
agents: { good: { command: [sh, -c, 'pwd > $HOME/at; echo x > x'] } }
workstreams:
  - { id: a, prompt: do it }
  - { id: b, prompt: do it }
",
    );
    project.run(&["worker", "--workstream", "a"]).expect(0, &[]);
    assert_eq!(project.workstream("a")["phase"], "done");
    assert_eq!(project.workstream("b")["phase"], "queued");
    let elsewhere = project.home.join("elsewhere/b");
    let place = elsewhere.display().to_string();
    project.run(&["worker", "--workstream", "b", "--worktree", &place]).expect(0, &[]);
    assert_eq!(project.read("at").trim_end(), place);
    assert_eq!(project.workstream("b")["worktree"], place);
}

#[test]
fn a_worker_takes_the_configuration_as_it_is_or_as_it_was_last_valid() {
    let config = "
agents: { good: { command: [sh, -c, 'echo x > x'] } }
workstreams:
  - { id: a, prompt: do it }
";
    let project = Project::new(config);
    project.run(&["worker", "--all"]).expect(0, &[]);
    let more = format!("{config}  - {{ id: b, prompt: do it }}\n");
    project.configure(&more);
    project.run(&["worker", "--workstream", "b"]).expect(0, &[]);
    project.configure(&format!("{more}  - {{ id: c, promt: do it }}\n"));
    project.run(&["worker", "--workstream", "c"]).expect(2, &["there is no workstream `c`"]);
    project.run(&["worker", "--all"]).expect(0, &[]);
    assert_eq!(project.replay("b").unwrap().phase.word(), PhaseWord::Done);
}
