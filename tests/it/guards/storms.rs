//! The storm brake.

use ostler::core::FailureClass;
use ostler::core::storm::Brake;

use super::log::Log;

fn hit(log: &mut Log, workstream: &str, agent: &str, class: FailureClass) {
    let attempt = log.begin(workstream, agent);
    log.pass(1);
    log.fail(&attempt, class);
}

fn stormy() -> Log {
    let mut log = Log::default();
    hit(&mut log, "a", "x", FailureClass::Network);
    hit(&mut log, "b", "y", FailureClass::Network);
    hit(&mut log, "c", "x", FailureClass::Overloaded);
    log
}

fn brake(log: &Log) -> Brake {
    log.history.brake(log.now, &log.guards)
}

#[test]
fn one_outside_cause_in_several_workstreams_holds_all_launches() {
    let mut log = Log::default();
    for _ in 0..5 {
        hit(&mut log, "a", "x", FailureClass::Network);
        hit(&mut log, "b", "x", FailureClass::ExitCode);
    }
    assert_eq!(brake(&log), Brake::Calm);
    let log = stormy();
    let Brake::Held { until, why } = brake(&log) else { unreachable!() };
    assert_eq!(until.since(log.now).as_secs(), 60);
    assert_eq!(why, "overloaded in 3 workstreams within 1:00");
}

#[test]
fn what_only_one_agent_meets_is_left_to_its_breaker() {
    let mut log = Log::default();
    for workstream in ["a", "b", "c", "d"] {
        hit(&mut log, workstream, "x", FailureClass::Network);
    }
    assert_eq!(brake(&log), Brake::Calm);
    hit(&mut log, "e", "y", FailureClass::Network);
    assert!(matches!(brake(&log), Brake::Held { .. }));
}

#[test]
fn what_is_long_ago_is_no_storm() {
    let mut log = Log::default();
    for workstream in ["a", "b", "c", "d"] {
        hit(&mut log, workstream, if workstream == "a" { "y" } else { "x" }, FailureClass::Network);
        log.pass(40);
    }
    assert_eq!(brake(&log), Brake::Calm);
}

#[test]
fn one_trial_goes_first_then_the_others_a_little_apart() {
    let mut log = stormy();
    log.pass(60);
    assert!(matches!(brake(&log), Brake::Trial { left: 1, .. }));
    let trial = log.begin("a", "x");
    assert!(matches!(brake(&log), Brake::Trial { left: 0, .. }));
    log.pass(10);
    log.succeed(&trial);
    let Brake::Resuming { left: 1, next } = brake(&log) else { unreachable!() };
    assert_eq!(next.since(log.now).as_secs(), 2);
    log.begin("b", "x");
    assert!(matches!(brake(&log), Brake::Resuming { left: 0, .. }));
    log.pass(2);
    assert!(matches!(brake(&log), Brake::Resuming { left: 1, .. }));
    log.pass(60);
    assert_eq!(brake(&log), Brake::Calm);
}

#[test]
fn a_trial_that_meets_the_same_holds_for_twice_as_long() {
    let mut log = stormy();
    log.pass(60);
    hit(&mut log, "a", "x", FailureClass::Network);
    let Brake::Held { until, why } = brake(&log) else { unreachable!() };
    assert_eq!(until.since(log.now).as_secs(), 120);
    assert_eq!(why, "network in 1 workstream within 1:00");
}

#[test]
fn a_trial_that_nobody_takes_counts_as_passed_after_its_time() {
    let mut log = stormy();
    log.pass(120);
    assert!(matches!(brake(&log), Brake::Resuming { left: 1, .. }));
    log.pass(60);
    assert_eq!(brake(&log), Brake::Calm);
}
