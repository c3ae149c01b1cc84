//! How an agent has been doing.

use std::time::Duration;

use ostler::core::FailureClass;
use ostler::core::account::Cost;
use ostler::core::health::{Health, Window};
use ostler::core::outcome::End;

use super::log::Log;

fn health(log: &Log, span: u64) -> Health {
    let record = log.history.agent(&"x".into()).unwrap();
    Health::of(&record.ends, Window::lately(log.now, Duration::from_secs(span)))
}

/// Attempts one after the other, each of so many seconds: succeeded, or why not.
fn told(attempts: &[(u64, Option<FailureClass>)]) -> Log {
    let mut log = Log::default();
    log.pass(1_000);
    for (seconds, class) in attempts {
        let attempt = log.begin("a", "x");
        log.pass(*seconds);
        match class {
            Some(class) => log.fail(&attempt, *class),
            None => log.succeed(&attempt),
        }
    }
    log
}

#[test]
fn what_too_few_attempts_tell_is_unknown() {
    let log = told(&[(10, None), (10, Some(FailureClass::Network)), (10, None), (10, None)]);
    let few = health(&log, 1_000);
    assert_eq!((few.attempts, few.succeeded), (4, 3));
    assert_eq!((few.success_rate, few.availability, few.p50), (None, None, None));
    let unknown = few.words().into_iter().filter(|(_, text)| text.starts_with("unknown"));
    assert_eq!(unknown.count(), 8);
    assert_eq!(few.words().last().unwrap().1, "1× network");
}

#[test]
fn the_figures_are_those_of_the_attempts() {
    let bad = Some(FailureClass::ExitCode);
    let log = told(&[(60, None), (60, None), (60, bad), (30, bad), (30, None), (120, None)]);
    let health = health(&log, 1_000);
    assert_eq!(health.success_rate, Some(4.0 / 6.0));
    // Two failures in six minutes of work.
    assert_eq!(health.failures_per_hour, Some(20.0));
    assert_eq!(health.p50, None, "four successes are too few");
    // From the first end: well for two minutes, then half a minute until the good attempt began, then well to the end.
    assert_eq!(health.mttr, Some(Duration::from_secs(30)));
    assert_eq!(health.mttf, Some(Duration::from_secs(120 + 150)));
    assert_eq!(health.availability, Some(270.0 / 300.0));
    assert_eq!(health.pass_rate, None, "four checks are too few");
}

#[test]
fn who_succeeded_all_the_while_was_never_failing() {
    let mut log = told(&[(60, None), (60, None), (60, None)]);
    let (slow, quick) = (log.begin("a", "x"), log.begin("b", "x"));
    log.pass(10);
    log.fail(&quick, FailureClass::Crashed);
    log.pass(50);
    log.succeed(&slow);
    let health = health(&log, 1_000);
    assert_eq!(health.availability, Some(1.0));
    assert_eq!(health.mttr, Some(Duration::ZERO));
}

#[test]
fn who_had_ended_before_says_nothing_of_what_came_after() {
    let log =
        told(&[(60, None), (60, None), (60, None), (60, Some(FailureClass::Network)), (60, None)]);
    let mut ends: Vec<_> = log.history.agent(&"x".into()).unwrap().ends.iter().cloned().collect();
    let health = Health::of(&ends, Window::always());
    // The fifth began when the fourth had failed: not a moment was lost.
    assert_eq!(health.availability, Some(1.0));
    // A check may delay the line of a success until after that of a failure.
    ends.swap(2, 3);
    assert_eq!(Health::of(&ends, Window::always()), health);
    ends[3].1.which.begun = ends[4].1.which.begun;
    ends[4].1.which.begun = ends[4].0;
    let down = Health::of(&ends, Window::always());
    assert_eq!(down.mttr, Some(Duration::from_secs(60)), "{down:?}");
}

#[test]
fn only_the_window_counts_and_the_machine_is_not_the_agent() {
    let bad = (10, Some(FailureClass::Network));
    let machine = (10, Some(FailureClass::Resources));
    let mut attempts = vec![bad; 5];
    attempts.extend([(10, None); 5]);
    attempts.push(machine);
    let log = told(&attempts);
    let now = health(&log, 55);
    assert_eq!((now.attempts, now.success_rate), (5, Some(1.0)));
    assert_eq!((now.mttf, now.availability), (None, Some(1.0)));
    assert!(now.words().contains(&("mean time to failure", "it did not fail".to_owned())));
    assert_eq!(now.failures.get(&FailureClass::Resources), Some(&1));
    assert_eq!(health(&log, 1_000).success_rate, Some(0.5));
}

#[test]
fn what_the_operator_stopped_counts_nowhere() {
    let mut log = told(&[(10, None); 5]);
    let stopped = log.begin("a", "x");
    log.end(&stopped, End::Stopped, None, |ended| {
        ended.tokens = Some(1_200);
        ended.cost_usd = Some(Cost(250_000));
    });
    let health = health(&log, 1_000);
    assert_eq!((health.attempts, health.success_rate), (5, Some(1.0)));
    // But what it took was taken.
    assert_eq!((health.tokens, health.cost_usd), (Some(1_200), Some(Cost(250_000))));
}
