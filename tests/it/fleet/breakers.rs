//! Breakers, as the supervisors of a project live with them.

use ostler::core::phase::PhaseWord;

use super::QUICK;
use crate::project::{Project, story};

const CONFIG: &str = "
on: { auth: next, exit_code: next, probe_failed: next }
breaker: { failures: 2, delay: 5m }
agents:
  bad: { command: [sh, -c, 'echo $OSTLER_WORKSTREAM >> $HOME/bad; [ -e $HOME/mended ] && echo x > x'] }
  good: { command: [sh, -c, 'echo x > x'] }
chain: [bad, good]
limits: { parallel: 1 }
";

fn project(count: usize) -> Project {
    let streams: Vec<String> =
        (1..=count).map(|it| format!("  - {{ id: ws-{it}, prompt: do it }}\n")).collect();
    let project = Project::without_config();
    project.configure_as(&format!("{QUICK}{CONFIG}workstreams:\n{}", streams.concat()));
    project
}

#[test]
fn an_agent_that_failed_often_is_passed_over_at_once() {
    let project = project(4);
    let said = project.headless();
    said.expect(
        0,
        &[
            "bad: its breaker is open for ",
            "(2 failures in a row, the last one exit_code)",
            "bad skipped: its breaker is open for",
            "4 done",
        ],
    );
    assert_eq!(project.read("bad"), "ws-1\nws-2\n");
    let told = story(&project.replay("ws-4").unwrap());
    assert_eq!(told, ["1 bad skipped", "2 good succeeded"]);
    let status = project.status();
    assert_eq!(status["agents"][0]["name"], "bad");
    assert_eq!(status["agents"][0]["breaker"]["state"], "open");
    let said = project.ok(&["breaker"]);
    assert!(said.contains("bad: its breaker is open for "), "{said}");
    assert!(said.contains("good: its breaker is closed"), "{said}");
}

#[test]
fn the_operator_closes_it_and_holds_it_and_running_supervisors_hear_of_it() {
    let project = project(2);
    project.headless().expect(0, &["2 done"]);
    project.ok(&["breaker", "bad", "close"]);
    project.touch("mended");
    project.configure_as(&format!(
        "{QUICK}{CONFIG}workstreams:\n  - {{ id: later, prompt: do it, chain: [bad] }}\n"
    ));
    project.headless().expect(0, &["1 done"]);
    assert!(project.read("bad").ends_with("later\n"));

    project.ok(&["breaker", "bad", "hold"]);
    project.configure_as(&format!(
        "{QUICK}{CONFIG}workstreams:\n  - {{ id: held, prompt: do it, chain: [bad] }}\n"
    ));
    let screen = project.screen((120, 30));
    project.until("it waits", || {
        let told = project.workstream("held")["explain"].to_string();
        told.contains("waits for bad: it is held (the operator holds it)").then_some(())
    });
    project.ok(&["breaker", "bad", "close"]);
    project.until_phase("held", PhaseWord::Done);
    drop(screen);
}

#[test]
fn a_breaker_that_no_agent_has_is_an_error() {
    let project = project(1);
    project.run(&["breaker", "nobody", "close"]).expect(2, &["there is no agent `nobody`"]);
}

#[test]
fn one_that_takes_the_whole_machine_is_left_alone() {
    let project = Project::without_config();
    let configure = |priority: u32| {
        project.configure_as(&format!(
            "{QUICK}
breaker: {{ cpu: 0.01, strain: 1ms, delay: 1h }}
agents:
  busy: {{ command: [sh, -c, 'until [ -e $HOME/go ]; do :; done; echo x > x'] }}
  calm: {{ command: [sh, -c, 'echo x > x'] }}
workstreams: [{{ id: a, prompt: do it, chain: [busy], priority: {priority} }}]
"
        ));
    };
    configure(0);
    let up = project.start(&["up", "--headless"]);
    project.until_running("a");
    // What is taken is looked at every ten seconds, and whenever the configuration changes.
    let mut turn = 0;
    project.until("an open breaker", || {
        turn += 1;
        configure(turn);
        project.ok(&["breaker", "busy"]).contains("% of the processors for 0 s").then_some(())
    });
    project.touch("go");
    up.join().expect(0, &["busy: its breaker is open for ", "1 done"]);
}

#[test]
fn who_waits_for_a_trial_says_so() {
    let project = Project::without_config();
    project.configure_as(&format!(
        "{QUICK}breaker: {{ failures: 2, delay: 1s }}
agents: {{ only: {{ command: [sh, -c, 'until [ -e $HOME/go ]; do sleep 0.05; done; echo x > x'] }} }}
workstreams: [{{ id: a, prompt: p }}, {{ id: b, prompt: p }}]
"
    ));
    project.ok(&["breaker", "only", "open"]);
    let running = project.start(&["up", "--headless"]);
    project.until_running("a");
    let waits = "waits for only: its breaker is half-open";
    project.until("its turn", || {
        project.workstream("b")["explain"].as_str().unwrap().contains(waits).then_some(())
    });
    project.touch("go");
    running.join().expect(0, &["2 done"]);
}
