//! The circuit breaker.

use ostler::core::FailureClass;
use ostler::core::outcome::Say;

use super::log::Log;

fn failing(times: usize) -> Log {
    let mut log = Log::default();
    for _ in 0..times {
        let attempt = log.begin("a", "x");
        log.pass(10);
        log.fail(&attempt, FailureClass::ExitCode);
    }
    log
}

#[test]
fn three_failures_in_a_row_open_it_for_a_while() {
    assert_eq!(failing(2).bar("x"), "closed");
    let mut log = failing(3);
    let why = "3 failures in a row, the last one exit_code";
    assert_eq!(log.bar("x"), format!("its breaker is open for 1:00 ({why})"));
    assert_eq!(log.bar("y"), "closed");
    log.pass(59);
    assert_eq!(log.bar("x"), format!("its breaker is open for 1 s ({why})"));
    log.pass(1);
    assert_eq!(log.bar("x"), format!("its breaker is half-open ({why})"));
}

#[test]
fn a_success_in_between_begins_the_count_anew() {
    let mut log = failing(2);
    let good = log.begin("a", "x");
    log.succeed(&good);
    for _ in 0..2 {
        let bad = log.begin("a", "x");
        log.fail(&bad, FailureClass::Crashed);
    }
    assert_eq!(log.bar("x"), "closed");
}

#[test]
fn a_trial_that_succeeds_closes_it_and_one_that_fails_opens_it_for_twice_as_long() {
    let mut log = failing(3);
    log.pass(60);
    let trial = log.begin("b", "x");
    log.pass(5);
    log.fail(&trial, FailureClass::Network);
    assert_eq!(log.bar("x"), "its breaker is open for 2:00 (its trial failed: network)");
    log.pass(120);
    log.refuse("b", "x");
    assert_eq!(log.bar("x"), "its breaker is open for 4:00 (its trial failed: its probe failed)");
    log.pass(240);
    let trial = log.begin("b", "x");
    log.succeed(&trial);
    assert_eq!(log.bar("x"), "closed");
}

#[test]
fn what_began_before_it_opened_is_no_trial() {
    let mut log = Log::default();
    let early = log.begin("early", "x");
    for _ in 0..3 {
        let attempt = log.begin("a", "x");
        log.fail(&attempt, FailureClass::Auth);
    }
    log.succeed(&early);
    assert!(log.bar("x").starts_with("its breaker is open for 1:00"), "{}", log.bar("x"));
    log.pass(60);
    assert!(log.bar("x").starts_with("its breaker is half-open"), "{}", log.bar("x"));
}

#[test]
fn a_stated_time_is_kept_to_and_quota_waits_for_a_person() {
    let mut log = failing(0);
    let limited = log.begin("a", "x");
    let reset = log.now + std::time::Duration::from_secs(900);
    log.fail_until(&limited, FailureClass::RateLimit, reset);
    assert_eq!(log.bar("x"), "its breaker is open for 15:00 (rate_limit until a stated time)");
    let used_up = log.begin("a", "y");
    log.fail(&used_up, FailureClass::Quota);
    log.pass(100_000);
    assert_eq!(log.bar("y"), "it is held (quota: only a person can end it)");
    log.tell("y", Say::Close);
    assert_eq!(log.bar("y"), "closed");
}

#[test]
fn the_operator_opens_holds_and_closes_it() {
    let mut log = Log::default();
    log.tell("x", Say::Open);
    assert_eq!(log.bar("x"), "its breaker is open for 1:00 (the operator opened it)");
    log.tell("x", Say::Hold);
    assert_eq!(log.bar("x"), "it is held (the operator holds it)");
    let trial = log.begin("a", "x");
    log.succeed(&trial);
    assert_eq!(log.bar("x"), "it is held (the operator holds it)");
    log.tell("x", Say::Close);
    assert_eq!(log.bar("x"), "closed");
}

#[test]
fn checks_that_fail_open_it() {
    let mut log = Log::default();
    for number in 0..5 {
        let attempt = log.begin("a", "x");
        log.pass(10);
        if number % 2 == 0 {
            log.succeed(&attempt);
        } else {
            log.fail(&attempt, FailureClass::CheckFailed);
        }
    }
    assert_eq!(log.bar("x"), "its breaker is open for 1:00 (only 60 % of its checks pass)");
}

#[test]
fn slowness_opens_it_and_a_trial_must_be_nearly_as_fast_as_usual() {
    let mut log = Log::default();
    let took = |log: &mut Log, seconds| {
        let attempt = log.begin("a", "x");
        log.pass(seconds);
        log.succeed(&attempt);
    };
    for _ in 0..8 {
        took(&mut log, 10);
    }
    for _ in 0..2 {
        took(&mut log, 40);
    }
    assert!(log.bar("x").ends_with("(it takes 40 s now, usual is 10 s)"), "{}", log.bar("x"));
    log.pass(60);
    took(&mut log, 20);
    assert_eq!(
        log.bar("x"),
        "its breaker is half-open (its trial took 20 s, usual is 10 s at most)"
    );
    took(&mut log, 11);
    assert_eq!(log.bar("x"), "closed");
}

#[test]
fn what_is_not_the_agents_fault_does_not_count() {
    let mut log = Log::default();
    for class in [FailureClass::Resources, FailureClass::KeeperLost, FailureClass::WorktreeLost] {
        for _ in 0..3 {
            let attempt = log.begin("a", "x");
            log.fail(&attempt, class);
        }
    }
    assert_eq!(log.bar("x"), "closed");
}
