//! What becomes of agents that work side by side. Each tries once: their own retries are not played.

use std::time::Duration;

use super::fate::Fate;
use super::model::AgentModel;
use crate::core::account::{Cost, Inner, Usage};
use crate::core::contest::{Contending, Contest, Entrant};
use crate::core::{Account, AttemptOutcome, FailureClass, Timestamp};

/// One of them, and what it would come to by itself.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub entrant: Entrant,
    pub model: &'a AgentModel,
    pub fate: Fate,
}

impl Entry<'_> {
    fn passes(&self, is_checked: bool) -> bool {
        self.fate.fails.is_none() && (self.fate.check_passes || !is_checked)
    }

    /// Returns when it ends; one that would never is ended after its longest.
    fn ends(&self, now: Timestamp, longest: Duration) -> Timestamp {
        self.fate.ends.unwrap_or(now + longest)
    }

    fn class(&self) -> FailureClass {
        self.fate.fails.unwrap_or(FailureClass::CheckFailed)
    }
}

/// Returns what they come to together when they start now, and what is told of each.
pub(super) fn together(
    contest: &Contest,
    entries: &[Entry<'_>],
    is_checked: bool,
    now: Timestamp,
) -> (Fate, Account) {
    let ends = |entry: &Entry<'_>| entry.ends(now, contest.longest);
    let passed = || entries.iter().filter(|entry| entry.passes(is_checked));
    let first = passed().map(ends).min().filter(|_| contest.how == Contending::Race);
    let last = entries.iter().max_by_key(|entry| ends(entry));
    let end = first.or(last.map(ends)).unwrap_or(now);
    let fails = match (contest.how, passed().count()) {
        (_, 0) => last.map(Entry::class),
        (Contending::Race, _some) => None,
        // Who does the work does the same.
        (Contending::Vote, some) if some * 2 > contest.contestants.len() => None,
        (Contending::Vote, _some) => Some(FailureClass::NoMajority),
    };
    let fate = Fate { ends: Some(end), fails, reset: None, check_passes: true, share: 1.0 };
    let told = |(place, entry): (usize, &Entry<'_>)| {
        let (own, is_good) = (ends(entry), entry.passes(is_checked));
        let outcome = match (own > end, is_good) {
            (true, _) => AttemptOutcome::Stopped,
            (false, true) => AttemptOutcome::Succeeded,
            (false, false) => AttemptOutcome::Failed(entry.class()),
        };
        inner(place, entry, outcome, (own.min(end).since(now), own.since(now)))
    };
    let inner: Vec<Inner> = entries.iter().enumerate().map(told).collect();
    let usage = inner.iter().map(|one| one.usage).fold(Usage::default(), Usage::and);
    (fate, Account { usage, inner, ..Account::default() })
}

fn inner(
    place: usize,
    entry: &Entry<'_>,
    outcome: AttemptOutcome,
    (took, whole): (Duration, Duration),
) -> Inner {
    let of_time = if whole.is_zero() { 1.0 } else { took.as_secs_f64() / whole.as_secs_f64() };
    let part = |all: u64| (all as f64 * entry.fate.share * of_time).round() as u64;
    let told = |all: u64| (all > 0).then(|| part(all));
    Inner {
        number: u32::try_from(place + 1).unwrap_or(u32::MAX),
        agent: entry.entrant.agent.to_string(),
        outcome,
        reason: String::new(),
        took: Some(took),
        contestant: Some(entry.entrant.number),
        reset: None,
        usage: Usage {
            input_tokens: told(entry.model.tokens),
            cost_usd: told(entry.model.cost.0).map(Cost),
            ..Usage::default()
        },
        made: None,
    }
}
