//! What a contest's own supervisor runs: a workstream for each contestant, in a worktree of its own.

use super::lineup::Lineup;
use crate::config::plan::{Limits, OnSupervisorLoss, Plan, WorkstreamPlan};
use crate::core::breaker::BreakerPolicy;
use crate::core::budget::Budget;
use crate::core::contest::{Contending, Entrant};
use crate::core::definition::Exhausted;
use crate::core::history::Guards;
use crate::core::storm::StormPolicy;
use crate::core::strain::StrainPolicy;
use crate::core::{AttemptId, WorkstreamId};
use crate::supervisor::inner::base::Base;
use crate::supervisor::inner::{self, Call, DEPTH};

/// Names the workstream of a contestant. No configured one has a `+` in its name, so it is nobody else's.
pub(super) fn id(
    outer: &WorkstreamId,
    how: Contending,
    attempt: AttemptId,
    entrant: &Entrant,
) -> WorkstreamId {
    WorkstreamId::from(format!("{outer}+{}-{attempt}.{}", how.word(), entrant.number))
}

/// Returns the configuration of a contest's supervisor.
pub(super) fn plan(call: &Call, lineup: &Lineup, base: &Base, depth: u32) -> Plan {
    let outer = &call.plan;
    let mut agents = outer.agents.clone();
    agents.retain(|name, _| lineup.entrants.iter().any(|entrant| entrant.agent == *name));
    for agent in agents.values_mut() {
        agent.env.insert(DEPTH.to_owned(), depth.to_string());
        // They were given their places together.
        agent.capacity = None;
    }
    let prompt = inner::prompt(call);
    let contestant = |entrant: &Entrant| WorkstreamPlan {
        id: id(&call.id, lineup.how, call.attempt, entrant),
        prompt: prompt.clone(),
        after: Vec::new(),
        // What one cannot do, the others do.
        chain: vec![entrant.agent.clone()],
        contest: None,
        // Nobody is there to be asked: what waits is over.
        exhausted: Exhausted::Escalate,
        ..call.workstream.clone()
    };
    let workstreams: Vec<WorkstreamPlan> = lineup.entrants.iter().map(contestant).collect();
    let parallel = workstreams.len();
    Plan {
        file: None,
        base: Some(base.commit.clone()),
        // It has stepped back already, as all that its keeper started.
        limits: Limits {
            parallel,
            nice: 0,
            standby: 0,
            stagger: std::time::Duration::ZERO,
            ..outer.limits
        },
        guards: unguarded(),
        // Its keepers are below that of the outer attempt, which ends them with it.
        on_supervisor_loss: OnSupervisorLoss::Finish,
        agents,
        chain: Vec::new(),
        contest: None,
        workstreams,
        theme: None,
        alerts: inner::no_alerts(),
        keys: std::collections::BTreeMap::new(),
        ..outer.clone()
    }
}

/// What becomes of the contestants is told outside, and guarded there.
fn unguarded() -> Guards {
    Guards {
        breaker: BreakerPolicy { failures: 0, enough: usize::MAX, ..BreakerPolicy::default() },
        storm: StormPolicy { workstreams: 0, ..StormPolicy::default() },
        budget: Budget::default(),
        strain: StrainPolicy { cpu: 0, memory: 0, ..StrainPolicy::default() },
    }
}
