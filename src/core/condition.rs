//! Whether an agent is well, as far as its breaker and its last attempts tell.

use serde::Serialize;

use super::breaker::State;
use super::health::{ENOUGH, Health};
use super::outcome::{End, Ended};

/// An agent of whose attempts a smaller share does the work is degraded.
const WELL: f64 = 0.8;

/// Whether an agent is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nothing goes through to it.
    Failed,
    /// It works, but not as it should.
    Degraded,
    /// It works.
    Healthy,
    /// Too few attempts tell.
    Unknown,
}

impl Condition {
    /// Every condition, the worst first and the unknown last.
    pub const ALL: &[Self] = &[Self::Failed, Self::Degraded, Self::Healthy, Self::Unknown];

    /// Returns whether an agent is well, and why, in words; `last` is the last end of its attempts that tells of it.
    ///
    /// Failed is one whose breaker is open or held. Degraded is one on trial, one whose last attempt failed by its own
    /// fault, and one that did the work in less than 80 % of its attempts. Any other is healthy once there are enough
    /// attempts to tell.
    pub fn of(breaker: &State, health: &Health, last: Option<&Ended>) -> (Self, String) {
        let fault = last
            .filter(|ended| ended.end == End::Failed)
            .and_then(|ended| ended.class)
            .filter(|class| class.blames_agent());
        match (breaker, fault) {
            (State::Open { why, .. } | State::Held { why }, _) => (Self::Failed, why.clone()),
            (State::HalfOpen { why, .. }, _) => (Self::Degraded, format!("on trial: {why}")),
            (State::Closed, Some(class)) => {
                (Self::Degraded, format!("its last attempt failed: {class}"))
            }
            (State::Closed, None) => Self::by_rate(health),
        }
    }

    fn by_rate(health: &Health) -> (Self, String) {
        match health.success_rate {
            None => {
                let some = health.attempts;
                (Self::Unknown, format!("too few attempts to tell: {some} of {ENOUGH}"))
            }
            Some(rate) if rate < WELL => {
                let rate = rate * 100.0;
                (Self::Degraded, format!("only {rate:.0} % of its attempts did the work"))
            }
            Some(_) => (Self::Healthy, String::new()),
        }
    }

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Degraded => "degraded",
            Self::Healthy => "healthy",
            Self::Unknown => "unknown",
        }
    }
}

/// Returns the last of some ends, oldest first, that tells something of the agent.
pub fn last<'a, At: 'a>(
    ends: impl DoubleEndedIterator<Item = &'a (At, Ended)>,
) -> Option<&'a Ended> {
    ends.rev().map(|(_, ended)| ended).find(|ended| ended.tells_of_agent())
}
