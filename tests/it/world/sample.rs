//! Definitions to play with: one that is the same for all scenarios, and random ones.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::collections::BTreeMap;
use std::time::Duration;

use ostler::core::allocate::Ranked;
use ostler::core::bar::{Bar, Guarded};
use ostler::core::contest::{Contending, Contest, Contestant};
use ostler::core::definition::{Definition, Exhausted, Expects, Order, Tier};
use ostler::core::policy::{Growth, Response, Responses, RetryMode, RetryPolicy, Timeouts};
use ostler::core::verdict::{Evidence, Verdict};
use ostler::core::{AgentName, FailureClass, ProcessIdentity, Timestamp};

use super::rng::Rng;

/// Returns so many seconds.
pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Returns a tier with soft 60 s, hard 120 s, two retries after 5 s and 10 s, and a grace of 10 s.
pub fn tier(agent: &str) -> Tier {
    Tier {
        agent: agent.into(),
        timeouts: Timeouts { soft: Some(secs(60)), hard: secs(120), idle: None },
        retry: RetryPolicy {
            max: 2,
            backoff: Growth::Exponential,
            delay: secs(5),
            max_delay: secs(30),
            jitter: 0,
        },
        responses: Responses::default(),
        grace: secs(10),
        capacity: None,
        probe: None,
        expects: Expects::Change,
        contest: None,
    }
}

/// Returns a workstream `ws-03` over these tiers, with a check of at most 60 s.
pub fn over(tiers: Vec<Tier>) -> Definition {
    Definition {
        id: "ws-03".into(),
        title: "Split the error module".to_owned(),
        tiers,
        order: Order::Declared,
        kind: None,
        warm: None,
        after: Vec::new(),
        check: Some(secs(60)),
        max_attempts: 10,
        exhausted: Exhausted::Escalate,
        priority: 0,
    }
}

/// Returns responses for one class.
pub fn on(class: FailureClass, responses: &[Response]) -> Responses {
    Responses(BTreeMap::from([(class, responses.to_vec())]))
}

/// Returns a retry as often as the tier allows.
pub fn retry(mode: RetryMode) -> Response {
    Response::Retry { times: None, mode }
}

/// Returns a process with this pid.
pub fn process(pid: u32) -> ProcessIdentity {
    ProcessIdentity { pid, start: u64::from(pid) * 7, boot: "boot-1".to_owned() }
}

/// Returns what a rule found in a line.
pub fn evidence(rule: &str, line: &str) -> Evidence {
    Evidence { rule: rule.to_owned(), line: line.to_owned(), offset: Some(1024) }
}

/// Returns a definition as somebody in a bad mood might write it.
pub fn random_definition(rng: &mut Rng) -> Definition {
    let tiers = (0..rng.between(1, 4)).map(|_| random_tier(rng)).collect();
    Definition {
        check: rng.chance(60).then(|| secs(rng.between(0, 120))),
        max_attempts: u32::try_from(rng.between(1, 12)).unwrap(),
        warm: rng.chance(30).then(|| secs(rng.between(1, 60))),
        order: *rng.pick(&[Order::Declared, Order::Adaptive]),
        exhausted: *rng.pick(&[Exhausted::Escalate, Exhausted::Fail]),
        ..over(tiers)
    }
}

const AGENTS: [&str; 4] = ["aider", "copilot", "claude", "replica"];

fn random_tier(rng: &mut Rng) -> Tier {
    let mut responses = BTreeMap::new();
    for _ in 0..rng.between(0, 6) {
        let list = (0..rng.between(1, 3)).map(|_| random_response(rng)).collect();
        responses.insert(*rng.pick(FailureClass::ALL), list);
    }
    let soft = rng.chance(70).then(|| secs(rng.between(0, 90)));
    Tier {
        timeouts: Timeouts {
            soft,
            hard: secs(rng.between(0, 300)),
            idle: rng.chance(50).then(|| secs(rng.between(0, 60))),
        },
        retry: RetryPolicy {
            max: u32::try_from(rng.between(0, 3)).unwrap(),
            backoff: *rng.pick(&[Growth::None, Growth::Linear, Growth::Exponential]),
            delay: secs(rng.between(0, 20)),
            max_delay: secs(rng.between(0, 60)),
            jitter: u8::try_from(rng.between(0, 100)).unwrap(),
        },
        responses: Responses(responses),
        grace: secs(rng.between(0, 15)),
        capacity: rng.chance(20).then_some(1),
        probe: rng.chance(40).then(|| secs(rng.between(0, 20))),
        expects: *rng.pick(&[Expects::Change, Expects::MarkerAndChange]),
        contest: rng.chance(25).then(|| random_contest(rng)),
        ..tier(rng.pick::<&str>(&AGENTS))
    }
}

/// Returns a contest of two or three, of which none keeps itself from going.
fn random_contest(rng: &mut Rng) -> Contest {
    let agents: Vec<AgentName> =
        (0..rng.between(2, 3)).map(|_| (*rng.pick(&AGENTS)).into()).collect();
    let is_alone = |agent| agents.iter().filter(|other| *other == agent).count() == 1;
    let capacity = |agent, rng: &mut Rng| (is_alone(agent) && rng.chance(20)).then_some(1);
    let contestants = agents
        .iter()
        .map(|agent| Contestant { agent: agent.clone(), capacity: capacity(agent, rng) });
    let contestants = contestants.collect();
    let how = *rng.pick(&[Contending::Race, Contending::Vote]);
    Contest { how, contestants, longest: secs(rng.between(0, 600)) }
}

fn random_response(rng: &mut Rng) -> Response {
    match rng.between(0, 7) {
        0 => Response::Backoff(secs(rng.between(0, 120))),
        1 => Response::Next,
        2 => Response::Goto((*rng.pick(&AGENTS)).into()),
        3 => Response::Escalate,
        4 => Response::Fail,
        _ => Response::Retry {
            times: rng.chance(50).then(|| u32::try_from(rng.between(0, 3)).unwrap()),
            mode: *rng.pick(&[
                RetryMode::Plain,
                RetryMode::Clean,
                RetryMode::Feedback,
                RetryMode::Simpler,
                RetryMode::Compact(50),
            ]),
        },
    }
}

/// Returns a verdict that speaks of a failure.
pub fn random_failure(rng: &mut Rng, now: Timestamp) -> Verdict {
    Verdict::Failure {
        class: *rng.pick(FailureClass::ALL),
        evidence: evidence("world.failure", "it did not work\nat all"),
        reset: rng
            .chance(30)
            .then(|| Timestamp(now.0.saturating_sub(5_000)) + secs(rng.between(0, 60))),
    }
}

/// What guards a fleet at a random moment.
pub fn random_guarded(rng: &mut Rng, now: Timestamp) -> Guarded {
    let mut bars = BTreeMap::new();
    for agent in AGENTS {
        let why = "3 failures in a row".to_owned();
        let until = now + secs(rng.between(0, 120));
        let bar = match rng.between(0, 5) {
            0 => Bar::Shut { until: Some(until), why },
            1 => Bar::Shut { until: None, why },
            2 => Bar::Trial { why },
            _free => continue,
        };
        bars.insert(agent.into(), bar);
    }
    let mut ranking: Vec<Ranked> =
        AGENTS.map(|agent| Ranked { agent: agent.into(), why: String::new() }).into();
    let turned = usize::try_from(rng.between(0, 3)).unwrap();
    ranking.rotate_left(turned);
    ranking.truncate(usize::try_from(rng.between(0, 4)).unwrap());
    Guarded { bars, held: rng.chance(20), ranking }
}
