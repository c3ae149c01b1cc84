//! What changes when the configuration does.

use super::Workstream;
use crate::core::definition::{Definition, Order, Tier};
use crate::core::phase::{Draining, Intent, Phase, Running, Stopping};

impl Workstream {
    /// Takes the new definition; what is at work keeps its timeouts, and places in the chain follow their agents (the
    /// nearest place if an agent is gone). A chain that is ranked keeps its order.
    ///
    /// A definition without a chain keeps the former chain.
    pub(super) fn redefine(&mut self, definition: &Definition) {
        let mut definition = definition.clone();
        if definition.tiers.is_empty() {
            definition.tiers.clone_from(&self.definition.tiers);
        }
        if definition.order == Order::Adaptive {
            let former = &self.definition.tiers;
            definition.tiers.sort_by_key(|tier| {
                former.iter().position(|it| it.agent == tier.agent).unwrap_or(former.len())
            });
        }
        // What was asked for was about the former agents.
        self.steps.clear();
        let former = std::mem::replace(&mut self.definition, definition);
        let tiers = &self.definition.tiers;
        let last = tiers.len().saturating_sub(1);
        let moved = |tier: &mut usize| {
            *tier = place(&former.tiers, tiers, *tier).unwrap_or((*tier).min(last));
        };
        match &mut self.phase {
            Phase::Queued { launch }
            | Phase::Preparing { launch, .. }
            | Phase::Probing { launch, .. }
            | Phase::Starting { launch, .. }
            | Phase::Running(Running { launch, .. })
            | Phase::Stopping(Stopping { launch, .. })
            | Phase::Draining(Draining { launch, .. })
            | Phase::Checking { launch, .. }
            | Phase::Backoff { launch, .. }
            | Phase::Lost { launch, .. } => moved(&mut launch.tier),
            Phase::Escalated { tier, .. } => moved(tier),
            Phase::Done(_) | Phase::Failed(_) | Phase::Stopped => {}
        }
        if let Intent::Redirect(launch) = &mut self.intent {
            moved(&mut launch.tier);
        }
        // Whoever stands where a failed agent stood has not failed.
        self.failures.retain_mut(|count| {
            let place = place(&former.tiers, tiers, count.tier);
            count.tier = place.unwrap_or(count.tier);
            place.is_some()
        });
    }
}

/// Returns where the agent that stood at `tier` stands now; none if it is gone.
fn place(former: &[Tier], tiers: &[Tier], tier: usize) -> Option<usize> {
    let agent = former.get(tier).or(former.last()).map(|tier| &tier.agent);
    if tiers.get(tier).map(|tier| &tier.agent) == agent {
        return Some(tier);
    }
    tiers.iter().position(|tier| Some(&tier.agent) == agent)
}
