//! Which agent a piece of work goes to first: those that are likely to do it soon, as the outcome log tells.
//!
//! An agent is worth what it would do in an hour: the chance that an attempt of it succeeds, over what an attempt costs in
//! time. The chance is taken at its upper bound, which is far up where little is known, and what is known fades: so an
//! agent that nobody has tried, or that was bad once, has its turn (the discounted upper confidence bound of Garivier and
//! Moulines, 2008).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bar::Bar;
use super::history::{History, Record};
use super::id::AgentName;
use super::outcome::{End, Ended};
use super::time::{Timestamp, clock};

/// What is known counts half after so long.
const FADES: Duration = Duration::from_secs(6 * 3600);
/// Work of another kind says so much of what work of this kind would say.
const OTHER_KIND: f64 = 0.25;
/// An attempt costs so long beside its own time: a checkpoint, a hand-off, a worktree that is left in disorder.
const BESIDE: f64 = 120.0;
/// How far the upper bound is up.
const BOLD: f64 = 0.35;
/// Agents are told apart only if one is worth so many times the other.
const APART: f64 = 1.25;
/// So many attempts, faded, are enough to speak of a share.
const ENOUGH: f64 = 1.0;

/// An agent at its place, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The agent.
    pub agent: AgentName,
    /// What is known of it, in words that follow its name.
    pub why: String,
}

/// How the agents of a project have been doing, weighed by age.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standings {
    agents: BTreeMap<AgentName, Standing>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Standing {
    kinds: BTreeMap<Option<String>, Tally>,
    at_work: usize,
}

/// Attempts, those that succeeded, and the seconds that each of the two took; each attempt weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    attempts: f64,
    succeeded: f64,
    seconds: f64,
    succeeding: f64,
}

impl Tally {
    fn add(&mut self, other: Self, weight: f64) {
        self.attempts += weight * other.attempts;
        self.succeeded += weight * other.succeeded;
        self.seconds += weight * other.seconds;
        self.succeeding += weight * other.succeeding;
    }

    /// Returns what an attempt takes on average.
    fn mean(self) -> Option<f64> {
        (self.attempts > 0.0).then(|| self.seconds / self.attempts)
    }

    /// Returns what a success takes on average.
    fn success(self) -> Option<f64> {
        (self.succeeded > 0.0).then(|| self.succeeding / self.succeeded)
    }
}

/// What is known beside the standings when an agent is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The agents, as they were declared, with how many attempts each may make at a time.
    pub chain: &'a [(AgentName, Option<usize>)],
    /// The kind of work.
    pub kind: Option<&'a str>,
    /// The agents to which work does not go through freely.
    pub bars: &'a BTreeMap<AgentName, Bar>,
}

impl Standings {
    /// Returns how agents have been doing until now.
    pub fn of(history: &History, now: Timestamp) -> Self {
        let agents =
            history.agents().map(|(name, record)| (name.clone(), Standing::of(record, now)));
        Self { agents: agents.collect() }
    }

    /// Returns the agents in the order in which they are worth trying; those that are worth about the same stay as declared.
    pub fn rank(&self, wanted: &Wanted<'_>) -> Vec<Ranked> {
        let tallies: Vec<Tally> =
            wanted.chain.iter().map(|(agent, _)| self.tally(agent, wanted.kind)).collect();
        let mut all = Tally::default();
        for tally in &tallies {
            all.add(*tally, 1.0);
        }
        let usual = all.success().unwrap_or_default();
        let mut ranked: Vec<((u8, Reverse<i64>), Ranked)> = Vec::new();
        for ((agent, capacity), tally) in wanted.chain.iter().zip(tallies) {
            let bar = wanted.bars.get(agent);
            let at_work = self.agents.get(agent).map_or(0, |standing| standing.at_work);
            let is_full = capacity.is_some_and(|capacity| at_work >= capacity);
            let behind = match bar {
                Some(Bar::Shut { .. }) => 3,
                Some(Bar::Trial { .. }) => 2,
                None => u8::from(is_full),
            };
            let why = words(tally, bar, is_full.then_some(at_work));
            let place = (behind, Reverse(step(worth(tally, all.attempts, usual))));
            ranked.push((place, Ranked { agent: agent.clone(), why }));
        }
        ranked.sort_by_key(|(place, _)| *place);
        ranked.into_iter().map(|(_, ranked)| ranked).collect()
    }

    fn tally(&self, agent: &AgentName, kind: Option<&str>) -> Tally {
        let mut tally = Tally::default();
        let kinds = self.agents.get(agent).into_iter().flat_map(|standing| &standing.kinds);
        for (other, known) in kinds {
            let weight = if other.as_deref() == kind { 1.0 } else { OTHER_KIND };
            tally.add(*known, weight);
        }
        tally
    }
}

impl Standing {
    fn of(record: &Record, now: Timestamp) -> Self {
        let mut kinds: BTreeMap<Option<String>, Tally> = BTreeMap::new();
        for (at, ended) in record.ends.iter().filter(|(_, ended)| ended.tells_of_agent()) {
            let age = now.since(*at).as_secs_f64() / FADES.as_secs_f64();
            kinds.entry(ended.kind.clone()).or_default().add(tally_of(ended), (-age).exp2());
        }
        Self { kinds, at_work: record.at_work() }
    }
}

fn tally_of(ended: &Ended) -> Tally {
    let seconds = ended.took.unwrap_or_default().as_secs_f64();
    let (succeeded, succeeding) = match ended.end {
        End::Succeeded => (1.0, seconds),
        End::Failed | End::Stopped => (0.0, 0.0),
    };
    Tally { attempts: 1.0, succeeded, seconds, succeeding }
}

/// Returns what an agent would do in an hour at best, by what is known of it and of all.
fn worth(tally: Tally, all: f64, usual: f64) -> f64 {
    let chance = (tally.succeeded + 1.0) / (tally.attempts + 2.0);
    let doubt = BOLD * ((all + 1.0).ln() / (tally.attempts + 1.0)).sqrt();
    // To fail quickly is not to be quick, and to fail slowly is worse.
    let seconds = tally.success().unwrap_or(usual).max(tally.mean().unwrap_or(usual));
    3600.0 * (chance + doubt) / (seconds + BESIDE)
}

/// Returns the step that a worth stands on, so that small differences change nothing.
fn step(worth: f64) -> i64 {
    (worth.max(f64::MIN_POSITIVE).ln() / APART.ln()).round() as i64
}

fn words(tally: Tally, bar: Option<&Bar>, full: Option<usize>) -> String {
    let known = match tally.mean() {
        Some(mean) if tally.attempts >= ENOUGH => format!(
            "{:.0} % of about {:.0} lately, ≈ {} each",
            100.0 * tally.succeeded / tally.attempts,
            tally.attempts,
            clock(Duration::from_secs(mean.round() as u64))
        ),
        _few => "hardly tried lately".to_owned(),
    };
    match (bar, full) {
        (Some(Bar::Shut { .. }), _) => format!("{known}; its breaker lets nothing through"),
        (Some(Bar::Trial { .. }), _) => format!("{known}; its breaker wants a trial"),
        (None, Some(at_work)) => format!("{known}; busy with {at_work}"),
        (None, None) => known,
    }
}
