//! What is likely to come: how long work still takes, and whether an attempt fails.
//!
//! All of it is read off past attempts; where there are too few, it is unknown.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use serde::Serialize;

use super::health::{ENOUGH, percentile};
use super::outcome::{End, Ended};
use super::time::{Timestamp, clock, millis};

/// Risk is read off so many of the last attempts.
const LATELY: usize = 50;
/// A sign of trouble multiplies the odds of failing by this.
const SIGN: f64 = 1.5;
/// No more retries of an agent's own are counted than this.
const MOST_RETRIES: u32 = 4;

/// How long something still takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Too little is known.
    Unknown,
    /// It has taken longer than any success so far.
    LongerThanEver,
    /// About so long.
    About {
        /// As likely longer as shorter.
        #[serde(with = "millis")]
        likely: Duration,
        /// Only one in twenty takes longer.
        #[serde(with = "millis")]
        late: Duration,
    },
}

impl Left {
    /// Returns how long an attempt still takes that has run for so long, if it succeeds.
    ///
    /// It is compared with those successes alone that took longer than it has.
    pub fn of<'a>(
        ends: impl IntoIterator<Item = &'a (Timestamp, Ended)>,
        elapsed: Duration,
    ) -> Self {
        let good = ends.into_iter().filter(|(_, ended)| ended.end == End::Succeeded);
        let mut times: Vec<Duration> = good.filter_map(|(_, ended)| ended.took).collect();
        if times.len() < ENOUGH {
            return Self::Unknown;
        }
        times.retain(|took| *took > elapsed);
        times.sort_unstable();
        match (percentile(&times, 50), percentile(&times, 95)) {
            (Some(likely), Some(late)) => {
                let [likely, late] = [likely, late].map(|took| took.saturating_sub(elapsed));
                Self::About { likely, late }
            }
            _none => Self::LongerThanEver,
        }
    }

    /// Says it in words.
    pub fn words(self) -> String {
        match self {
            Self::Unknown => "unknown (too few attempts so far)".to_owned(),
            Self::LongerThanEver => "unknown (it takes longer than any before)".to_owned(),
            Self::About { likely, late } => {
                format!("about {}, rarely more than {}", clock(likely), clock(late))
            }
        }
    }
}

/// One workstream of a fleet that is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// How long it still works.
    pub left: Left,
    /// The places of those in the same list that must be done before.
    pub after: Vec<usize>,
}

/// Returns how long a fleet still takes with so many slots, if each goes as soon as it may, in this order.
///
/// `late` is what it takes if all of them are late. Unknown as soon as one of them is, or waits for itself.
pub fn fleet(pending: &[Pending], slots: usize) -> Left {
    let mut both = Vec::new();
    for one in pending {
        match one.left {
            Left::About { likely, late } => both.push((likely, late)),
            Left::Unknown | Left::LongerThanEver => return one.left,
        }
    }
    let likely = span(pending, &both.iter().map(|(likely, _)| *likely).collect::<Vec<_>>(), slots);
    let late = span(pending, &both.iter().map(|(_, late)| *late).collect::<Vec<_>>(), slots);
    match (likely, late) {
        (Some(likely), Some(late)) => Left::About { likely, late: late.max(likely) },
        _circle => Left::Unknown,
    }
}

/// Returns when the last one ends, if each takes its time; none if some wait for each other.
fn span(pending: &[Pending], times: &[Duration], slots: usize) -> Option<Duration> {
    let mut free: BinaryHeap<Reverse<Duration>> =
        (0..slots.clamp(1, pending.len().max(1))).map(|_| Reverse(Duration::ZERO)).collect();
    let mut waits: Vec<usize> = pending.iter().map(|one| one.after.len()).collect();
    let mut from = vec![Duration::ZERO; pending.len()];
    let mut followers = vec![Vec::new(); pending.len()];
    for (place, one) in pending.iter().enumerate() {
        for before in &one.after {
            followers.get_mut(*before)?.push(place);
        }
    }
    let first = waits.iter().enumerate().filter(|(_, waits)| **waits == 0);
    let mut ready: BinaryHeap<Reverse<(Duration, usize)>> =
        first.map(|(place, _)| Reverse((Duration::ZERO, place))).collect();
    let (mut last, mut ended) = (Duration::ZERO, 0);
    while let Some(Reverse((at, place))) = ready.pop() {
        let Reverse(slot) = free.pop()?;
        let end = at.max(slot) + *times.get(place)?;
        free.push(Reverse(end));
        (last, ended) = (last.max(end), ended + 1);
        for follower in followers.get(place)? {
            let (waits, from) = (waits.get_mut(*follower)?, from.get_mut(*follower)?);
            (*waits, *from) = (*waits - 1, end.max(*from));
            if *waits == 0 {
                ready.push(Reverse((*from, *follower)));
            }
        }
    }
    (ended == pending.len()).then_some(last)
}

/// What is seen of an attempt while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// How long it has run.
    pub elapsed: Duration,
    /// How often its agent said that it tries something again.
    pub retries: u32,
    /// Whether it has passed its soft timeout.
    pub is_slow: bool,
}

/// How likely an attempt is to fail.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Risk {
    /// From 0 to 1.
    pub share: f64,
    /// Where that comes from, a line each.
    pub reasons: Vec<String>,
}

impl Risk {
    /// Returns how likely an attempt fails that is seen so, by the last ends, oldest first; none if they are too few.
    ///
    /// It is compared with those that ran at least as long, where they are enough, and with all of them where not. What
    /// the log does not tell (retries, slowness) raises the odds by a fixed factor each.
    pub fn of<'a>(
        ends: impl IntoIterator<Item = &'a (Timestamp, Ended)>,
        trend: Trend,
    ) -> Option<Self> {
        let ends: Vec<&Ended> = ends.into_iter().map(|(_, ended)| ended).collect();
        let mut lately: Vec<&Ended> =
            ends.into_iter().rev().filter(|ended| ended.tells_of_agent()).take(LATELY).collect();
        if lately.len() < ENOUGH {
            return None;
        }
        let mut reasons = Vec::new();
        let good = lately.iter().filter(|ended| ended.end == End::Succeeded);
        let mut times: Vec<Duration> = good.filter_map(|ended| ended.took).collect();
        times.sort_unstable();
        let p95 = (times.len() >= ENOUGH).then(|| percentile(&times, 95)).flatten();
        let ran = |ended: &&&Ended| ended.took.is_some_and(|took| took >= trend.elapsed);
        let longer: Vec<&Ended> = lately.iter().filter(ran).copied().collect();
        let (mut signs, mut which) = (0, "");
        if !trend.elapsed.is_zero() {
            if longer.len() >= ENOUGH {
                (lately, which) = (longer, " comparable");
            } else if let Some(p95) = p95.filter(|p95| trend.elapsed > *p95) {
                signs += 1;
                let elapsed = clock(trend.elapsed);
                reasons.push(format!(
                    "it has run for {elapsed}; p95 of its successes is {}",
                    clock(p95)
                ));
            }
        }
        let failed = lately.iter().filter(|ended| ended.end == End::Failed).count();
        reasons.insert(0, format!("{failed} of its last {}{which} attempts failed", lately.len()));
        // As if one had failed and one had not, so that few attempts make nothing certain (Laplace).
        let base = (failed as f64 + 1.0) / (lately.len() as f64 + 2.0);
        if trend.is_slow {
            signs += 1;
            reasons.push("it has passed its soft timeout".to_owned());
        }
        let retries = trend.retries.min(MOST_RETRIES);
        if retries > 0 {
            signs += i32::try_from(retries).unwrap_or(0);
            let times = if trend.retries == 1 { "time" } else { "times" };
            reasons.push(format!("its agent has tried something again {} {times}", trend.retries));
        }
        let odds = base / (1.0 - base) * SIGN.powi(signs);
        Some(Self { share: odds / (1.0 + odds), reasons })
    }

    /// Says it in words.
    pub fn words(&self) -> String {
        format!("{:.0} % ({})", self.share * 100.0, self.reasons.join("; "))
    }
}

/// How well risk has told what came.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// The attempts that it was held against.
    pub attempts: usize,
    /// The mean square of its error (Brier): 0 is perfect.
    pub brier: f64,
    /// The same for who always says the share that failed over all: less than that is worth something.
    pub base: f64,
}

impl Calibration {
    /// Returns how well the risk at the beginning of each attempt, by what was known then, told its end; none if too few.
    ///
    /// What the log does not tell (retries, slowness) has no part in it.
    pub fn of<'a, Ends>(ends: &'a Ends) -> Option<Self>
    where
        &'a Ends: IntoIterator<Item = &'a (Timestamp, Ended)>,
        Ends: ?Sized,
    {
        let ends = || ends.into_iter();
        let mut told: Vec<(f64, f64)> = Vec::new();
        for (_, ended) in ends().filter(|(_, ended)| ended.tells_of_agent()) {
            let known = ends().filter(|(at, _)| *at <= ended.which.begun);
            let truth = f64::from(u8::from(ended.end == End::Failed));
            if let Some(risk) = Risk::of(known, Trend::default()) {
                told.push((risk.share, truth));
            }
        }
        if told.len() < ENOUGH {
            return None;
        }
        let count = told.len() as f64;
        let failed = told.iter().map(|(_, truth)| truth).sum::<f64>() / count;
        let error = |said: f64, truth: f64| (said - truth).powi(2) / count;
        Some(Self {
            attempts: told.len(),
            brier: told.iter().map(|(said, truth)| error(*said, *truth)).sum(),
            base: told.iter().map(|(_, truth)| error(failed, *truth)).sum(),
        })
    }

    /// Returns how well the risk of several agents has told what came, all in all; none if it is known of none.
    pub fn together(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        let sum = all.into_iter().reduce(|one, other| {
            let attempts = one.attempts + other.attempts;
            let mean = |mine: f64, theirs: f64| {
                (mine * one.attempts as f64 + theirs * other.attempts as f64) / attempts as f64
            };
            Self { attempts, brier: mean(one.brier, other.brier), base: mean(one.base, other.base) }
        });
        sum.filter(|sum| sum.attempts > 0)
    }

    /// Says it in words.
    pub fn words(&self) -> String {
        let worth = if self.brier < self.base { "better" } else { "no better" };
        format!(
            "Brier score {:.3} over {} attempts, {worth} than the plain failure rate ({:.3})",
            self.brier, self.attempts, self.base
        )
    }
}
