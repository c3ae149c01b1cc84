//! How an agent has been doing lately, as the ends of its attempts tell.
//!
//! What too few attempts tell is unknown, and said to be.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::account::{Cost, short};
use super::class::FailureClass;
use super::outcome::{End, Ended};
use super::time::{Timestamp, clock, opt_millis};

/// So many attempts say something; fewer say nothing.
pub const ENOUGH: usize = 5;

/// Over which attempts health is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Those that ended since then.
    pub since: Timestamp,
    /// And not after.
    pub until: Timestamp,
    /// What fewer of them tell is unknown.
    pub enough: usize,
}

impl Window {
    /// Returns the window of this length that ends now.
    pub fn lately(now: Timestamp, span: Duration) -> Self {
        Self { since: now.before(span), until: now, enough: ENOUGH }
    }

    /// Returns the window of all that was.
    pub fn always() -> Self {
        Self { since: Timestamp(0), until: Timestamp(u64::MAX), enough: ENOUGH }
    }

    fn holds(self, at: Timestamp) -> bool {
        self.since <= at && at <= self.until
    }
}

/// How an agent has been doing.
///
/// Attempts that an operator stopped count nowhere. Those that failed for the machine (no memory, a reboot, a lost
/// worktree) count among the failure classes, and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Health {
    /// Attempts that ended and say something of the agent.
    pub attempts: usize,
    /// Those of them that did the work.
    pub succeeded: usize,
    /// The share of them that did the work.
    pub success_rate: Option<f64>,
    /// Failures in each hour that it worked.
    pub failures_per_hour: Option<f64>,
    /// What half of its successful attempts took at most.
    #[serde(with = "opt_millis")]
    pub p50: Option<Duration>,
    /// What 95 of a hundred of them took at most.
    #[serde(with = "opt_millis")]
    pub p95: Option<Duration>,
    /// How long half of its attempts took at most until their first output.
    #[serde(with = "opt_millis")]
    pub first_output: Option<Duration>,
    /// The mean time to failure: how long it works until an attempt fails that another workstream would not have saved.
    #[serde(with = "opt_millis")]
    pub mttf: Option<Duration>,
    /// The mean time to repair: from such a failure to the beginning of the next attempt that did the work.
    #[serde(with = "opt_millis")]
    pub mttr: Option<Duration>,
    /// The share of the time from its first end to its last in which it was not failing.
    ///
    /// It is failing from the end of an attempt whose failure blames the agent until the beginning of the first attempt
    /// that ended later and did the work; an attempt that was begun before and succeeds shows that it never was.
    pub availability: Option<f64>,
    /// The share of checks that passed.
    pub pass_rate: Option<f64>,
    /// The tokens that its attempts told of; none if none did.
    pub tokens: Option<u64>,
    /// What they told that this cost.
    pub cost_usd: Option<Cost>,
    /// Why attempts failed, and how often.
    pub failures: BTreeMap<FailureClass, usize>,
}

impl Health {
    /// Returns what these ends tell over a window.
    pub fn of<'a>(ends: impl IntoIterator<Item = &'a (Timestamp, Ended)>, window: Window) -> Self {
        Self::of_all([ends], window)
    }

    /// Returns what the ends of several agents tell together; each is up or down by itself, and their times are added.
    pub fn of_all<'a>(
        agents: impl IntoIterator<Item = impl IntoIterator<Item = &'a (Timestamp, Ended)>>,
        window: Window,
    ) -> Self {
        let mut spells = Spells::default();
        let mut all = Vec::new();
        for agent in agents {
            let mut ends: Vec<&(Timestamp, Ended)> =
                agent.into_iter().filter(|(at, _)| window.holds(*at)).collect();
            // A check delays the line of an end: the log is not quite in the order in which attempts ended.
            ends.sort_by_key(|(at, _)| *at);
            if ends.iter().filter(|(_, ended)| ended.tells_of_agent()).count()
                >= window.enough.max(1)
            {
                spells.add(&Spells::of(&ends));
            }
            all.extend(ends.into_iter().map(|(_, ended)| ended));
        }
        let mut health = Self::counted(&all, window.enough.max(1));
        if health.success_rate.is_some() {
            health.look_at(&spells);
        }
        health
    }

    /// Returns what can be told without regard to when attempts ended.
    fn counted(ends: &[&Ended], enough: usize) -> Self {
        let ended = || ends.iter().copied();
        let is_success = |ended: &&Ended| ended.end == End::Succeeded;
        let mut failures = BTreeMap::new();
        for class in ended().filter_map(|ended| ended.class) {
            *failures.entry(class).or_default() += 1;
        }
        let attempts = ended().filter(|ended| ended.tells_of_agent()).count();
        let succeeded = ended().filter(is_success).count();
        let worked: Duration =
            ended().filter(|ended| ended.tells_of_agent()).filter_map(|ended| ended.took).sum();
        let has_enough = attempts >= enough;
        let hours = worked.as_secs_f64() / 3600.0;
        let failed = attempts - succeeded;
        let took = || ended().filter(is_success).filter_map(|ended| ended.took);
        let checks: Vec<bool> = ended().filter_map(|ended| ended.check).collect();
        let passed = checks.iter().filter(|passed| **passed).count();
        Self {
            attempts,
            succeeded,
            success_rate: has_enough.then(|| share(succeeded, attempts)),
            failures_per_hour: (has_enough && hours > 0.0).then(|| failed as f64 / hours),
            p50: quantile(took(), 50, enough),
            p95: quantile(took(), 95, enough),
            first_output: quantile(ended().filter_map(|ended| ended.first_output), 50, enough),
            pass_rate: (checks.len() >= enough).then(|| share(passed, checks.len())),
            tokens: ended().filter_map(|ended| ended.tokens).reduce(u64::saturating_add),
            cost_usd: ended()
                .filter_map(|ended| ended.cost_usd)
                .reduce(|one, other| Cost(one.0.saturating_add(other.0))),
            failures,
            ..Self::default()
        }
    }

    fn look_at(&mut self, spells: &Spells) {
        let whole = spells.up + spells.down;
        self.availability =
            (!whole.is_zero()).then(|| spells.up.as_secs_f64() / whole.as_secs_f64());
        self.mttf = spells.up.checked_div(spells.failures);
        self.mttr = spells.repaired.checked_div(spells.repairs);
    }

    /// Returns each figure under its name, in words; what is unknown is said to be.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let unknown = || format!("unknown (attempts so far: {})", self.attempts);
        let percent = |share: Option<f64>| share.map(|share| format!("{:.0} %", share * 100.0));
        let span = |span: Option<Duration>| span.map(clock);
        let told = |text: Option<String>| text.unwrap_or_else(|| "not told".to_owned());
        let known = |text: Option<String>| text.unwrap_or_else(unknown);
        let per_hour = self.failures_per_hour.map(|rate| format!("{rate:.1}"));
        let times = span(self.p50).zip(span(self.p95));
        // What never happened has no mean, however long one looks.
        let is_known = self.success_rate.is_some();
        let never = |mean: Option<Duration>, never: &str| match mean {
            None if is_known => never.to_owned(),
            mean => known(span(mean)),
        };
        let failures: Vec<String> =
            self.failures.iter().map(|(class, count)| format!("{count}× {class}")).collect();
        let failures = if failures.is_empty() { "none".to_owned() } else { failures.join(", ") };
        vec![
            ("success rate", known(percent(self.success_rate))),
            ("failures per hour", known(per_hour)),
            ("first output", known(span(self.first_output))),
            ("time of a success", known(times.map(|(p50, p95)| format!("p50 {p50}, p95 {p95}")))),
            ("mean time to failure", never(self.mttf, "it did not fail")),
            ("mean time to repair", never(self.mttr, "nothing to repair was repaired")),
            ("availability", known(percent(self.availability))),
            ("checks passed", known(percent(self.pass_rate))),
            ("tokens", told(self.tokens.map(short))),
            ("cost", told(self.cost_usd.map(|cost| cost.to_string()))),
            ("failures", failures),
        ]
    }
}

/// How long an agent was well, and how long it was not.
#[derive(Debug, Default)]
struct Spells {
    up: Duration,
    down: Duration,
    failures: u32,
    /// The time of the failures that were repaired.
    repaired: Duration,
    repairs: u32,
}

impl Spells {
    fn add(&mut self, other: &Self) {
        self.up += other.up;
        self.down += other.down;
        self.failures += other.failures;
        self.repaired += other.repaired;
        self.repairs += other.repairs;
    }

    fn of(ends: &[&(Timestamp, Ended)]) -> Self {
        let mut spells = Self::default();
        let mut before = ends.first().map(|(at, _)| *at).unwrap_or_default();
        let mut failing: Option<Timestamp> = None;
        for (at, ended) in ends {
            match (ended.end, failing) {
                (End::Succeeded, Some(since)) => {
                    let again = ended.which.begun.max(since);
                    spells.down += again.since(since);
                    spells.repaired += again.since(since);
                    spells.repairs += 1;
                    before = again;
                    failing = None;
                }
                (End::Failed, None) if ended.class.is_some_and(FailureClass::blames_agent) => {
                    spells.up += at.since(before);
                    spells.failures += 1;
                    failing = Some(*at);
                }
                (End::Succeeded | End::Failed | End::Stopped, _) => {}
            }
        }
        let last = ends.last().map(|(at, _)| *at).unwrap_or_default();
        match failing {
            Some(since) => spells.down += last.since(since),
            None => spells.up += last.since(before),
        }
        spells
    }
}

/// Returns the time that so many of a hundred do not exceed; unknown if they are too few.
fn quantile(
    times: impl Iterator<Item = Duration>,
    percent: usize,
    enough: usize,
) -> Option<Duration> {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    (times.len() >= enough).then(|| percentile(&times, percent)).flatten()
}

/// Returns the least of some sorted times that so many of a hundred do not exceed.
pub fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
