//! Letting workstreams go: what the rules allow, as far as the kernel's locks agree.

use super::Supervisor;
use crate::core::fleet;
use crate::core::phase::Launch;
use crate::core::{Event, Phase, WorkstreamId};
use crate::supervisor::member::Member;
use crate::supervisor::slots::Slot;

impl Supervisor {
    /// Lets those go for which there is a slot.
    pub(super) fn admit(&mut self) {
        let limits = self.limits();
        let parallel = limits.parallel;
        let admission = fleet::admit(self.members.values().map(|member| &member.state), &limits);
        for id in admission.go {
            let is_free = |member: &Member| member.is_ours() && member.slot.is_none();
            if !self.members.get(&id).is_some_and(is_free) {
                continue;
            }
            match self.slots.take(parallel) {
                Ok(Some(slot)) => self.start_with(&id, slot),
                Ok(None) => break,
                Err(error) => {
                    self.trouble(&id, format!("no slot can be taken: {error}"));
                    self.look_soon();
                    break;
                }
            }
        }
        self.see_blocked();
    }

    /// Takes what work that runs already holds of slots, places and trials.
    ///
    /// It is not ended for want of them: a limit that was lowered meanwhile holds for what comes next.
    pub(super) fn take_back(&mut self, id: &WorkstreamId) {
        let parallel = self.plan().limits.parallel;
        let Some(member) = self.members.get_mut(id) else { return };
        let state = &member.state;
        let launch = state.phase.launch().filter(|_| state.phase.word().holds_slot());
        let Some(launch) = launch.cloned() else { return };
        member.slot = self.slots.take(parallel).ok().flatten();
        let agent = member.state.agent_at(&launch);
        let capacity = member.state.tier(launch.tier).and_then(|tier| tier.capacity);
        let place = capacity.and_then(|most| self.slots.take_of(&agent, most).ok().flatten());
        let is_trial = member.state.is_trial(&launch);
        let trial = is_trial.then(|| self.slots.take_trial(&agent).ok().flatten()).flatten();
        let passes = place.into_iter().chain(trial).map(|slot| (launch.attempt, slot));
        member.passes = passes.collect();
    }

    /// Lets one go that has a slot, if its agent has a place for it.
    fn start_with(&mut self, id: &WorkstreamId, slot: Slot) {
        let Some(member) = self.members.get(id) else { return };
        let Phase::Queued { launch } = &member.state.phase else { return };
        let launch = launch.clone();
        let agent = member.state.agent_at(&launch);
        let tier = member.state.tier(launch.tier);
        let capacity = tier.and_then(|tier| tier.capacity);
        let is_last = launch.tier + 1 >= member.state.definition.tiers.len();
        let needs_trial = is_last && member.state.is_trial(&launch);
        let mut passes = Vec::new();
        if let Some(capacity) = capacity {
            match self.slots.take_of(&agent, capacity) {
                Ok(Some(place)) => passes.push((launch.attempt, place)),
                Ok(None) => return,
                Err(error) => return self.has_no_place(id, &error),
            }
        }
        if needs_trial {
            match self.slots.take_trial(&agent) {
                Ok(Some(trial)) => passes.push((launch.attempt, trial)),
                Ok(None) => return,
                Err(error) => return self.has_no_place(id, &error),
            }
        }
        if let Some(member) = self.members.get_mut(id) {
            member.slot = Some(slot);
            member.passes = passes;
        }
        self.guard.launched(self.clock.now());
        self.step(id, &Event::Admitted);
    }

    fn has_no_place(&mut self, id: &WorkstreamId, error: &std::io::Error) {
        self.trouble(id, format!("no place with its agent can be taken: {error}"));
        self.look_soon();
    }

    /// Takes the trial of an agent for a launch that would be one; says in words why it cannot be had.
    pub(super) fn is_another_ones_trial(
        &mut self,
        id: &WorkstreamId,
        launch: &Launch,
    ) -> Option<String> {
        let member = self.members.get_mut(id)?;
        if !member.state.is_trial(launch) {
            return None;
        }
        let agent = member.state.agent_at(launch);
        match self.slots.take_trial(&agent) {
            Ok(Some(trial)) => {
                member.passes.push((launch.attempt, trial));
                None
            }
            Ok(None) => Some(format!("another workstream is the trial of {agent}")),
            Err(error) => Some(format!("the trial of {agent} cannot be taken: {error}")),
        }
    }
}
