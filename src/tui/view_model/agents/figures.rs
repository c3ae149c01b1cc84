//! What is counted of an agent, and how that is written.

use std::time::Duration;

use super::super::Scene;
use super::super::mark::Mark;
use super::super::text::Line;
use crate::core::Timestamp;
use crate::core::breaker::State;
use crate::core::condition::{self, Condition};
use crate::core::health::{Health, Window};
use crate::core::outcome::End;
use crate::core::time::clock;
use crate::ipc::facts::{AgentFacts, WorkstreamFacts};
use crate::tui::theme::Role;

/// Over which time health is told.
pub const DAY: Duration = Duration::from_secs(24 * 3600);
/// What is not known.
pub const UNKNOWN: &str = "-";

/// What is counted of an agent.
#[derive(Debug)]
pub struct Figures<'a> {
    /// What is known of it.
    pub facts: &'a AgentFacts,
    /// How it fared in the last day.
    pub health: Health,
    /// Whether it is well.
    pub condition: Condition,
    /// Why, in words; empty if there is nothing to say.
    pub why: String,
    /// The workstreams for which it works.
    pub at_work: Vec<&'a WorkstreamFacts>,
}

impl<'a> Figures<'a> {
    /// Returns what is counted of each agent, in their declared order.
    pub fn all(scene: &'a Scene<'_>) -> Vec<Self> {
        scene.facts.agents.iter().map(|agent| Self::of(agent, scene)).collect()
    }

    fn of(facts: &'a AgentFacts, scene: &'a Scene<'_>) -> Self {
        let health = Health::of(&facts.record.ends, window(scene.now));
        let last = condition::last(facts.record.ends.iter());
        let (condition, why) = Condition::of(&facts.breaker, &health, last);
        let works = |ws: &&WorkstreamFacts| {
            ws.phase.holds_slot() && ws.agent.as_deref() == Some(facts.name.as_str())
        };
        let all = scene.facts.workstreams.iter().map(AsRef::as_ref);
        Self { facts, health, condition, why, at_work: all.filter(works).collect() }
    }

    /// Returns how its last attempts ended, the last one at the right.
    pub fn history(&self, most: usize) -> Line {
        let ends = &self.facts.record.ends;
        let mut line = Line::new();
        for (_, ended) in ends.iter().skip(ends.len().saturating_sub(most)) {
            let (sign, role) = match ended.end {
                End::Succeeded => ("✔", Role::Good),
                End::Failed => ("✖", Role::Bad),
                End::Stopped => ("■", Role::Quiet),
            };
            line.push(sign, role);
        }
        line
    }
}

/// Returns the part of the time over which health is told.
pub fn window(now: Timestamp) -> Window {
    Window::lately(now, DAY)
}

/// Returns how a condition is told.
pub fn mark(condition: Condition) -> Mark {
    let (sign, role) = match condition {
        Condition::Healthy => ("✔", Role::Good),
        Condition::Degraded => ("⚠", Role::Warning),
        Condition::Failed => ("✖", Role::Bad),
        Condition::Unknown => ("?", Role::Quiet),
    };
    Mark { sign, word: condition.word(), role }
}

/// Returns how a breaker is told, with the time until that changes by itself.
pub fn breaker(state: &State, now: Timestamp) -> Line {
    let (text, role) = match state {
        State::Closed => ("closed".to_owned(), Role::Dim),
        State::Open { until, .. } => {
            let left = Duration::from_secs(until.since(now).as_secs());
            (format!("✖ open {}", clock(left)), Role::Bad)
        }
        State::HalfOpen { .. } => ("◐ half-open".to_owned(), Role::Warning),
        State::Held { .. } => ("■ held".to_owned(), Role::Bad),
    };
    Line::of(text, role)
}

/// Writes a share in percent.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| UNKNOWN.to_owned(), |share| format!("{:.0} %", share * 100.0))
}

/// Writes a time.
pub fn span(span: Option<Duration>) -> String {
    span.map_or_else(|| UNKNOWN.to_owned(), clock)
}
