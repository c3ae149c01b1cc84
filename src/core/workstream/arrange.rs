//! The order of a chain that is ranked by how its agents have been doing.

use super::{Effects, Workstream};
use crate::core::bar::Guarded;
use crate::core::definition::{Order, Tier};
use crate::core::effect::Effect;
use crate::core::notice::Notice;
use crate::core::phase::{ChosenBy, Intent, Phase};

impl Workstream {
    /// Takes in what guards the fleet.
    pub(super) fn guard(&mut self, guarded: &Guarded, out: &mut Effects) {
        self.guarded = guarded.clone();
        let before = self.chain();
        self.arrange();
        let after = self.chain();
        if before != after {
            out.push(Effect::Notice(Notice::Arranged { chain: after }));
        }
    }

    /// Puts the agents whose turn has not come into the order in which they are ranked.
    fn arrange(&mut self) {
        let had_turn = self.had_turn();
        let ranking = &self.guarded.ranking;
        if self.definition.order == Order::Declared || ranking.is_empty() {
            return;
        }
        let rank = |tier: &Tier| {
            ranking.iter().position(|ranked| ranked.agent == tier.agent).unwrap_or(ranking.len())
        };
        // Those that work side by side were put in front, and stay there.
        let contest = self.definition.tiers.first().is_some_and(|tier| tier.contest.is_some());
        let had_turn = had_turn.max(usize::from(contest));
        if let Some(rest) = self.definition.tiers.get_mut(had_turn..) {
            rest.sort_by_key(rank);
        }
    }

    /// Returns how many tiers have had their turn, or have it, or were chosen by the operator.
    fn had_turn(&self) -> usize {
        let tried = self.attempts.iter().map(|attempt| attempt.tier + 1).max().unwrap_or(0);
        let chosen = match &self.intent {
            Intent::Redirect(launch) => launch.tier + 1,
            Intent::Run | Intent::Stop | Intent::Ask(_) => 0,
        };
        let current = match &self.phase {
            Phase::Queued { launch } if launch.chosen == ChosenBy::Policy && launch.tier == 0 => 0,
            Phase::Escalated { tier, .. } => tier + 1,
            phase => phase.launch().map_or(0, |launch| launch.tier + 1),
        };
        tried.max(chosen).max(current)
    }

    fn chain(&self) -> String {
        let names: Vec<&str> = self.definition.tiers.iter().map(|it| it.agent.as_str()).collect();
        names.join(", ")
    }
}
