//! What a replica's own supervisor runs: one workstream, in a worktree of its own.

use super::super::inner::base::Base;
use super::super::inner::{self, Call, DEPTH};
use crate::agents::api::failure::Failure;
use crate::config::plan::{Limits, OnSupervisorLoss, Plan, WorkstreamPlan};
use crate::core::definition::Exhausted;
use crate::core::{AgentName, AttemptId, FailureClass, WorkstreamId};

/// Names the workstream of a replica. No configured one has a `+` in its name, so it is nobody else's.
pub(super) fn id(outer: &WorkstreamId, attempt: AttemptId) -> WorkstreamId {
    WorkstreamId::from(format!("{outer}+replica-{attempt}"))
}

/// Returns the configuration of a replica's supervisor.
pub(super) fn plan(call: &Call, base: &Base, depth: u32) -> Result<Plan, Failure> {
    let outer = &call.plan;
    let mut agents = outer.agents.clone();
    agents.retain(|_, agent| !agent.is_replica() && agent.contends.is_none());
    for agent in agents.values_mut() {
        agent.env.insert(DEPTH.to_owned(), depth.to_string());
    }
    // Those that work side by side outside work one after the other here.
    let workers = call.workstream.workers().into_iter();
    let chain: Vec<AgentName> =
        workers.filter(|name| agents.contains_key(*name)).cloned().collect();
    if chain.is_empty() {
        let words = "a replica runs the other agents of its chain, and there is none: add one";
        return Err(Failure::new(FailureClass::Config, words));
    }
    let workstream = WorkstreamPlan {
        id: id(&call.id, call.attempt),
        prompt: inner::prompt(call),
        after: Vec::new(),
        chain: chain.clone(),
        contest: None,
        // Nobody is there to be asked: what waits is over.
        exhausted: Exhausted::Escalate,
        ..call.workstream.clone()
    };
    Ok(Plan {
        file: None,
        base: Some(base.commit.clone()),
        // It has stepped back already, as all that its keeper started.
        limits: Limits { parallel: 1, nice: 0, ..outer.limits },
        // Its keepers are below that of the outer attempt, which ends them with it.
        on_supervisor_loss: OnSupervisorLoss::Finish,
        agents,
        chain,
        contest: None,
        workstreams: vec![workstream],
        theme: None,
        alerts: inner::no_alerts(),
        keys: std::collections::BTreeMap::new(),
        ..outer.clone()
    })
}
