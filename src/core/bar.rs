//! Why work does not go through freely to an agent, as its breaker tells workstreams.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::allocate::Ranked;
use super::breaker::State;
use super::id::AgentName;
use super::time::{Timestamp, clock};

/// What guards a fleet, as its workstreams are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guarded {
    /// The agents to which work does not go through freely.
    pub bars: BTreeMap<AgentName, Bar>,
    /// Whether launches are held, so that even one that keeps its slot waits its turn.
    pub held: bool,
    /// The agents in the order in which they are worth trying; empty where the declared order holds.
    pub ranking: Vec<Ranked>,
}

/// Why work does not go through freely to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// Not at all.
    Shut {
        /// Until when; none until a person says so.
        until: Option<Timestamp>,
        /// Why.
        why: String,
    },
    /// One workstream at a time, as a trial.
    Trial {
        /// Why it came to that.
        why: String,
    },
}

impl Bar {
    /// Returns the bar that a breaker puts up; none if it lets everything through.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Closed => None,
            State::Open { until, why } => Some(Self::Shut { until: Some(until), why }),
            State::Held { why } => Some(Self::Shut { until: None, why }),
            State::HalfOpen { why, .. } => Some(Self::Trial { why }),
        }
    }

    /// Says whether nothing goes through.
    pub fn is_shut(&self) -> bool {
        matches!(self, Self::Shut { .. })
    }

    /// Says it in words that follow the name of an agent.
    pub fn words(&self, now: Timestamp) -> String {
        match self {
            Self::Shut { until: Some(until), why } => {
                format!("its breaker is open for {} ({why})", clock(until.since(now)))
            }
            Self::Shut { until: None, why } => format!("it is held ({why})"),
            Self::Trial { why } => format!("its breaker is half-open ({why})"),
        }
    }
}
