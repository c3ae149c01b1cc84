//! What is asked for again when a workstream comes to a new owner.

use super::effect::Effect;
use super::phase::Phase;
use super::workstream::Workstream;

/// Returns the effects whose results a workstream still waits for.
///
/// Their executors find what the former owner began, so nothing is done twice.
pub fn effects(workstream: &Workstream) -> Vec<Effect> {
    match &workstream.phase {
        Phase::Preparing { launch, .. } => vec![Effect::Prepare(launch.attempt)],
        Phase::Probing { launch, .. } => vec![Effect::Probe(launch.clone())],
        Phase::Starting { launch, .. } => {
            let hard = workstream
                .tier(launch.tier)
                .map_or_else(Default::default, |tier| tier.timeouts.hard);
            vec![Effect::Spawn { launch: launch.clone(), hard }]
        }
        Phase::Running(running) => vec![Effect::Watch(running.launch.attempt)],
        Phase::Stopping(stopping) => {
            let attempt = stopping.launch.attempt;
            let grace = workstream
                .tier(stopping.launch.tier)
                .map_or_else(Default::default, |tier| tier.grace);
            let end = if stopping.killed {
                Effect::Kill(attempt)
            } else {
                Effect::Stop { attempt, grace }
            };
            vec![Effect::Watch(attempt), end]
        }
        Phase::Draining(draining) => vec![Effect::Save(draining.launch.attempt)],
        Phase::Checking { launch, .. } => vec![Effect::Check(launch.attempt)],
        Phase::Lost { launch, .. } => vec![Effect::Watch(launch.attempt)],
        Phase::Queued { .. }
        | Phase::Backoff { .. }
        | Phase::Escalated { .. }
        | Phase::Done(_)
        | Phase::Failed(_)
        | Phase::Stopped => Vec::new(),
    }
}
