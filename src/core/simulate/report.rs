//! What a simulated fleet came to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::play::Player;
use crate::core::account::Cost;
use crate::core::health::{Health, Window, percentile};
use crate::core::outcome::{End, Ended};
use crate::core::time::millis;
use crate::core::{AgentName, PhaseWord, Timestamp};

/// What a simulated fleet came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The policy's name.
    pub policy: String,
    /// The pieces of work.
    pub workstreams: usize,
    /// Those that were done.
    pub done: usize,
    /// Those that wait for a person.
    pub escalated: usize,
    /// Those that were given up or lost.
    pub failed: usize,
    /// Those that had not ended when the time was over, or never began.
    pub unfinished: usize,
    /// How long it took from their coming until they were done, sorted.
    #[serde(skip)]
    pub turnarounds: Vec<Duration>,
    /// When they were done, from the beginning on, sorted.
    #[serde(skip)]
    pub completions: Vec<Duration>,
    /// Attempts that ran.
    pub attempts: usize,
    /// Those of them that failed.
    pub wasted: usize,
    /// How long agents worked in those.
    #[serde(with = "millis")]
    pub wasted_time: Duration,
    /// Tiers that were passed over because a probe said no.
    pub refused: usize,
    /// The tokens that all attempts took; none if no model tells.
    pub tokens: Option<u64>,
    /// What they cost.
    pub cost_usd: Option<Cost>,
    /// What those cost that failed.
    pub wasted_usd: Option<Cost>,
    /// The most that worked at the same time.
    pub most_at_once: usize,
    /// How long launches were held because of storms.
    #[serde(with = "millis")]
    pub held: Duration,
    /// How often the breaker of each agent opened.
    pub opened: BTreeMap<AgentName, usize>,
    /// How each agent did.
    pub agents: BTreeMap<AgentName, Health>,
}

impl Report {
    /// Returns what so many of a hundred did not exceed, of those that were done.
    pub fn turnaround(&self, percent: usize) -> Option<Duration> {
        percentile(&self.turnarounds, percent)
    }

    /// Returns when the last one was done.
    pub fn last(&self) -> Option<Duration> {
        self.completions.last().copied()
    }

    /// Counts what became of the workstreams.
    pub(super) fn look_at(&mut self, players: &[Player], begin: Timestamp) {
        for player in players {
            match player.workstream.phase.word() {
                PhaseWord::Done => self.done += 1,
                PhaseWord::Escalated => self.escalated += 1,
                PhaseWord::Failed | PhaseWord::Stopped | PhaseWord::Lost => self.failed += 1,
                PhaseWord::Queued
                | PhaseWord::Preparing
                | PhaseWord::Probing
                | PhaseWord::Starting
                | PhaseWord::Running
                | PhaseWord::Stopping
                | PhaseWord::Draining
                | PhaseWord::Checking
                | PhaseWord::Backoff => {}
            }
            if let Some(done) = player.done {
                self.turnarounds.push(done.since(player.came));
                self.completions.push(done.since(begin));
            }
        }
        self.unfinished = self.workstreams - self.done - self.escalated - self.failed;
        self.turnarounds.sort_unstable();
        self.completions.sort_unstable();
    }

    /// Adds up what attempts came to.
    pub(super) fn add_up(&mut self, ends: &[(AgentName, Timestamp, Ended)]) {
        let mut agents: BTreeMap<AgentName, Vec<(Timestamp, Ended)>> = BTreeMap::new();
        for (agent, at, ended) in ends {
            agents.entry(agent.clone()).or_default().push((*at, ended.clone()));
            self.attempts += 1;
            self.tokens = sum(self.tokens, ended.tokens);
            self.cost_usd = cost(self.cost_usd, ended.cost_usd);
            if ended.end == End::Failed {
                self.wasted += 1;
                self.wasted_time += ended.took.unwrap_or_default();
                self.wasted_usd = cost(self.wasted_usd, ended.cost_usd);
            }
        }
        self.agents = agents
            .into_iter()
            .map(|(agent, ends)| (agent, Health::of(&ends, Window::always())))
            .collect();
    }
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

fn cost(one: Option<Cost>, other: Option<Cost>) -> Option<Cost> {
    sum(one.map(|cost| cost.0), other.map(|cost| cost.0)).map(Cost)
}
