//! What a workstream is meant to do, as far as the rules care.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::contest::Contest;
use super::id::{AgentName, WorkstreamId};
use super::policy::{Responses, RetryPolicy, Timeouts};
use super::time::{millis, opt_millis};

/// One place in a workstream's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The agent that works here.
    pub agent: AgentName,
    /// How long its attempts may take.
    pub timeouts: Timeouts,
    /// How often it is tried again.
    pub retry: RetryPolicy,
    /// What is done when it fails.
    pub responses: Responses,
    /// The time between TERM and KILL.
    #[serde(with = "millis")]
    pub grace: Duration,
    /// Attempts of this agent at the same time, over the whole project; none for no limit of its own.
    #[serde(default)]
    pub capacity: Option<usize>,
    /// How long the probe may take; none if this agent has no probe.
    #[serde(with = "opt_millis")]
    pub probe: Option<Duration>,
    /// The check that decides is told whether an unchanged worktree can be a success.
    pub expects: Expects,
    /// Those that work side by side here; none if one agent works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contest>,
}

/// What an attempt must leave behind to count as done when no check decides.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Expects {
    /// Its own words of success, and a change.
    MarkerAndChange,
    /// A change.
    #[default]
    Change,
}

impl Definition {
    /// Says whether an agent may come to work, by itself or side by side with others.
    pub fn names(&self, agent: &AgentName) -> bool {
        self.tiers.iter().any(|tier| {
            let mut contestants = tier.contest.iter().flat_map(|contest| &contest.contestants);
            tier.agent == *agent || contestants.any(|one| one.agent == *agent)
        })
    }
}

/// What happens when no tier is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exhausted {
    /// Ask a person.
    #[default]
    Escalate,
    /// Give up.
    Fail,
}

/// In which order the agents of a chain have their turn.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they are written.
    #[default]
    Declared,
    /// Those first that are likely to do the work soon.
    Adaptive,
}

/// What a workstream is meant to do, as far as the rules care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub id: WorkstreamId,
    /// Its title, for people.
    pub title: String,
    /// Its chain; never empty.
    pub tiers: Vec<Tier>,
    /// In which order its agents have their turn.
    #[serde(default)]
    pub order: Order,
    /// How often the next agent is asked whether it can work, while another one works; none for not at all.
    #[serde(default, with = "opt_millis")]
    pub warm: Option<Duration>,
    /// The kind of work; agents are ranked by how they do work of this kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// The workstreams that must be done before.
    pub after: Vec<WorkstreamId>,
    /// How long the check may take; none if there is no check.
    #[serde(with = "opt_millis")]
    pub check: Option<Duration>,
    /// Attempts allowed until a person says go again.
    pub max_attempts: u32,
    /// What happens when no tier is left.
    pub exhausted: Exhausted,
    /// Higher goes first among those that wait.
    pub priority: i32,
}

impl Definition {
    /// Says whether `other` means the same: the order of a chain that is ranked is its own affair.
    pub fn means_the_same(&self, other: &Self) -> bool {
        if self.order == Order::Declared || other.order == Order::Declared {
            return self == other;
        }
        self.sorted() == other.sorted()
    }

    fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.tiers.sort_by(|one, other| one.agent.cmp(&other.agent));
        sorted
    }
}
