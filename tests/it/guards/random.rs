//! What must hold whatever happens.

use std::time::Duration;

use ostler::core::breaker::State;
use ostler::core::outcome::Say;
use ostler::core::storm::Brake;
use ostler::core::{AgentName, FailureClass};

use super::log::{Attempt, Log};
use crate::world::rng::Rng;

const AGENTS: [&str; 3] = ["x", "y", "z"];
const WORKSTREAMS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn below(rng: &mut Rng, count: usize) -> usize {
    usize::try_from(rng.between(0, count as u64 - 1)).unwrap()
}

/// What a line of the log may be that closes a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Said(&'static str),
    Succeeded(&'static str),
    Other,
}

/// Writes whatever may happen into a log, and has it looked at after each line.
fn happens(seed: u64, lines: usize, mut look: impl FnMut(&Log, Line)) -> Log {
    let mut rng = Rng::new(seed);
    let mut log = Log::default();
    let mut open: Vec<(Attempt, &'static str)> = Vec::new();
    for _ in 0..lines {
        log.pass(rng.between(0, 90));
        let agent = AGENTS[below(&mut rng, AGENTS.len())];
        let workstream = WORKSTREAMS[below(&mut rng, WORKSTREAMS.len())];
        let mut line = Line::Other;
        match below(&mut rng, 12) {
            0 => {
                log.tell(agent, [Say::Open, Say::Hold, Say::Close][below(&mut rng, 3)]);
                line = Line::Said(agent);
            }
            1 => log.refuse(workstream, agent),
            2..=6 => open.push((log.begin(workstream, agent), agent)),
            _ if open.is_empty() => {}
            _end => {
                let (attempt, agent) = open.swap_remove(below(&mut rng, open.len()));
                if below(&mut rng, 3) == 0 {
                    log.succeed(&attempt);
                    line = Line::Succeeded(agent);
                } else {
                    log.fail(&attempt, FailureClass::ALL[below(&mut rng, FailureClass::ALL.len())]);
                }
            }
        }
        look(&log, line);
    }
    log
}

#[test]
fn an_open_breaker_closes_by_a_success_or_a_person_alone() {
    for seed in 0..200 {
        let mut before = [State::Closed, State::Closed, State::Closed];
        let mut count = 0;
        happens(seed, 200, |log, line| {
            for (place, agent) in AGENTS.iter().enumerate() {
                let state = log.history.breaker(&AgentName::from(*agent), log.now);
                let closes = state == State::Closed && before[place] != State::Closed;
                let may = [Line::Said(agent), Line::Succeeded(agent)].contains(&line);
                assert!(!closes || may, "seed {seed}, line {count}: {line:?}");
                before[place] = state;
            }
            count += 1;
        });
    }
}

#[test]
fn a_storm_always_ends_and_never_waits_for_anything_but_time() {
    for seed in 0..200 {
        let mut log = happens(seed, 200, |log, _| {
            if log.history.brake(log.now, &log.guards) != Brake::Calm {
                let next = log.history.next(log.now, &log.guards);
                assert!(next.is_some_and(|next| next > log.now), "seed {seed}");
            }
        });
        let policy = log.guards.storm;
        let longest = policy.max_hold + policy.trial + policy.window + Duration::from_secs(1);
        log.pass(longest.as_secs());
        assert_eq!(log.history.brake(log.now, &log.guards), Brake::Calm, "seed {seed}");
    }
}

#[test]
fn telling_an_end_twice_changes_nothing() {
    let mut log = Log::default();
    let attempt = log.begin("a", "x");
    log.fail(&attempt, FailureClass::Crashed);
    let before = log.history.clone();
    log.fail(&attempt, FailureClass::Crashed);
    assert!(log.history == before);
}
