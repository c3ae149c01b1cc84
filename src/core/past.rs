//! What is remembered of a fleet as a whole: when attempts ended, and which storms there were.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use serde::Serialize;

use super::health::ENOUGH;
use super::outcome::End;
use super::time::Timestamp;

/// Ends are remembered for so long.
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
/// Of more ends the oldest are forgotten.
const ENDS: usize = 5000;
/// Of more storms the oldest are forgotten.
const STORMS: usize = 200;
/// Over which time what is done is counted.
const HOUR: Duration = Duration::from_secs(3600);
/// What is usual is known after so many hours of work.
const HOURS: usize = 3;

/// What is remembered of a fleet as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// When attempts ended, and whether the work was done with that, oldest first.
    ends: VecDeque<(Timestamp, bool)>,
    /// When storms broke out, and why, oldest first.
    storms: VecDeque<(Timestamp, String)>,
}

/// How much gets done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Throughput {
    /// The workstreams that were done in the last hour.
    pub last_hour: usize,
    /// How many are done in an hour of work, by the week before that; unknown after too few hours.
    pub usual: Option<f64>,
}

impl Past {
    /// Takes in the end of an attempt.
    pub(super) fn ended(&mut self, end: End, at: Timestamp) {
        let old = at.before(WEEK);
        while self.ends.len() >= ENDS || self.ends.front().is_some_and(|(at, _)| *at < old) {
            self.ends.pop_front();
        }
        self.ends.push_back((at, end == End::Succeeded));
    }

    /// Takes in that a storm began.
    pub(super) fn broke_out(&mut self, why: String, at: Timestamp) {
        if self.storms.len() >= STORMS {
            self.storms.pop_front();
        }
        self.storms.push_back((at, why));
    }

    /// Returns the storms that began since then, oldest first, with what they were.
    pub fn storms(
        &self,
        since: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &(Timestamp, String)> {
        self.storms.iter().filter(move |(at, _)| *at >= since)
    }

    /// Returns how much gets done.
    ///
    /// An hour in which no attempt ended is none of work: a fleet at rest does not become slow by that.
    pub fn throughput(&self, now: Timestamp) -> Throughput {
        let (from, old) = (now.before(HOUR), now.before(HOUR + WEEK));
        let done = |it: &&(Timestamp, bool)| it.1;
        let last_hour = self.ends.iter().filter(|(at, _)| *at > from && *at <= now);
        let before = || self.ends.iter().filter(|(at, _)| *at <= from && *at > old);
        let hours: BTreeSet<u64> =
            before().map(|(at, _)| from.since(*at).as_secs() / HOUR.as_secs()).collect();
        let count = before().filter(done).count();
        let is_known = hours.len() >= HOURS && before().count() >= ENOUGH;
        Throughput {
            last_hour: last_hour.filter(done).count(),
            usual: is_known.then(|| count as f64 / hours.len() as f64),
        }
    }
}
