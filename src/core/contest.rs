//! Tiers whose agents work side by side: a race, or a vote.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::AgentName;
use super::time::millis;

/// What decides between agents that work side by side.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Contending {
    /// The first whose work passes wins.
    Race,
    /// All work to their end; what more than half of them made wins.
    Vote,
}

impl Contending {
    /// Returns its word, which is also the name of the agent that stands for it in a chain.
    pub fn word(self) -> &'static str {
        match self {
            Self::Race => "race",
            Self::Vote => "vote",
        }
    }
}

/// One of those that work side by side, as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contestant {
    /// The agent.
    pub agent: AgentName,
    /// Attempts of this agent at the same time, over the whole project; none for no limit of its own.
    #[serde(default)]
    pub capacity: Option<usize>,
}

/// What a tier is whose agents work side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contest {
    /// What decides.
    pub how: Contending,
    /// Who works; an agent may be in it more than once.
    pub contestants: Vec<Contestant>,
    /// The longest that one of them can take, its retries included.
    #[serde(with = "millis")]
    pub longest: Duration,
}

/// One of those that take part in an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    /// Its place among the contestants, from 1.
    pub number: u32,
    /// The agent.
    pub agent: AgentName,
}

impl Contest {
    /// Returns all contestants, as those who could take part.
    pub fn entrants(&self) -> impl Iterator<Item = Entrant> + '_ {
        let numbered = (1..).zip(&self.contestants);
        numbered.map(|(number, one)| Entrant { number, agent: one.agent.clone() })
    }

    /// Returns how many attempts an agent may make at the same time.
    pub fn capacity_of(&self, agent: &AgentName) -> Option<usize> {
        self.contestants.iter().find(|one| one.agent == *agent).and_then(|one| one.capacity)
    }
}
