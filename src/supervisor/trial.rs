//! The one trial of an agent that has to show that it works again.

use super::slots::Slots;
use crate::core::Workstream;
use crate::core::fleet::Blocked;
use crate::core::phase::Launch;

/// Says whether a launch only goes as the trial of its agent: one with a fallback is probed as such later.
pub(super) fn is_needed(state: &Workstream, launch: &Launch) -> bool {
    launch.tier + 1 >= state.definition.tiers.len() && state.is_trial(launch)
}

/// Says so if another workstream is the trial of the agent that this one wants, which the rules do not know of.
///
/// To look takes nothing, while a slot that is taken and given back wakes all that wait, who took it among them.
pub(super) fn awaited(state: &Workstream, slots: &Slots) -> Option<Blocked> {
    let launch = state.phase.launch().filter(|launch| is_needed(state, launch))?;
    let agent = state.agent_at(launch);
    let bar = state.guarded.bars.get(&agent)?.clone();
    let is_taken = slots.is_on_trial(&agent).unwrap_or(false);
    is_taken.then_some(Blocked::Barred { agent, bar })
}
