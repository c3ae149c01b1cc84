//! What a project's outcome log amounts to: the recent ends of each agent's attempts, its breaker, and the storm brake.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bar::Bar;
use super::breaker::{Breaker, BreakerPolicy, Measured, State};
use super::budget::{Budget, Spent};
use super::id::AgentName;
use super::outcome::{End, Ended, Outcome, What, Which};
use super::past::Past;
use super::storm::{Brake, Storm, StormPolicy};
use super::strain::StrainPolicy;
use super::time::Timestamp;

/// The ends that are remembered of each agent.
pub const REMEMBERED: usize = 200;
/// The last few of them are held against those before.
const FEW: usize = 3;
/// An end that is not in the log is written down so long after it at most.
const LATE: Duration = Duration::from_secs(3600);
/// An attempt whose end nobody wrote down is taken for ended after so long.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);
/// The checks that make up the pass rate.
const CHECKS: usize = 20;
/// The turns of a breaker that are remembered.
const TURNS: usize = 12;

/// How a fleet guards itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guards {
    /// When an agent's breaker opens.
    pub breaker: BreakerPolicy,
    /// When launches are held.
    pub storm: StormPolicy,
    /// What may be spent.
    pub budget: Budget,
    /// What an agent may take of the machine.
    #[serde(default)]
    pub strain: StrainPolicy,
}

/// What a project's outcome log amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    agents: BTreeMap<AgentName, Arc<Record>>,
    past: Arc<Past>,
    storm: Storm,
    spent: Spent,
    launched: Option<Timestamp>,
}

/// What is remembered of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The ends of its attempts, oldest first, with their times; at most [`REMEMBERED`].
    pub ends: VecDeque<(Timestamp, Ended)>,
    /// How often it was asked and said no.
    pub refused: u64,
    /// Its breaker.
    pub breaker: Breaker,
    /// What that has said since when, oldest first; at most so many turns.
    pub turns: VecDeque<(Timestamp, State)>,
    /// The attempts that have begun and not ended.
    open: Vec<Which>,
}

impl History {
    /// Takes in one line of the log. An end that is there already changes nothing.
    pub fn take(&mut self, outcome: &Outcome, guards: &Guards) {
        let Outcome { at, agent, what } = outcome;
        let record = Arc::make_mut(self.agents.entry(agent.clone()).or_default());
        let before = record.breaker.state(*at);
        match what {
            What::Began(which) => {
                if record.open.contains(which) {
                    return;
                }
                // Whose end was not written is not at work for ever.
                record.open.retain(|other| at.since(other.begun) < FORGOTTEN);
                record.open.push(which.clone());
                self.launched = self.launched.max(Some(*at));
                self.spent.began(*at);
            }
            What::Ended(ended) => {
                if record.knows(&ended.which) {
                    return;
                }
                record.ended(ended, *at, &guards.breaker);
                self.spent.ended(ended, *at);
                Arc::make_mut(&mut self.past).ended(ended.end, *at);
            }
            What::Refused(which) => {
                record.refused += 1;
                record.breaker.refused(which.begun, *at, &guards.breaker);
            }
            What::Strained(strained) => {
                record.breaker.strained(&strained.words(), *at, &guards.breaker);
            }
            What::Told { say } => record.breaker.told(*say, *at, &guards.breaker),
        }
        record.turn(&before, *at);
        if let Some(why) = self.storm.take(outcome, &guards.storm) {
            Arc::make_mut(&mut self.past).broke_out(why, *at);
        }
    }

    /// Says whether an end of the last hour is not in the log.
    pub fn lacks(&self, outcome: &Outcome, now: Timestamp) -> bool {
        let What::Ended(ended) = &outcome.what else { return false };
        let is_recent = now.since(outcome.at) < LATE;
        is_recent && self.agent(&outcome.agent).is_none_or(|record| !record.knows(&ended.which))
    }

    /// Returns what is remembered of each agent.
    pub fn agents(&self) -> impl Iterator<Item = (&AgentName, &Record)> {
        self.agents.iter().map(|(name, record)| (name, record.as_ref()))
    }

    /// Returns what is remembered of an agent, to keep; empty if nothing ever happened to it.
    pub fn record(&self, name: &AgentName) -> Arc<Record> {
        self.agents.get(name).map(Arc::clone).unwrap_or_default()
    }

    /// Returns what is remembered of the fleet, to keep.
    pub fn past(&self) -> Arc<Past> {
        Arc::clone(&self.past)
    }

    /// Returns what is remembered of an agent; none if nothing ever happened to it.
    pub fn agent(&self, name: &AgentName) -> Option<&Record> {
        self.agents.get(name).map(Arc::as_ref)
    }

    /// Returns whether work may go through to an agent.
    pub fn breaker(&self, name: &AgentName, now: Timestamp) -> State {
        self.agents.get(name).map_or(State::Closed, |record| record.breaker.state(now))
    }

    /// Returns the agents to which work may not go through freely, and why.
    pub fn bars(&self, now: Timestamp) -> BTreeMap<AgentName, Bar> {
        let barred = self
            .agents
            .iter()
            .filter_map(|(name, record)| Some((name.clone(), Bar::of(record.breaker.state(now))?)));
        barred.collect()
    }

    /// Returns how far launches are held back.
    pub fn brake(&self, now: Timestamp, guards: &Guards) -> Brake {
        self.storm.brake(now, &guards.storm)
    }

    /// Returns what was spent lately.
    pub fn spent(&self) -> &Spent {
        &self.spent
    }

    /// Returns when an attempt began last.
    pub fn launched(&self) -> Option<Timestamp> {
        self.launched
    }

    /// Returns when something in it changes by itself, if anything does.
    pub fn next(&self, now: Timestamp, guards: &Guards) -> Option<Timestamp> {
        let breakers = self.agents.values().filter_map(|record| record.breaker.next(now));
        let storm = self.storm.next(now, &guards.storm);
        breakers.chain(storm).chain(self.spent.next(now, &guards.budget)).min()
    }
}

impl Record {
    /// Returns how many of its attempts are under way, as far as the log tells.
    pub fn at_work(&self) -> usize {
        self.open.len()
    }

    fn knows(&self, which: &Which) -> bool {
        self.ends.iter().rev().any(|(_, ended)| ended.which == *which)
    }

    /// Takes note of what the breaker says from now on, if that is not what it said before.
    fn turn(&mut self, before: &State, at: Timestamp) {
        if let State::HalfOpen { since, .. } = before
            && self.turns.back().is_none_or(|(_, last)| !matches!(last, State::HalfOpen { .. }))
        {
            self.turns.push_back((*since, before.clone()));
        }
        let now = self.breaker.state(at);
        if now != *before {
            self.turns.push_back((at, now));
        }
        let old = self.turns.len().saturating_sub(TURNS);
        self.turns.drain(..old);
    }

    fn ended(&mut self, ended: &Ended, at: Timestamp, policy: &BreakerPolicy) {
        self.open.retain(|open| open != &ended.which);
        let Measured { usual, slowest, .. } = self.measured(policy);
        if self.ends.len() == REMEMBERED {
            self.ends.pop_front();
        }
        self.ends.push_back((at, ended.clone()));
        let measured = Measured { usual, slowest, ..self.measured(policy) };
        self.breaker.ended(ended, at, measured, policy);
    }

    /// Returns how many of its last attempts did the work, as far as it is known how long they took.
    pub fn successes(&self) -> usize {
        let good = self.ends.iter().filter(|(_, ended)| ended.end == End::Succeeded);
        good.filter(|(_, ended)| ended.took.is_some()).count()
    }

    /// Returns what its attempts measure; unknown where there are too few.
    pub fn measured(&self, policy: &BreakerPolicy) -> Measured {
        let good = self.ends.iter().filter(|(_, ended)| ended.end == End::Succeeded);
        let counts = |at: Timestamp| self.breaker.counts(at);
        let taken = good.filter_map(|(at, ended)| Some((counts(*at), ended.took?)));
        let (counted, times): (Vec<bool>, Vec<Duration>) = taken.unzip();
        let few = counted.iter().rev().take_while(|counts| **counts).count().min(FEW);
        let (before, last) = times.split_at(times.len() - few);
        let usual = (before.len() >= policy.enough).then(|| median(before)).flatten();
        let lately = (last.len() == FEW).then(|| median(last)).flatten();
        let lately_ended = self.ends.iter().rev().take_while(|(at, _)| counts(*at));
        let checks = lately_ended.filter_map(|(_, ended)| ended.check).take(CHECKS);
        let checks: Vec<bool> = checks.collect();
        let passed = checks.iter().filter(|passed| **passed).count();
        let enough = checks.len() >= policy.enough.max(1);
        let slowest = usual.and_then(|_| quantile(before, 95));
        let pass_rate = enough.then(|| u32::try_from(100 * passed / checks.len()).unwrap_or(100));
        Measured { usual, slowest, lately, pass_rate }
    }
}

/// Returns the middle one of some times.
fn median(times: &[Duration]) -> Option<Duration> {
    quantile(times, 50)
}

/// Returns the time that so many percent of some times do not exceed.
fn quantile(times: &[Duration], percent: usize) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() * percent / 100).copied()
}
