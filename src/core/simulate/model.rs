//! What is played: how agents, checks and the world around them behave.

use std::collections::BTreeMap;
use std::time::Duration;

use super::chance::Chance;
use crate::core::account::Cost;
use crate::core::definition::Order;
use crate::core::{AgentName, FailureClass, Timestamp};

/// What 95 of a hundred draws of a normal distribution stay below.
const NORMAL_P95: f64 = 1.644_853_6;

/// How long something takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// As a log-normal distribution with this middle, and this for the slowest one in twenty.
    LogNormal {
        /// The middle.
        p50: Duration,
        /// What one in twenty exceeds.
        p95: Duration,
    },
    /// As one of these, which were measured.
    Measured(Vec<Duration>),
}

impl Spread {
    /// Returns the spread of what always takes the same time.
    pub fn always(span: Duration) -> Self {
        Self::LogNormal { p50: span, p95: span }
    }

    /// Draws a time.
    pub fn draw(&self, chance: &mut Chance) -> Duration {
        match self {
            Self::LogNormal { p50, p95 } => {
                let (middle, late) = (p50.as_secs_f64(), p95.as_secs_f64());
                let sigma =
                    if middle > 0.0 { (late / middle).ln().max(0.0) / NORMAL_P95 } else { 0.0 };
                // No draw is a thousand times the middle, whatever chance says.
                let factor = (sigma * chance.normal()).exp().min(1_000.0);
                Duration::from_millis((middle * factor * 1e3) as u64)
            }
            Self::Measured(times) => {
                let place = (chance.unit() * times.len() as f64) as usize;
                times.get(place).copied().unwrap_or_default()
            }
        }
    }
}

/// A time in which an agent's service is not there, or refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// How attempts fail in it.
    pub class: FailureClass,
    /// How long an attempt tries before it fails of it.
    pub after: Duration,
    /// Whether the agent says when it will be over.
    pub states_reset: bool,
    /// Whether a probe notices it.
    pub seen_by_probe: bool,
}

/// How an agent behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentModel {
    /// How likely an attempt does not fail by itself, from 0 to 1.
    pub success: f64,
    /// How long such an attempt takes.
    pub takes: Spread,
    /// How long one takes that fails.
    pub fails_after: Spread,
    /// How those fail that do, by weight.
    pub failures: Vec<(FailureClass, f64)>,
    /// How likely the check passes after a success, from 0 to 1.
    pub check_passes: f64,
    /// The tokens that a whole attempt takes.
    pub tokens: u64,
    /// What that costs.
    pub cost: Cost,
    /// When its service is not there.
    pub outages: Vec<Outage>,
}

impl Default for AgentModel {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self {
            success: 0.9,
            takes: Spread::LogNormal { p50: minutes(6), p95: minutes(18) },
            fails_after: Spread::LogNormal { p50: minutes(2), p95: minutes(10) },
            failures: vec![(FailureClass::ExitCode, 1.0)],
            check_passes: 0.9,
            tokens: 0,
            cost: Cost(0),
            outages: Vec::new(),
        }
    }
}

/// All that is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The agents by name; the others behave as [`AgentModel::default`] says.
    pub agents: BTreeMap<AgentName, AgentModel>,
    /// How long a check takes.
    pub check_takes: Spread,
    /// The pieces of work; none for those of the configuration, once each.
    pub workstreams: Option<usize>,
    /// The time over which they come, evenly but for chance.
    pub over: Duration,
    /// Nothing is played beyond this.
    pub until: Duration,
    /// What chance is made from.
    pub seed: u64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            agents: BTreeMap::new(),
            check_takes: Spread::always(Duration::from_secs(30)),
            workstreams: None,
            over: Duration::ZERO,
            until: Duration::from_secs(30 * 24 * 3600),
            seed: 1,
        }
    }
}

/// One policy that is played.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it is called.
    pub name: String,
    /// The pieces of work, as its configuration has them.
    pub definitions: Vec<crate::core::Definition>,
    /// Workstreams that work at the same time.
    pub parallel: usize,
    /// So many slots are kept for workstreams that have begun.
    pub standby: usize,
    /// The least time between two starts.
    pub stagger: Duration,
    /// How it guards itself.
    pub guards: crate::core::history::Guards,
}

impl Policy {
    /// Says whether some chain is ordered by how its agents have been doing.
    pub fn is_adaptive(&self) -> bool {
        self.definitions.iter().any(|definition| definition.order == Order::Adaptive)
    }
}
