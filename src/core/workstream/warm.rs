//! Keeping the next agent warm: it is asked ahead whether it can work, so that a failure costs no probe.

use super::{Effects, Workstream};
use crate::core::effect::Effect;
use crate::core::id::AgentName;
use crate::core::notice::Notice;
use crate::core::phase::Phase;
use crate::core::standby::Standby;
use crate::core::time::Timestamp;

impl Workstream {
    /// Asks the agent that would take over from the one at `tier`, if it is to be kept warm.
    pub(super) fn warm(&self, tier: usize, out: &mut Effects) {
        let next = tier + 1;
        let Some(there) = self.definition.tiers.get(next) else { return };
        if self.definition.warm.is_some() && there.probe.is_some() {
            out.push(Effect::Warm(next));
        }
    }

    /// Returns when the next agent is to be asked again.
    pub(super) fn warm_at(&self, tier: usize, now: Timestamp) -> Option<Timestamp> {
        let next = self.definition.tiers.get(tier + 1)?;
        next.probe.and(self.definition.warm).map(|every| now + every)
    }

    /// Takes in what an agent said; the one behind it is asked if it cannot work.
    pub(super) fn warmed(
        &mut self,
        agent: &AgentName,
        refused: Option<&str>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let Some(launch) = self.phase.launch() else { return };
        let behind = self.definition.tiers.iter().skip(launch.tier + 1);
        let there = behind.into_iter().position(|tier| tier.agent == *agent);
        let (true, Some(there)) = (self.is_at_work(), there) else { return };
        let there = launch.tier + 1 + there;
        let refused = refused.map(str::to_owned);
        let known = self.standby.iter().find(|known| known.agent == *agent);
        let is_news = known.is_none_or(|known| known.refused.is_some() != refused.is_some());
        if let (true, Some(reason)) = (is_news, &refused) {
            let (agent, reason) = (agent.clone(), reason.clone());
            out.push(Effect::Notice(Notice::NotWarm { agent, reason }));
        }
        if refused.is_some() {
            self.warm(there, out);
        }
        self.standby.retain(|known| known.agent != *agent);
        self.standby.push(Standby { agent: agent.clone(), at: now, refused });
    }

    fn is_at_work(&self) -> bool {
        matches!(
            self.phase,
            Phase::Running(_) | Phase::Stopping(_) | Phase::Draining(_) | Phase::Checking { .. }
        )
    }
}
