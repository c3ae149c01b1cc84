//! Which agent is worth trying first.

use ostler::core::allocate::{Standings, Wanted};
use ostler::core::bar::Bar;
use ostler::core::{AgentName, FailureClass};

use super::log::Log;
use crate::world::rng::Rng;

/// Ranks the three agents for a kind of work.
fn ranked(log: &Log, kind: Option<&str>, capacity: Option<usize>) -> Vec<(String, String)> {
    let chain = ["one", "two", "three"].map(|name| (AgentName::from(name), capacity));
    let bars = log.history.bars(log.now);
    let wanted = Wanted { chain: &chain, kind, bars: &bars };
    let ranked = Standings::of(&log.history, log.now).rank(&wanted);
    ranked.into_iter().map(|it| (it.agent.to_string(), it.why)).collect()
}

fn order(log: &Log) -> Vec<String> {
    ranked(log, None, None).into_iter().map(|(agent, _)| agent).collect()
}

fn works(log: &mut Log, agent: &str, seconds: u64) {
    let attempt = log.begin("a", agent);
    log.pass(seconds);
    log.succeed(&attempt);
}

fn fails(log: &mut Log, agent: &str, seconds: u64) {
    let attempt = log.begin("a", agent);
    log.pass(seconds);
    log.fail(&attempt, FailureClass::ExitCode);
}

/// A log without breakers: they are another matter.
fn log() -> Log {
    let mut log = Log::default();
    log.guards.breaker.failures = 0;
    log.guards.breaker.pass_rate = 0;
    log
}

#[test]
fn who_is_not_known_stays_as_declared() {
    assert_eq!(order(&log()), ["one", "two", "three"]);
    let (_, why) = ranked(&log(), None, None).remove(0);
    assert_eq!(why, "hardly tried lately");
}

#[test]
fn who_succeeds_more_often_goes_first_and_says_why() {
    let mut log = log();
    for _ in 0..10 {
        fails(&mut log, "one", 240);
        works(&mut log, "two", 240);
        works(&mut log, "three", 240);
    }
    assert_eq!(order(&log), ["two", "three", "one"]);
    let ranked = ranked(&log, None, None);
    assert_eq!(ranked[0].1, "100 % of about 9 lately, ≈ 4:00 each");
    assert_eq!(ranked[2].1, "0 % of about 9 lately, ≈ 4:00 each");
}

#[test]
fn who_is_quicker_goes_first_but_failing_quickly_is_not_quick() {
    let mut log = log();
    for _ in 0..10 {
        works(&mut log, "one", 1_200);
        works(&mut log, "two", 240);
        fails(&mut log, "three", 1);
    }
    assert_eq!(order(&log), ["two", "one", "three"]);
}

#[test]
fn what_matters_is_this_kind_of_work() {
    let mut log = log();
    for _ in 0..8 {
        for (agent, kind, good) in [
            ("one", "docs", true),
            ("one", "tests", false),
            ("two", "docs", false),
            ("two", "tests", true),
        ] {
            let attempt = log.begin("a", agent);
            log.pass(300);
            let (end, class) = if good {
                (ostler::core::outcome::End::Succeeded, None)
            } else {
                (ostler::core::outcome::End::Failed, Some(FailureClass::NoChange))
            };
            log.end(&attempt, end, class, |ended| ended.kind = Some(kind.to_owned()));
        }
        works(&mut log, "three", 3_000);
    }
    assert_eq!(ranked(&log, Some("docs"), None)[0].0, "one");
    assert_eq!(ranked(&log, Some("tests"), None)[0].0, "two");
}

#[test]
fn who_was_bad_once_has_another_chance() {
    let mut log = log();
    for _ in 0..6 {
        fails(&mut log, "one", 240);
        works(&mut log, "two", 240);
        works(&mut log, "three", 240);
    }
    let mut hours = 0;
    while order(&log)[0] != "one" {
        // The others go on, an attempt every half hour.
        works(&mut log, "two", 240);
        log.pass(1_560);
        hours += 1;
        assert!(hours < 2 * 72, "after three days it was not tried again");
    }
    assert!(hours > 2 * 3, "it was tried again after {hours} half hours");
}

#[test]
fn who_is_shut_or_busy_goes_behind() {
    let mut log = Log::default();
    for _ in 0..10 {
        works(&mut log, "one", 60);
        fails(&mut log, "two", 600);
        works(&mut log, "two", 600);
    }
    log.tell("one", ostler::core::outcome::Say::Hold);
    let ranked_now = ranked(&log, None, None);
    assert_eq!(ranked_now[2].0, "one");
    assert!(ranked_now[2].1.ends_with("; its breaker lets nothing through"), "{ranked_now:?}");
    log.tell("one", ostler::core::outcome::Say::Close);
    assert_eq!(order(&log)[0], "one");
    log.begin("b", "one");
    let busy = ranked(&log, None, Some(1));
    assert_eq!(busy[2].0, "one");
    assert!(busy[2].1.ends_with("; busy with 1"), "{busy:?}");
}

#[test]
fn every_agent_keeps_one_place_whatever_happened() {
    for seed in 0..200 {
        let mut rng = Rng::new(seed);
        let mut log = Log::default();
        for _ in 0..rng.between(0, 60) {
            let agent = *rng.pick(&["one", "two", "three"]);
            let attempt = log.begin("a", agent);
            log.pass(rng.between(0, 4_000));
            if rng.chance(50) {
                log.succeed(&attempt);
            } else if rng.chance(90) {
                log.fail(&attempt, *rng.pick(FailureClass::ALL));
            }
        }
        let bars = log.history.bars(log.now);
        let ranked = ranked(&log, None, rng.chance(50).then_some(1));
        let mut names: Vec<&str> = ranked.iter().map(|(agent, _)| agent.as_str()).collect();
        let is_shut = |name: &&str| bars.get(&AgentName::from(*name)).is_some_and(Bar::is_shut);
        let first_shut = names.iter().position(&is_shut).unwrap_or(names.len());
        assert!(names[first_shut..].iter().all(is_shut), "seed {seed}: {ranked:?}");
        names.sort_unstable();
        assert_eq!(names, ["one", "three", "two"], "seed {seed}");
    }
}
