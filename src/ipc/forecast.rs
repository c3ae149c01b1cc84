//! What is likely to come, read off facts: when workstreams and the fleet are done, and what is likely to fail.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use super::facts::{AgentFacts, Facts, WorkstreamFacts};
use crate::core::forecast::{Left, Pending, Risk, Trend, fleet};
use crate::core::{PhaseWord, Timestamp, WorkstreamId};

/// Returns what is known of the agent at work for a workstream, or next to work.
pub fn agent<'a>(facts: &'a Facts, ws: &WorkstreamFacts) -> Option<&'a AgentFacts> {
    let name = ws.agent.as_deref()?;
    facts.agents.iter().find(|agent| agent.name.as_str() == name)
}

/// Returns how long the agent of a workstream still works if it succeeds; none where none works or is about to.
///
/// Its check, which is not in the log, is not counted.
pub fn left(facts: &Facts, ws: &WorkstreamFacts, now: Timestamp) -> Option<Left> {
    let wait = wait(ws, now)?;
    let Some(agent) = agent(facts, ws) else { return Some(Left::Unknown) };
    Some(later(Left::of(&agent.record.ends, elapsed(ws, now)), wait))
}

/// Returns how likely the running attempt of a workstream is to fail; none if none runs, or too little is known.
pub fn risk(facts: &Facts, ws: &WorkstreamFacts, now: Timestamp) -> Option<Risk> {
    if ws.phase != PhaseWord::Running {
        return None;
    }
    let agent = agent(facts, ws)?;
    let trend = Trend { elapsed: elapsed(ws, now), retries: ws.retries, is_slow: ws.slow };
    Risk::of(&agent.record.ends, trend)
}

/// When a fleet is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// How long that takes, if all attempts succeed.
    pub left: Left,
    /// The workstreams without which this is: they wait for the operator, or for one that does not get done.
    pub without: usize,
}

/// Returns when all that goes on by itself is done; none if nothing does.
pub fn outlook(facts: &Facts, now: Timestamp) -> Option<Outlook> {
    let all = &facts.workstreams;
    let stuck = stuck(facts);
    let mut going: Vec<usize> =
        (0..all.len()).filter(|place| !stuck[*place] && !all[*place].phase.is_final()).collect();
    if going.is_empty() {
        return None;
    }
    // What works has a slot; what waits has none yet.
    going.sort_by_key(|place| !all[*place].phase.holds_slot());
    let places: HashMap<&WorkstreamId, usize> =
        going.iter().enumerate().map(|(place, of)| (&all[*of].id, place)).collect();
    let mut fresh: BTreeMap<Option<&str>, Left> = BTreeMap::new();
    let pending: Vec<Pending> = going
        .iter()
        .map(|place| {
            let ws = &all[*place];
            let left = match wait(ws, now) {
                // It is saved or checked, which is not in the log.
                None => Left::About { likely: Duration::ZERO, late: Duration::ZERO },
                Some(_) if ws.phase == PhaseWord::Running => {
                    self::left(facts, ws, now).unwrap_or(Left::Unknown)
                }
                Some(wait) => {
                    let of_agent = || self::left(facts, ws, now).unwrap_or(Left::Unknown);
                    if wait.is_zero() {
                        *fresh.entry(ws.agent.as_deref()).or_insert_with(of_agent)
                    } else {
                        of_agent()
                    }
                }
            };
            let after = ws.after.iter().filter_map(|id| places.get(id).copied()).collect();
            Pending { left, after }
        })
        .collect();
    let without = stuck.iter().zip(all).filter(|(stuck, ws)| **stuck && !ws.phase.is_final());
    Some(Outlook { left: fleet(&pending, facts.fleet.slots), without: without.count() })
}

/// Says of each workstream whether it does not get done by itself.
fn stuck(facts: &Facts) -> Vec<bool> {
    let all = &facts.workstreams;
    let mut followers: HashMap<&WorkstreamId, Vec<usize>> = HashMap::new();
    for (place, ws) in all.iter().enumerate() {
        for before in &ws.after {
            followers.entry(before).or_default().push(place);
        }
    }
    let mut stuck: Vec<bool> = all.iter().map(|ws| is_stuck(ws)).collect();
    let mut next: VecDeque<usize> = (0..all.len()).filter(|place| stuck[*place]).collect();
    while let Some(place) = next.pop_front() {
        for follower in followers.get(&all[place].id).into_iter().flatten() {
            if !std::mem::replace(&mut stuck[*follower], true) {
                next.push_back(*follower);
            }
        }
    }
    stuck
}

fn is_stuck(ws: &WorkstreamFacts) -> bool {
    match ws.phase {
        PhaseWord::Escalated | PhaseWord::Failed | PhaseWord::Stopped | PhaseWord::Lost => true,
        PhaseWord::Queued
        | PhaseWord::Preparing
        | PhaseWord::Probing
        | PhaseWord::Starting
        | PhaseWord::Running
        | PhaseWord::Stopping
        | PhaseWord::Draining
        | PhaseWord::Checking
        | PhaseWord::Backoff
        | PhaseWord::Done => false,
    }
}

/// Returns how long it takes until the agent of a workstream works; none if that is not what comes next.
fn wait(ws: &WorkstreamFacts, now: Timestamp) -> Option<Duration> {
    match ws.phase {
        PhaseWord::Queued
        | PhaseWord::Preparing
        | PhaseWord::Probing
        | PhaseWord::Starting
        | PhaseWord::Running => Some(Duration::ZERO),
        PhaseWord::Backoff => {
            Some(ws.next.as_ref().map_or(Duration::ZERO, |next| next.at.since(now)))
        }
        PhaseWord::Stopping
        | PhaseWord::Draining
        | PhaseWord::Checking
        | PhaseWord::Escalated
        | PhaseWord::Done
        | PhaseWord::Failed
        | PhaseWord::Stopped
        | PhaseWord::Lost => None,
    }
}

fn elapsed(ws: &WorkstreamFacts, now: Timestamp) -> Duration {
    let started = ws.started.filter(|_| ws.phase == PhaseWord::Running);
    started.map_or(Duration::ZERO, |started| now.since(started))
}

fn later(left: Left, wait: Duration) -> Left {
    match left {
        Left::About { likely, late } => Left::About { likely: likely + wait, late: late + wait },
        Left::Unknown | Left::LongerThanEver => left,
    }
}
