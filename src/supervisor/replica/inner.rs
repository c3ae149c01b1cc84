//! What a replica's own supervisor runs: one workstream, in a worktree of its own.

use std::io;

use super::base::Base;
use super::{Call, DEPTH};
use crate::agents::api::failure::Failure;
use crate::agents::prompt;
use crate::config::plan::{Limits, OnSupervisorLoss, Plan, WorkstreamPlan};
use crate::core::definition::Exhausted;
use crate::core::{AgentName, AttemptId, FailureClass, WorkstreamId};
use crate::supervisor::last_check;

/// Names the workstream of a replica. No configured one has a `+` in its name, so it is nobody else's.
pub(super) fn id(outer: &WorkstreamId, attempt: AttemptId) -> WorkstreamId {
    WorkstreamId::from(format!("{outer}+replica-{attempt}"))
}

/// Returns the configuration of a replica's supervisor.
pub(super) fn plan(call: &Call, base: &Base, depth: u32) -> Result<Plan, Failure> {
    let outer = &call.plan;
    let mut agents = outer.agents.clone();
    agents.retain(|_, agent| !agent.is_replica());
    for agent in agents.values_mut() {
        agent.env.insert(DEPTH.to_owned(), depth.to_string());
    }
    let chain: Vec<AgentName> =
        call.workstream.chain.iter().filter(|name| agents.contains_key(*name)).cloned().collect();
    if chain.is_empty() {
        let words = "a replica runs the other agents of its chain, and there is none: add one";
        return Err(Failure::new(FailureClass::Config, words));
    }
    let said = last_check::output(&call.dir, &call.state).unwrap_or_else(|error: io::Error| {
        Some(format!("(what the check said cannot be read: {error})"))
    });
    let so_far = prompt::so_far(&call.state, &call.launch, said.as_deref());
    let workstream = WorkstreamPlan {
        id: id(&call.id, call.attempt),
        prompt: format!("{}\n{so_far}", call.workstream.prompt.trim_end()),
        after: Vec::new(),
        chain: chain.clone(),
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
        workstreams: vec![workstream],
        theme: None,
        keys: std::collections::BTreeMap::new(),
        ..outer.clone()
    })
}
