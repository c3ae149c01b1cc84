//! What is asked for again when a workstream comes to a new owner.

use super::effect::Effect;
use super::phase::{Intent, Launch, Phase, Survivor};
use super::workstream::Workstream;

/// Returns the effects whose results a workstream still waits for, or that may not have been carried out.
///
/// Their executors find what the former owner began, so nothing is done twice. An agent whose start was interrupted by a
/// stop is not asked for again: it must not start now. A check is, since only then is it followed to its end.
pub fn effects(workstream: &Workstream) -> Vec<Effect> {
    match &workstream.phase {
        Phase::Preparing { launch, .. } => vec![Effect::Prepare(launch.attempt)],
        Phase::Probing { launch, .. } => vec![Effect::Probe(launch.clone())],
        Phase::Starting { launch, .. } => starting(workstream, launch),
        Phase::Running(running) => {
            let (attempt, hard_at) = (running.launch.attempt, running.hard_at);
            vec![Effect::Watch(attempt), Effect::Extend { attempt, hard_at }]
        }
        Phase::Stopping(stopping) => {
            let attempt = stopping.launch.attempt;
            let end = if stopping.killed {
                Effect::Kill(attempt)
            } else {
                Effect::Stop { attempt, grace: workstream.grace(stopping.launch.tier) }
            };
            vec![Effect::Watch(attempt), end]
        }
        Phase::Draining(draining) => vec![Effect::Save(draining.launch.attempt)],
        Phase::Checking { launch, .. } | Phase::Lost { launch, who: Survivor::Check, .. } => {
            check(workstream, launch)
        }
        Phase::Lost { launch, who: Survivor::Agent, .. } => vec![Effect::Watch(launch.attempt)],
        Phase::Escalated { .. } | Phase::Done(_) | Phase::Failed(_) | Phase::Stopped => {
            vec![workstream.release()]
        }
        Phase::Queued { .. } | Phase::Backoff { .. } => Vec::new(),
    }
}

fn starting(workstream: &Workstream, launch: &Launch) -> Vec<Effect> {
    let attempt = launch.attempt;
    match workstream.intent {
        Intent::Run => {
            let hard = workstream
                .tier(launch.tier)
                .map_or_else(Default::default, |tier| tier.timeouts.hard);
            vec![Effect::Spawn { launch: launch.clone(), hard }]
        }
        Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
            let grace = workstream.grace(launch.tier);
            vec![Effect::Stop { attempt, grace }, Effect::Watch(attempt)]
        }
    }
}

fn check(workstream: &Workstream, launch: &Launch) -> Vec<Effect> {
    let attempt = launch.attempt;
    match workstream.intent {
        Intent::Run => vec![Effect::Check(attempt)],
        Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
            vec![Effect::Check(attempt), Effect::CancelCheck(attempt)]
        }
    }
}
