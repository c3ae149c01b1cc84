//! What went wrong with an attempt, and when: what the log of it may not say.

use std::time::Duration;

use crate::core::course::Gait;
use crate::core::ledger::AttemptOutcome;
use crate::core::notice::Severity;
use crate::core::{Attempt, Timestamp};
use crate::ipc::facts::{Facts, WorkstreamFacts};

/// What is told of twice within this time is one thing.
const SAME: Duration = Duration::from_secs(2);

/// Something that went wrong with an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub words: String,
}

/// Returns what went wrong from the beginning of an attempt until that of the next one, oldest first.
///
/// What was told while somebody looked is told in the same words; of the time before, the journal knows less.
pub fn of(facts: &Facts, ws: &WorkstreamFacts, attempt: &Attempt) -> Vec<Incident> {
    let next = ws.attempts.iter().find(|other| other.id > attempt.id);
    let until = next.map(|next| next.begun);
    let is_its = |at: Timestamp| at >= attempt.begun && until.is_none_or(|until| at < until);
    let told = facts.notices.iter().filter(|told| {
        told.workstream.as_ref() == Some(&ws.id)
            && told.severity >= Severity::Warning
            && is_its(told.at)
    });
    let mut all: Vec<Incident> =
        told.map(|told| Incident { at: told.at, words: told.text.clone() }).collect();
    for incident in known(ws, attempt) {
        let is_told = |other: &Incident| gap(other.at, incident.at) <= SAME;
        if !all.iter().any(is_told) {
            all.push(incident);
        }
    }
    all.sort_by_key(|incident| incident.at);
    all
}

/// Returns what the journal knows.
fn known(ws: &WorkstreamFacts, attempt: &Attempt) -> Vec<Incident> {
    let agent = &attempt.agent;
    let turns = ws.course.iter().filter(|turn| turn.attempt == Some(attempt.id));
    let mut all: Vec<Incident> = turns
        .filter_map(|turn| {
            let words = match turn.gait {
                Gait::Slow => format!("{agent} is slow"),
                Gait::Waiting => format!("{agent} needs you"),
                Gait::Steady => return None,
            };
            Some(Incident { at: turn.at, words })
        })
        .collect();
    if let (AttemptOutcome::Failed(class), Some(at)) = (&attempt.outcome, attempt.ended) {
        let (id, reason) = (attempt.id, attempt.reason.lines().next().unwrap_or_default());
        let words = format!("attempt {id}: {agent} failed ({class}): {reason}");
        all.push(Incident { at, words });
    }
    all
}

fn gap(one: Timestamp, other: Timestamp) -> Duration {
    one.since(other).max(other.since(one))
}
