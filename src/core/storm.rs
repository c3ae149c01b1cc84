//! The storm brake: one outside cause that hits several workstreams holds all launches, instead of burning every chain.
//!
//! It must hit more than one agent: what only one of them meets is left to its breaker, while the others work on.
//!
//! Held for a while, then one trial, then launches a little apart, then calm. It always ends: a trial that nobody takes,
//! or that says nothing, counts as passed after its time.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::id::{AgentName, WorkstreamId};
use super::outcome::{End, Ended, Outcome, What};
use super::time::{Timestamp, clock, millis};

/// When launches are held, and how they resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StormPolicy {
    /// So many workstreams must be hit; 0 for never.
    pub workstreams: usize,
    /// Within this time.
    #[serde(with = "millis")]
    pub window: Duration,
    /// How long launches are held the first time; each time in a row is twice as long.
    #[serde(with = "millis")]
    pub hold: Duration,
    /// They are never held longer than this at a time.
    #[serde(with = "millis")]
    pub max_hold: Duration,
    /// A trial that has not failed by then has passed.
    #[serde(with = "millis")]
    pub trial: Duration,
    /// The time between two launches afterwards.
    #[serde(with = "millis")]
    pub apart: Duration,
}

impl Default for StormPolicy {
    fn default() -> Self {
        Self {
            workstreams: 3,
            window: Duration::from_secs(60),
            hold: Duration::from_secs(60),
            max_hold: Duration::from_secs(15 * 60),
            trial: Duration::from_secs(60),
            apart: Duration::from_secs(2),
        }
    }
}

/// How far launches are held back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Brake {
    /// They are not.
    #[default]
    Calm,
    /// Nothing starts until then.
    Held {
        /// Until when.
        until: Timestamp,
        /// What happened, in words.
        why: String,
    },
    /// One may start, or has.
    Trial {
        /// The launches that may still begin.
        left: u32,
        /// When it counts as passed.
        until: Timestamp,
        /// What happened, in words.
        why: String,
    },
    /// They resume, a little apart.
    Resuming {
        /// The launches that may still begin.
        left: u32,
        /// When the next one may.
        next: Timestamp,
    },
}

/// The storm brake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storm {
    hits: VecDeque<Hit>,
    held: Option<Held>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    at: Timestamp,
    workstream: WorkstreamId,
    agent: AgentName,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    until: Timestamp,
    times: u32,
    why: String,
    /// Launches since it was over.
    begun: u32,
    /// When its trial passed.
    passed: Option<Timestamp>,
}

impl Storm {
    /// Takes in what happened; says why if a storm begins with it.
    pub fn take(&mut self, outcome: &Outcome, policy: &StormPolicy) -> Option<String> {
        let Outcome { at, agent, what } = outcome;
        let at = *at;
        if self.held.as_ref().is_some_and(|held| held.is_over(at, policy)) {
            self.held = None;
        }
        let was_calm = self.held.is_none();
        match what {
            What::Began(which) => {
                if let Some(held) = &mut self.held
                    && which.begun >= held.until
                {
                    held.begun += 1;
                }
            }
            What::Ended(ended) => self.ended(ended, agent, at, policy),
            What::Refused(_) | What::Strained(_) | What::Told { .. } => {}
        }
        self.held.as_ref().filter(|_| was_calm).map(|held| held.why.clone())
    }

    fn ended(&mut self, ended: &Ended, agent: &AgentName, at: Timestamp, policy: &StormPolicy) {
        let begun = ended.which.begun;
        let Some(class) = ended.class.filter(|class| class.comes_from_outside()) else {
            if let Some(held) = &mut self.held
                && ended.end != End::Stopped
                && begun >= held.until
            {
                held.passed.get_or_insert(at);
            }
            return;
        };
        let workstream = ended.which.workstream.clone();
        self.hits.push_back(Hit { at, workstream, agent: agent.clone() });
        let old = at.before(policy.window);
        while self.hits.front().is_some_and(|hit| hit.at < old) {
            self.hits.pop_front();
        }
        let hit: BTreeSet<&WorkstreamId> = self.hits.iter().map(|hit| &hit.workstream).collect();
        let count = hit.len();
        let is_general = self.hits.iter().any(|hit| hit.agent != *agent);
        match &mut self.held {
            None if policy.workstreams > 0 && count >= policy.workstreams && is_general => {
                self.hold(1, class, count, at, policy);
            }
            Some(held) if begun >= held.until => {
                let times = held.times + 1;
                self.hold(times, class, count, at, policy);
            }
            None | Some(_) => {}
        }
    }

    fn hold(
        &mut self,
        times: u32,
        class: FailureClass,
        hit: usize,
        at: Timestamp,
        policy: &StormPolicy,
    ) {
        let doubled = policy.hold.saturating_mul(1 << (times - 1).min(16));
        let until = at + doubled.min(policy.max_hold);
        let workstreams = if hit == 1 { "workstream" } else { "workstreams" };
        let why = format!("{class} in {hit} {workstreams} within {}", clock(policy.window));
        self.held = Some(Held { until, times, why, begun: 0, passed: None });
    }

    /// Returns how far launches are held back at a time.
    pub fn brake(&self, now: Timestamp, policy: &StormPolicy) -> Brake {
        let Some(held) = &self.held else { return Brake::Calm };
        if held.is_over(now, policy) {
            return Brake::Calm;
        }
        let why = held.why.clone();
        if now < held.until {
            return Brake::Held { until: held.until, why };
        }
        let passed = held.passed(policy);
        if now < passed {
            return Brake::Trial { left: 1_u32.saturating_sub(held.begun), until: passed, why };
        }
        let apart = policy.apart.max(Duration::from_millis(1));
        let turns = now.since(passed).as_millis() / apart.as_millis();
        let turns = u32::try_from(turns).unwrap_or(u32::MAX);
        let left = turns.saturating_add(2).saturating_sub(held.begun.max(1));
        Brake::Resuming { left, next: passed + apart.saturating_mul(turns.saturating_add(1)) }
    }

    /// Returns when that changes by itself, if it does.
    pub fn next(&self, now: Timestamp, policy: &StormPolicy) -> Option<Timestamp> {
        match self.brake(now, policy) {
            Brake::Calm => None,
            Brake::Held { until, .. } | Brake::Trial { until, .. } => Some(until),
            Brake::Resuming { next, .. } => Some(next),
        }
    }
}

impl Held {
    fn passed(&self, policy: &StormPolicy) -> Timestamp {
        self.passed.unwrap_or(self.until + policy.trial)
    }

    /// Says whether launches have resumed for so long that they need not be kept apart any more.
    fn is_over(&self, now: Timestamp, policy: &StormPolicy) -> bool {
        now >= self.passed(policy) + policy.window
    }
}
