//! What is remembered of a fleet: storms, and how much gets done.

use ostler::core::breaker::State;
use ostler::core::outcome::Say;
use ostler::core::{FailureClass, Timestamp};

use super::log::Log;

/// Lets an hour pass in which so many workstreams are done.
fn hour(log: &mut Log, done: usize) {
    for number in 0..done {
        let attempt = log.begin(&format!("ws-{number}"), "x");
        log.succeed(&attempt);
    }
    log.pass(3600);
}

#[test]
fn what_is_usual_is_counted_over_hours_of_work() {
    let mut log = Log::default();
    log.pass(100);
    let throughput = |log: &Log| log.history.past().throughput(log.now);
    assert_eq!((throughput(&log).last_hour, throughput(&log).usual), (0, None));
    hour(&mut log, 4);
    hour(&mut log, 2);
    assert_eq!(throughput(&log).usual, None, "two hours tell nothing");
    hour(&mut log, 3);
    // A night in which nothing was at work is no slow work.
    log.pass(10 * 3600);
    let attempt = log.begin("ws", "x");
    log.succeed(&attempt);
    let told = throughput(&log);
    assert_eq!((told.last_hour, told.usual), (1, Some(3.0)));
    let attempt = log.begin("ws", "x");
    log.fail(&attempt, FailureClass::ExitCode);
    assert_eq!(throughput(&log).last_hour, 1, "a failure is nothing done");
    log.pass(8 * 24 * 3600);
    let told = throughput(&log);
    assert_eq!((told.last_hour, told.usual), (0, None), "a week is remembered");
}

#[test]
fn a_storm_is_counted_once_and_with_its_reason() {
    let mut log = Log::default();
    log.pass(100);
    for (workstream, agent) in [("a", "x"), ("b", "y"), ("c", "x"), ("d", "y")] {
        let attempt = log.begin(workstream, agent);
        log.pass(1);
        log.fail(&attempt, FailureClass::Network);
    }
    let past = log.history.past();
    let storms: Vec<_> = past.storms(Timestamp(0)).collect();
    assert_eq!(storms.len(), 1);
    assert_eq!(storms[0].1, "network in 3 workstreams within 1:00");
    assert_eq!(past.storms(log.now).count(), 0, "it began before");
}

#[test]
fn the_turns_of_a_breaker_are_remembered() {
    let mut log = Log::default();
    log.pass(100);
    log.tell("x", Say::Hold);
    log.pass(10);
    log.tell("x", Say::Close);
    log.pass(10);
    log.tell("x", Say::Open);
    // It is half-open by itself then, which no line of the log says.
    log.pass(70);
    let attempt = log.begin("a", "x");
    log.pass(5);
    log.succeed(&attempt);
    let record = log.history.record(&"x".into());
    let words = |state: &State| match state {
        State::Closed => "closed",
        State::Open { .. } => "open",
        State::HalfOpen { .. } => "half-open",
        State::Held { .. } => "held",
    };
    let turns: Vec<(u64, &str)> =
        record.turns.iter().map(|(at, state)| (at.0 / 1000, words(state))).collect();
    let all = [(100, "held"), (110, "closed"), (120, "open"), (180, "half-open"), (195, "closed")];
    assert_eq!(turns, all);
    for _ in 0..100 {
        log.tell("x", Say::Hold);
        log.tell("x", Say::Close);
    }
    assert!(log.history.record(&"x".into()).turns.len() <= 12);
}
