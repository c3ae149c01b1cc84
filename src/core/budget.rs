//! What a project may spend in an hour, over all its supervisors.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account::Cost;
use super::outcome::Ended;
use super::time::Timestamp;

/// The time over which is counted.
pub const SPAN: Duration = Duration::from_secs(3600);

/// What a project may spend in an hour; none for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Attempts that begin.
    pub attempts: Option<u64>,
    /// Tokens, as far as agents tell them.
    pub tokens: Option<u64>,
    /// Money, as far as agents tell it.
    pub cost_usd: Option<Cost>,
}

/// What was spent in the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    began: VecDeque<Timestamp>,
    took: VecDeque<(Timestamp, u64, Cost)>,
}

/// A limit that is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overspent {
    /// What was spent of what is allowed, in words.
    pub what: String,
    /// When enough of it is an hour ago.
    pub until: Timestamp,
}

impl Spent {
    pub(super) fn began(&mut self, at: Timestamp) {
        self.began.push_back(at);
        self.forget(at);
    }

    pub(super) fn ended(&mut self, ended: &Ended, at: Timestamp) {
        let cost = ended.cost_usd.unwrap_or_default();
        let tokens = ended.tokens.unwrap_or_default();
        if tokens > 0 || cost > Cost::default() {
            self.took.push_back((at, tokens, cost));
        }
        self.forget(at);
    }

    fn forget(&mut self, now: Timestamp) {
        let old = now.before(SPAN);
        while self.began.front().is_some_and(|at| *at < old) {
            self.began.pop_front();
        }
        while self.took.front().is_some_and(|(at, ..)| *at < old) {
            self.took.pop_front();
        }
    }

    /// Returns the limit that is reached at a time, the one that lasts longest; none if none is.
    pub fn over(&self, now: Timestamp, budget: &Budget) -> Option<Overspent> {
        let old = now.before(SPAN);
        let attempts = self.began.iter().filter(|at| **at >= old).map(|at| (*at, 1));
        let took = || self.took.iter().filter(|(at, ..)| *at >= old);
        let tokens = took().map(|(at, tokens, _)| (*at, *tokens));
        let cost = took().map(|(at, _, cost)| (*at, cost.0));
        let limits = [
            reached(attempts, budget.attempts, |spent, limit| {
                format!("{spent} of {limit} attempts in an hour")
            }),
            reached(tokens, budget.tokens, |spent, limit| {
                format!("{spent} of {limit} tokens in an hour")
            }),
            reached(cost, budget.cost_usd.map(|cost| cost.0), |spent, limit| {
                format!("{} of {} in an hour", Cost(spent), Cost(limit))
            }),
        ];
        limits.into_iter().flatten().max_by_key(|over| over.until)
    }

    /// Returns when a limit that is reached is reached no more.
    pub fn next(&self, now: Timestamp, budget: &Budget) -> Option<Timestamp> {
        self.over(now, budget).map(|over| over.until)
    }
}

/// Says what was spent of a limit and until when, if the limit is reached.
fn reached(
    spent: impl Iterator<Item = (Timestamp, u64)>,
    limit: Option<u64>,
    words: impl Fn(u64, u64) -> String,
) -> Option<Overspent> {
    let limit = limit?;
    let spent: Vec<(Timestamp, u64)> = spent.collect();
    let sum: u64 = spent.iter().map(|(_, amount)| amount).sum();
    if sum < limit {
        return None;
    }
    let mut left = sum;
    // The oldest are an hour ago first.
    let last = spent.iter().find(|(_, amount)| {
        left = left.saturating_sub(*amount);
        left < limit
    });
    let until = last.map(|(at, _)| *at + SPAN + Duration::from_millis(1))?;
    Some(Overspent { what: words(sum, limit), until })
}
