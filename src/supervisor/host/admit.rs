//! Letting workstreams go: what the rules allow, as far as the kernel's locks agree.

use std::collections::BTreeMap;

use super::Supervisor;
use crate::core::fleet;
use crate::core::phase::Launch;
use crate::core::{AgentName, Event, Phase, WorkstreamId};
use crate::supervisor::member::Member;
use crate::supervisor::slots::Slot;
use crate::supervisor::trial;

impl Supervisor {
    /// Lets those go for which there is a slot.
    pub(super) fn admit(&mut self) {
        let limits = self.limits();
        let parallel = limits.parallel;
        let admission = fleet::admit(self.members.values().map(|member| &member.state), &limits);
        let mut waiting = BTreeMap::new();
        for id in admission.go {
            let is_free = |member: &Member| member.is_ours() && member.slots.is_empty();
            if !self.members.get(&id).is_some_and(is_free) {
                continue;
            }
            let member = self.members.get(&id);
            if let Some(blocked) = member.and_then(|it| trial::awaited(&it.state, &self.slots)) {
                waiting.insert(id, blocked);
                continue;
            }
            let needed = self.members.get(&id).map_or(1, |member| member.agents_due().len());
            match self.slots.take_several(parallel, needed) {
                Ok(Some(slots)) => self.start_with(&id, slots),
                Ok(None) => break,
                Err(error) => {
                    self.trouble(&id, format!("no slot can be taken: {error}"));
                    self.look_soon();
                    break;
                }
            }
        }
        self.see_blocked(waiting);
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
        let slots = (0..state.slots()).map_while(|_| self.slots.take(parallel).ok().flatten());
        let slots: Vec<Slot> = slots.collect();
        let places = state.agents_at(&launch).into_iter().filter_map(|agent| {
            let most = state.capacity_at(&launch, &agent)?;
            self.slots.take_several_of(&agent, most, 1).ok().flatten()
        });
        let places: Vec<Slot> = places.flatten().collect();
        let is_trial = state.is_trial(&launch);
        let agent = state.agent_at(&launch);
        let trial = is_trial.then(|| self.slots.take_trial(&agent).ok().flatten()).flatten();
        let passes = places.into_iter().chain(trial).map(|slot| (launch.attempt, slot));
        member.passes = passes.collect();
        member.slots = slots;
    }

    /// Lets one go that has its slots, if its agents have places for it.
    fn start_with(&mut self, id: &WorkstreamId, slots: Vec<Slot>) {
        let Some(member) = self.members.get(id) else { return };
        let Phase::Queued { launch } = &member.state.phase else { return };
        let launch = launch.clone();
        let agent = member.state.agent_at(&launch);
        let needs_trial = trial::is_needed(&member.state, &launch);
        let mut passes = Vec::new();
        let mut counts: BTreeMap<AgentName, usize> = BTreeMap::new();
        for agent in member.agents_due() {
            *counts.entry(agent).or_default() += 1;
        }
        for (agent, needed) in counts {
            let Some(capacity) = member.state.capacity_at(&launch, &agent) else { continue };
            match self.slots.take_several_of(&agent, capacity, needed) {
                Ok(Some(places)) => {
                    passes.extend(places.into_iter().map(|place| (launch.attempt, place)));
                }
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
            member.slots = slots;
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
