//! What guards the fleet that is played: breakers, the storm brake, the budget, and launches that are kept apart.

use std::collections::BTreeMap;
use std::time::Duration;

use super::model::Policy;
use crate::core::allocate::{Ranked, Standings, Wanted};
use crate::core::bar::{Bar, Guarded};
use crate::core::definition::Order;
use crate::core::fleet::{Apart, Hold, Launches, Limits};
use crate::core::history::History;
use crate::core::outcome::Outcome;
use crate::core::storm::Brake;
use crate::core::{AgentName, AttemptId, Definition, Launch, Timestamp, Workstream};

/// What guards a fleet, and what came of it.
#[derive(Debug, Default)]
pub struct Guard {
    history: History,
    standings: Standings,
    bars: BTreeMap<AgentName, Bar>,
    is_held: bool,
    /// Grows with each change, so that nobody need be told who knows already.
    pub version: u64,
    /// Which workstream's attempt is the trial of an agent.
    trials: BTreeMap<AgentName, (usize, AttemptId)>,
    launched: Option<Timestamp>,
    /// When something changes by itself.
    pub next: Option<Timestamp>,
    storm_since: Option<Timestamp>,
    /// How long launches were held because of storms.
    pub held: Duration,
    /// How often the breaker of each agent opened.
    pub opened: BTreeMap<AgentName, usize>,
}

impl Guard {
    /// Takes in what became of an attempt.
    pub fn take(&mut self, outcome: &Outcome, policy: &Policy) {
        self.history.take(outcome, &policy.guards);
    }

    /// Notes that a workstream was let go.
    pub fn launched(&mut self, now: Timestamp) {
        self.launched = Some(now);
    }

    /// Looks what holds now; says whether anything has changed.
    pub fn look(&mut self, now: Timestamp, policy: &Policy) -> bool {
        let bars = self.history.bars(now);
        let brake = self.history.brake(now, &policy.guards);
        let is_held = !matches!(brake, Brake::Calm);
        self.next = self.history.next(now, &policy.guards);
        self.count(matches!(brake, Brake::Held { .. }), now);
        let standings = policy.is_adaptive().then(|| Standings::of(&self.history, now));
        let standings = standings.unwrap_or_default();
        if bars == self.bars && is_held == self.is_held && standings == self.standings {
            return false;
        }
        for (agent, bar) in &bars {
            let was_shut = self.bars.get(agent).is_some_and(Bar::is_shut);
            if bar.is_shut() && !was_shut {
                *self.opened.entry(agent.clone()).or_default() += 1;
            }
        }
        (self.bars, self.is_held, self.standings) = (bars, is_held, standings);
        self.version += 1;
        true
    }

    fn count(&mut self, is_storm: bool, now: Timestamp) {
        if let Some(since) = self.storm_since.take() {
            self.held += now.since(since);
        }
        self.storm_since = is_storm.then_some(now);
    }

    /// Returns what a workstream is to know.
    pub fn guarded(&self, workstream: &Workstream) -> Guarded {
        let tiers = &workstream.definition.tiers;
        let in_chain = |agent: &AgentName| tiers.iter().any(|tier| tier.agent == *agent);
        let bars = self.bars.iter().filter(|(agent, _)| in_chain(agent));
        let bars = bars.map(|(agent, bar)| (agent.clone(), bar.clone())).collect();
        let ranking = self.ranking(workstream);
        Guarded { bars, held: self.is_held, ranking }
    }

    fn ranking(&self, workstream: &Workstream) -> Vec<Ranked> {
        let Definition { order, kind, tiers, .. } = &workstream.definition;
        if *order == Order::Declared {
            return Vec::new();
        }
        let chain: Vec<(AgentName, Option<usize>)> =
            tiers.iter().map(|tier| (tier.agent.clone(), tier.capacity)).collect();
        let wanted = Wanted { chain: &chain, kind: kind.as_deref(), bars: &self.bars };
        self.standings.rank(&wanted)
    }

    /// Returns what the fleet may take now.
    pub fn limits(&self, now: Timestamp, policy: &Policy) -> Limits {
        let hold = match self.history.spent().over(now, &policy.guards.budget) {
            Some(over) => Some(Hold::Budget(over)),
            None => match self.history.brake(now, &policy.guards) {
                Brake::Held { until, why } => Some(Hold::Storm { until, why }),
                Brake::Calm | Brake::Trial { .. } | Brake::Resuming { .. } => None,
            },
        };
        let launches = self.launches(now, policy);
        Limits { parallel: policy.parallel, standby: policy.standby, hold, launches }
    }

    fn launches(&self, now: Timestamp, policy: &Policy) -> Option<Launches> {
        match self.history.brake(now, &policy.guards) {
            Brake::Trial { left, why, .. } => {
                return Some(Launches { left, why: Apart::Trial(why) });
            }
            Brake::Resuming { left, next } => {
                return Some(Launches { left, why: Apart::Resuming(next) });
            }
            Brake::Calm | Brake::Held { .. } => {}
        }
        if policy.stagger.is_zero() {
            return None;
        }
        let last = self.history.launched().max(self.launched)?;
        let next = last + policy.stagger;
        let left = u32::from(now >= next);
        Some(Launches { left, why: Apart::Staggered(next.max(now)) })
    }

    /// Takes the trial of an agent for a launch, if it is free; no other may be one until this one is over.
    pub fn takes_trial(&mut self, agent: &AgentName, number: usize, launch: &Launch) -> bool {
        let holder = self.trials.entry(agent.clone()).or_insert((number, launch.attempt));
        *holder == (number, launch.attempt)
    }

    /// Gives back what a workstream's attempt needs no more; says whether it had any.
    pub fn drop_trials(&mut self, number: usize, workstream: &Workstream) -> bool {
        let current = workstream.phase.launch().map(|launch| launch.attempt);
        let holds = workstream.phase.word().holds_slot();
        let before = self.trials.len();
        self.trials.retain(|_, (holder, attempt)| {
            *holder != number || (holds && Some(*attempt) == current)
        });
        self.trials.len() < before
    }
}
