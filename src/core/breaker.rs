//! The circuit breaker of one agent: after failures it lets nothing through for a while, then one trial at a time.
//!
//! It is a fold over the outcome log, so all supervisors of a project agree on it without talking to each other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::outcome::{End, Ended, Say};
use super::time::{Timestamp, clock, millis};

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerPolicy {
    /// It opens after so many failures in a row; with 0 it only opens when a person says so.
    pub failures: u32,
    /// It opens when attempts take more than so many percent of what they used to.
    pub slower: u32,
    /// It opens when less than so many percent of the checks pass.
    pub pass_rate: u32,
    /// What is measured counts from so many attempts on.
    pub enough: usize,
    /// A trial may take so many percent of what the slowest attempts used to take.
    pub recovered: u32,
    /// How long it stays open the first time; each time in a row is twice as long.
    #[serde(with = "millis")]
    pub delay: Duration,
    /// It never stays open longer than this.
    #[serde(with = "millis")]
    pub max_delay: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            failures: 3,
            slower: 300,
            pass_rate: 70,
            enough: 5,
            recovered: 120,
            delay: Duration::from_secs(60),
            max_delay: Duration::from_secs(15 * 60),
        }
    }
}

/// What an agent's attempts have measured lately; unknown where there were too few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// What successful attempts used to take, before the last few.
    pub usual: Option<Duration>,
    /// What the slowest of those took, but for one in twenty.
    pub slowest: Option<Duration>,
    /// What the last few took.
    pub lately: Option<Duration>,
    /// How many percent of the checks passed.
    pub pass_rate: Option<u32>,
}

/// Whether work may go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// It may.
    Closed,
    /// It may not, until then.
    Open {
        /// Until when.
        until: Timestamp,
        /// Why.
        why: String,
    },
    /// One trial at a time.
    HalfOpen {
        /// Since when.
        since: Timestamp,
        /// Why it was opened.
        why: String,
    },
    /// It may not, until a person says so.
    Held {
        /// Why.
        why: String,
    },
}

/// The circuit breaker of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    open: Option<Opened>,
    /// Failures in a row.
    failures: u32,
    /// Openings in a row, without a success in between.
    times: u32,
    /// When it was closed last: what is measured counts anew from then on.
    closed: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Opened {
    until: Option<Timestamp>,
    why: String,
}

impl Breaker {
    /// Returns whether work may go through at a time.
    pub fn state(&self, now: Timestamp) -> State {
        let Some(Opened { until, why }) = self.open.clone() else { return State::Closed };
        match until {
            None => State::Held { why },
            Some(until) if now < until => State::Open { until, why },
            Some(since) => State::HalfOpen { since, why },
        }
    }

    /// Says whether an end counts for what is measured: it came after the breaker was closed last.
    pub fn counts(&self, at: Timestamp) -> bool {
        self.closed.is_none_or(|closed| at > closed)
    }

    /// Returns when its state changes by itself, if it does.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.open.as_ref()?.until.filter(|until| now < *until)
    }

    /// Takes in the end of an attempt.
    pub fn ended(
        &mut self,
        ended: &Ended,
        at: Timestamp,
        measured: Measured,
        policy: &BreakerPolicy,
    ) {
        match (ended.end, ended.class) {
            (End::Succeeded, _) => self.succeeded(ended, measured, policy, at),
            (End::Failed, Some(class)) => self.failed(ended, class, measured, policy, at),
            (End::Stopped, _) | (End::Failed, None) => {}
        }
    }

    /// Takes in that the agent said before an attempt that it cannot work.
    pub fn refused(&mut self, begun: Timestamp, at: Timestamp, policy: &BreakerPolicy) {
        self.count(begun, "its probe failed", policy, at);
    }

    /// Takes in what the operator says.
    pub fn told(&mut self, say: Say, at: Timestamp, policy: &BreakerPolicy) {
        match say {
            Say::Close => self.close(at),
            Say::Open => self.open(Some(at + policy.delay), "the operator opened it".to_owned()),
            Say::Hold => self.open(None, "the operator holds it".to_owned()),
        }
    }

    /// Takes in that its agent took too much of the machine.
    pub fn strained(&mut self, why: &str, at: Timestamp, policy: &BreakerPolicy) {
        if self.open.is_none() && policy.failures > 0 {
            self.reopen(why, policy, at);
        }
    }

    fn succeeded(
        &mut self,
        ended: &Ended,
        measured: Measured,
        policy: &BreakerPolicy,
        at: Timestamp,
    ) {
        self.failures = 0;
        if self.open.is_none() {
            self.measure(measured, policy, at);
        } else if self.is_trial(ended.which.begun) {
            match (ended.took, measured.slowest) {
                (Some(took), Some(slowest)) if exceeds(took, slowest, policy.recovered) => {
                    let why = format!(
                        "its trial took {}, usual is {} at most",
                        clock(took),
                        clock(slowest)
                    );
                    self.open(Some(at), why);
                }
                _as_usual => self.close(at),
            }
        }
    }

    fn failed(
        &mut self,
        ended: &Ended,
        class: FailureClass,
        measured: Measured,
        policy: &BreakerPolicy,
        at: Timestamp,
    ) {
        let begun = ended.which.begun;
        if policy.failures == 0 {
            return;
        }
        match class {
            FailureClass::RateLimit | FailureClass::Quota
                if let Some(reset) = ended.reset.filter(|reset| *reset > at) =>
            {
                self.failures += 1;
                if !self.is_held() {
                    self.open(Some(reset), format!("{class} until a stated time"));
                }
            }
            FailureClass::Quota => {
                self.failures += 1;
                self.open(None, "quota: only a person can end it".to_owned());
            }
            FailureClass::CheckFailed if self.is_trial(begun) => {
                self.reopen("the check of its trial failed", policy, at);
            }
            FailureClass::CheckFailed => self.measure(measured, policy, at),
            class if class.blames_agent() => self.count(begun, class.word(), policy, at),
            _blames_nobody => {}
        }
    }

    /// Counts a failure.
    fn count(&mut self, begun: Timestamp, why: &str, policy: &BreakerPolicy, at: Timestamp) {
        self.failures += 1;
        if self.is_trial(begun) {
            self.reopen(&format!("its trial failed: {why}"), policy, at);
        } else if self.open.is_none() && policy.failures > 0 && self.failures >= policy.failures {
            let why = format!("{} failures in a row, the last one {why}", self.failures);
            self.reopen(&why, policy, at);
        }
    }

    /// Opens a closed one if what is measured is bad.
    fn measure(&mut self, measured: Measured, policy: &BreakerPolicy, at: Timestamp) {
        if self.open.is_some() || policy.failures == 0 {
            return;
        }
        if let Some(rate) = measured.pass_rate.filter(|rate| *rate < policy.pass_rate) {
            self.reopen(&format!("only {rate} % of its checks pass"), policy, at);
        } else if let (Some(usual), Some(lately)) = (measured.usual, measured.lately)
            && exceeds(lately, usual, policy.slower)
        {
            let why = format!("it takes {} now, usual is {}", clock(lately), clock(usual));
            self.reopen(&why, policy, at);
        }
    }

    fn reopen(&mut self, why: &str, policy: &BreakerPolicy, at: Timestamp) {
        let doubled = policy.delay.saturating_mul(1 << self.times.min(16));
        self.times += 1;
        self.open(Some(at + doubled.min(policy.max_delay)), why.to_owned());
    }

    fn close(&mut self, at: Timestamp) {
        *self = Self { closed: Some(at), ..Self::default() };
    }

    fn open(&mut self, until: Option<Timestamp>, why: String) {
        self.open = Some(Opened { until, why });
    }

    fn is_held(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.until.is_none())
    }

    /// Says whether an attempt began after the time for which it was open.
    fn is_trial(&self, begun: Timestamp) -> bool {
        let until = self.open.as_ref().and_then(|open| open.until);
        until.is_some_and(|until| begun >= until)
    }
}

/// Says whether a time is more than so many percent of another.
fn exceeds(time: Duration, other: Duration, percent: u32) -> bool {
    time.as_millis().saturating_mul(100) > other.as_millis().saturating_mul(u128::from(percent))
}
