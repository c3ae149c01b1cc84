//! Policies and agents to play with.

use std::collections::BTreeMap;

use ostler::core::FailureClass;
use ostler::core::history::Guards;
use ostler::core::policy::{Response, RetryMode};
use ostler::core::simulate::model::{AgentModel, Outage, Policy, Scenario, Spread};
use ostler::core::{Definition, Timestamp};

use crate::world::sample::{over, retry, secs, tier};

/// Two tiers, with the answers to failures that are built in for those that matter here.
pub fn definition() -> Definition {
    let tiers = ["first", "second"].map(|agent| {
        let mut tier = tier(agent);
        tier.timeouts.hard = secs(3600);
        tier.timeouts.idle = Some(secs(600));
        let network = Response::Retry { times: Some(3), mode: RetryMode::Plain };
        tier.responses.0.insert(FailureClass::Network, vec![network]);
        tier.responses.0.insert(FailureClass::RateLimit, vec![Response::Backoff(secs(60))]);
        tier.responses.0.insert(FailureClass::ExitCode, vec![retry(RetryMode::Plain)]);
        tier.responses.0.insert(FailureClass::CheckFailed, vec![retry(RetryMode::Feedback)]);
        tier
    });
    Definition { max_attempts: 12, ..over(tiers.to_vec()) }
}

pub fn policy(parallel: usize) -> Policy {
    let definitions = vec![definition()];
    Policy {
        name: "made".to_owned(),
        definitions,
        parallel,
        standby: 0,
        stagger: secs(0),
        guards: Guards::default(),
    }
}

/// The same without breakers and brake.
pub fn unguarded(parallel: usize) -> Policy {
    let mut policy = policy(parallel);
    policy.guards.breaker.failures = 0;
    policy.guards.storm.workstreams = 0;
    policy
}

/// Agents that do their work in about two minutes.
pub fn model() -> AgentModel {
    AgentModel {
        takes: Spread::LogNormal { p50: secs(120), p95: secs(300) },
        fails_after: Spread::always(secs(40)),
        tokens: 1_000,
        ..AgentModel::default()
    }
}

/// Both agents alike, and so many workstreams.
pub fn scenario(workstreams: usize) -> Scenario {
    let agents = ["first", "second"].map(|agent| (agent.into(), model()));
    Scenario {
        agents: BTreeMap::from(agents),
        workstreams: Some(workstreams),
        ..Scenario::default()
    }
}

/// The first agent's network is gone from the tenth minute on, for an hour.
pub fn outage() -> Outage {
    Outage {
        from: Timestamp(0) + secs(600),
        to: Timestamp(0) + secs(4_200),
        class: FailureClass::Network,
        after: secs(20),
        states_reset: false,
        seen_by_probe: false,
    }
}
