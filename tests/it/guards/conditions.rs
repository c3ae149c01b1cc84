//! Whether an agent is well, and how the fleet fares as a whole.

use std::time::Duration;

use ostler::core::condition::{self, Condition};
use ostler::core::health::{Health, Window};
use ostler::core::outcome::{Ended, Say};
use ostler::core::{FailureClass, Timestamp};

use super::log::Log;

fn condition(log: &Log) -> (Condition, String) {
    let record = log.history.record(&"x".into());
    let health = Health::of(&record.ends, Window::lately(log.now, Duration::from_secs(86_400)));
    Condition::of(&record.breaker.state(log.now), &health, condition::last(record.ends.iter()))
}

fn attempts(log: &mut Log, ends: &str) {
    for end in ends.chars() {
        let attempt = log.begin("a", "x");
        log.pass(60);
        match end {
            '+' => log.succeed(&attempt),
            '-' => log.fail(&attempt, FailureClass::Network),
            _check => log.fail(&attempt, FailureClass::CheckFailed),
        }
    }
}

#[test]
fn an_agent_is_unknown_healthy_degraded_or_failed() {
    let mut log = Log::default();
    log.guards.breaker.pass_rate = 0;
    assert_eq!(condition(&log).0, Condition::Unknown);
    attempts(&mut log, "++++");
    assert_eq!(
        condition(&log),
        (Condition::Unknown, "too few attempts to tell: 4 of 5".to_owned())
    );
    attempts(&mut log, "+");
    assert_eq!(condition(&log), (Condition::Healthy, String::new()));
    attempts(&mut log, "-");
    assert_eq!(
        condition(&log),
        (Condition::Degraded, "its last attempt failed: network".to_owned())
    );
    attempts(&mut log, "+");
    assert_eq!(condition(&log).0, Condition::Healthy, "6 of 7");
    // What a check says no to is not the agent's last word, but it counts.
    attempts(&mut log, "cc");
    assert_eq!(
        condition(&log),
        (Condition::Degraded, "only 67 % of its attempts did the work".to_owned())
    );
    attempts(&mut log, "---");
    let (condition, why) = condition(&log);
    assert_eq!(condition, Condition::Failed);
    assert!(why.starts_with("3 failures in a row"), "{why}");
    log.pass(120);
    assert_eq!(self::condition(&log).0, Condition::Degraded, "it is on trial");
    log.tell("x", Say::Hold);
    assert_eq!(self::condition(&log).0, Condition::Failed);
    log.tell("x", Say::Close);
    log.pass(90_000);
    let (condition, why) = self::condition(&log);
    assert_eq!(
        (condition, why.as_str()),
        (Condition::Degraded, "its last attempt failed: network")
    );
}

#[test]
fn the_figures_of_a_fleet_are_those_of_its_agents_together() {
    let mut log = Log::default();
    for number in 0..10 {
        let (x, y) = (log.begin("a", "x"), log.begin("b", "y"));
        log.pass(100);
        log.succeed(&x);
        if number % 2 == 0 {
            log.succeed(&y);
        } else {
            log.fail(&y, FailureClass::Network);
        }
    }
    let [x, y] = ["x", "y"].map(|name| log.history.record(&name.into()));
    let window = Window::always();
    let all = Health::of_all([&x.ends, &y.ends], window);
    let [x, y] = [&x, &y].map(|record| Health::of(&record.ends, window));
    assert_eq!((all.attempts, all.succeeded), (20, 15));
    assert_eq!(all.success_rate, Some(0.75));
    // x was always up, y down from each failure until the next attempt began: at once.
    assert_eq!((x.availability, y.availability), (Some(1.0), all.availability));
    assert_eq!((x.mttf, y.mttf), (None, Some(Duration::from_secs(180))));
    // Both were up for 900 s, and y failed five times.
    assert_eq!(all.mttf, Some(Duration::from_secs(360)));
    let none: &[(Timestamp, Ended)] = &[];
    assert_eq!(Health::of_all([none, none], window), Health::default());
}
