//! Who works at a launch: one agent, or several side by side.

use super::Workstream;
use crate::core::account::Made;
use crate::core::bar::Bar;
use crate::core::contest::{Contest, Entrant};
use crate::core::definition::Tier;
use crate::core::effect::Effect;
use crate::core::id::{AgentName, AttemptId};
use crate::core::notice::Notice;
use crate::core::phase::{ChosenBy, Launch, PhaseWord};
use crate::core::policy::RetryMode;
use crate::core::time::Timestamp;

impl Workstream {
    /// Returns the contest that a launch is; none if one agent works there.
    pub fn contest(&self, launch: &Launch) -> Option<&Contest> {
        let contest = self.tier(launch.tier).and_then(|tier| tier.contest.as_ref());
        contest.filter(|_| launch.mode != RetryMode::Take)
    }

    /// Returns who takes part in a launch that is a contest: those that were let go, or else those that may work now, who
    /// may be none.
    pub fn lineup(&self, launch: &Launch) -> Vec<Entrant> {
        let Some(contest) = self.contest(launch) else { return Vec::new() };
        if !launch.entrants.is_empty() {
            return launch.entrants.clone();
        }
        let all = || contest.entrants();
        if launch.chosen == ChosenBy::Operator {
            return all().collect();
        }
        all().filter(|entrant| !self.is_shut(&entrant.agent)).collect()
    }

    /// Returns the agents that work at a launch, each as often as it does.
    pub fn agents_at(&self, launch: &Launch) -> Vec<AgentName> {
        let lineup = self.lineup(launch);
        if lineup.is_empty() {
            return vec![self.agent_at(launch)];
        }
        lineup.into_iter().map(|entrant| entrant.agent).collect()
    }

    /// Returns how many attempts an agent of a launch may make at the same time.
    pub fn capacity_at(&self, launch: &Launch, agent: &AgentName) -> Option<usize> {
        match self.contest(launch) {
            Some(contest) => contest.capacity_of(agent),
            None => self.tier(launch.tier).and_then(|tier| tier.capacity),
        }
    }

    /// Returns how many slots it holds: as many as agents work.
    pub fn slots(&self) -> usize {
        let word = self.phase.word();
        match self.phase.launch() {
            Some(launch) if word.holds_slot() => match word {
                // Whoever worked side by side has ended.
                PhaseWord::Draining | PhaseWord::Checking => 1,
                _other => launch.entrants.len().max(1),
            },
            Some(_) | None => usize::from(word.holds_slot()),
        }
    }

    /// Fixes who takes part in a launch, and says who is left out.
    pub(super) fn line_up(&self, launch: &mut Launch, now: Timestamp, out: &mut Vec<Effect>) {
        let lineup = self.lineup(launch);
        let Some(contest) = self.contest(launch).filter(|_| !lineup.is_empty()) else { return };
        for absent in contest.entrants().filter(|one| !lineup.contains(one)) {
            let why = self.guarded.bars.get(&absent.agent).map(|bar| bar.words(now));
            let (what, agent) = (contest.how, absent.agent);
            out.push(Effect::Notice(Notice::LeftOut { what, agent, why: why.unwrap_or_default() }));
        }
        launch.entrants = lineup;
    }

    /// Returns why work does not go through freely to a tier, and which agent's breaker says so.
    pub(super) fn bar_of(&self, tier: &Tier) -> Option<(AgentName, &Bar)> {
        let bar = |agent: &AgentName| Some((agent.clone(), self.guarded.bars.get(agent)?));
        match &tier.contest {
            None => bar(&tier.agent),
            Some(contest) => {
                let mut all = contest.contestants.iter();
                let all_shut = all.all(|one| self.is_shut(&one.agent));
                contest.contestants.first().filter(|_| all_shut).and_then(|one| bar(&one.agent))
            }
        }
    }

    /// Returns what a contestant of an attempt has left, and the tier of that attempt.
    pub fn made(&self, attempt: AttemptId, contestant: u32) -> Option<(usize, &Made)> {
        let attempt = self.attempt(attempt)?;
        let left = attempt.left().into_iter().find(|left| left.contestant == contestant)?;
        let made = left.made;
        // The tier that stands there now is the one that is used.
        let tier = self.definition.tiers.iter().position(|tier| tier.agent == attempt.agent);
        Some((tier?, made))
    }

    fn is_shut(&self, agent: &AgentName) -> bool {
        self.guarded.bars.get(agent).is_some_and(Bar::is_shut)
    }
}
