//! The longest that a workstream may go on without a person, whatever fails.
//!
//! It is looked for over all that an adversary could choose at each attempt: how long it runs and in which class it fails.
//! Where a chain leads back to an agent by `goto`, its retries are counted anew each time, so that the time told there is
//! an upper bound. Not counted, since the policy does not know it: the wait for a slot, for other workstreams, for a
//! breaker, for a reset time that an agent states, and what an operator asks for.

use std::time::Duration;

use super::backoff;
use super::class::FailureClass;
use super::definition::{Definition, Tier};
use super::id::AgentName;
use super::policy::{Response, RetryPolicy};
use super::workstream::{
    CHECK_SLACK, LEAST_GRACE, LOST_AFTER, PREPARE_LIMIT, PROBE_SLACK, SAVE_LIMIT, START_LIMIT,
    TRIAL_LIMIT,
};

/// More attempts than this are no bound that anybody lives by.
const MOST: u32 = 200;

/// The longest that a workstream may go on without a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorstCase {
    /// So long.
    Bounded(Path),
    /// More attempts are allowed than can be followed, and nothing else ends it.
    Unbounded,
}

/// The way that takes longest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The time in which something is done.
    pub working: Duration,
    /// The time between attempts.
    pub waiting: Duration,
    /// The agents in the order in which they are tried, with the attempts of each.
    pub agents: Vec<(AgentName, u32)>,
}

impl Path {
    /// Returns how long it takes.
    pub fn takes(&self) -> Duration {
        self.working.saturating_add(self.waiting)
    }

    /// Returns how many attempts it has.
    pub fn attempts(&self) -> u32 {
        self.agents.iter().map(|(_, attempts)| attempts).sum()
    }
}

/// A time in which something is done, and one between attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Time {
    working: Duration,
    waiting: Duration,
}

impl Time {
    fn whole(self) -> Duration {
        self.working.saturating_add(self.waiting)
    }

    fn and(self, other: Self) -> Self {
        Self {
            working: self.working.saturating_add(other.working),
            waiting: self.waiting.saturating_add(other.waiting),
        }
    }
}

/// A failure after which the same tier is tried again.
#[derive(Clone, Copy, Debug)]
struct Stay {
    took: Duration,
    /// How long it waits; none for what the tier's backoff says.
    wait: Option<Duration>,
}

/// What can happen at a tier.
#[derive(Debug)]
struct Choices {
    /// The most that so many failures take after which it is tried again, by their number.
    stays: Vec<Time>,
    /// The tiers that can follow, with the longest attempt before each.
    exits: Vec<(usize, Duration)>,
    /// The longest attempt of all.
    longest: Duration,
}

/// The best of an adversary's choices: what it takes, the attempts at this tier, and the tier that follows.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    time: Time,
    attempts: u32,
    next: Option<usize>,
}

impl WorstCase {
    /// Finds the way that takes longest.
    pub fn of(definition: &Definition) -> Self {
        let allowed = definition.max_attempts.clamp(1, MOST);
        let choices: Vec<Choices> = (0..definition.tiers.len())
            .filter_map(|place| Choices::of(definition, place, allowed))
            .collect();
        // By the attempts that are left, less one.
        let mut table: Vec<Vec<Best>> = Vec::new();
        for left in 1..=allowed {
            let row = choices.iter().map(|tier| tier.best(left, &table)).collect();
            table.push(row);
        }
        let path = follow(definition, &table, allowed);
        if definition.max_attempts > MOST && path.attempts() >= MOST {
            Self::Unbounded
        } else {
            Self::Bounded(path)
        }
    }
}

fn follow(definition: &Definition, table: &[Vec<Best>], allowed: u32) -> Path {
    let mut path = Path::default();
    let (mut left, mut tier) = (allowed, Some(0));
    let at = |left: u32, tier: usize| table.get(left.checked_sub(1)? as usize)?.get(tier);
    if let Some(first) = at(allowed, 0) {
        path.working = first.time.working;
        path.waiting = first.time.waiting;
    }
    while let Some((place, best)) = tier.and_then(|place| Some((place, at(left, place)?))) {
        if let Some(tier) = definition.tiers.get(place) {
            match path.agents.last_mut() {
                Some((agent, attempts)) if *agent == tier.agent => *attempts += best.attempts,
                _other => path.agents.push((tier.agent.clone(), best.attempts)),
            }
        }
        left -= best.attempts;
        tier = best.next;
    }
    path
}

impl Choices {
    fn of(definition: &Definition, place: usize, allowed: u32) -> Option<Self> {
        let tier = definition.tiers.get(place)?;
        let last = definition.tiers.len() - 1;
        let (mut stays, mut exits, mut longest) = (Vec::new(), Vec::new(), Duration::ZERO);
        for class in FailureClass::ALL {
            let Some(took) = longest_of(definition, tier, *class, place < last) else { continue };
            longest = longest.max(took);
            let mut targets = Vec::new();
            for occurrence in 0..=allowed {
                match tier.responses.to(*class, occurrence, &tier.retry) {
                    Response::Retry { .. } => stays.push(Stay { took, wait: None }),
                    Response::Backoff(wait) => stays.push(Stay { took, wait: Some(wait) }),
                    Response::Next => targets.push(place + 1),
                    Response::Goto(agent) => {
                        let there = definition.tiers.iter().position(|tier| tier.agent == agent);
                        targets.push(there.unwrap_or(place + 1));
                    }
                    Response::Escalate | Response::Fail => {}
                }
            }
            targets.sort_unstable();
            targets.dedup();
            exits.extend(targets.into_iter().filter(|to| *to <= last).map(|to| (to, took)));
        }
        let leads_back = definition.tiers.iter().any(|tier| {
            let all = tier.responses.0.values().flatten();
            all.into_iter().any(|response| matches!(response, Response::Goto(_)))
        });
        let most = stays.len().min(allowed as usize - 1);
        let least_failures = if leads_back { allowed } else { 0 };
        let retry = RetryPolicy { jitter: 0, ..tier.retry.clone() };
        let stays = (0..=most).map(|count| slowest(&mut stays, count, least_failures, &retry));
        Some(Self { stays: stays.collect(), exits, longest })
    }

    /// Chooses what takes longest with so many attempts left.
    fn best(&self, left: u32, table: &[Vec<Best>]) -> Best {
        let mut best = Best::default();
        for (count, stays) in self.stays.iter().enumerate().take(left as usize) {
            let attempts = u32::try_from(count).unwrap_or(left).saturating_add(1);
            let ends = Time { working: self.longest, ..Time::default() };
            best.offer(Best { time: stays.and(ends), attempts, next: None });
            let rest = left.saturating_sub(attempts);
            let Some(row) = rest.checked_sub(1).and_then(|row| table.get(row as usize)) else {
                continue;
            };
            for (to, took) in &self.exits {
                let Some(then) = row.get(*to) else { continue };
                let time = stays.and(Time { working: *took, ..Time::default() }).and(then.time);
                best.offer(Best { time, attempts, next: Some(*to) });
            }
        }
        best
    }
}

impl Best {
    fn offer(&mut self, other: Self) {
        if self.attempts == 0 || other.time.whole() > self.time.whole() {
            *self = other;
        }
    }
}

/// Returns the most that so many of these failures take, with the waits after them.
fn slowest(stays: &mut [Stay], count: usize, least_failures: u32, retry: &RetryPolicy) -> Time {
    let failures = u32::try_from(count).unwrap_or(u32::MAX).max(least_failures);
    let grown = backoff::delay(retry, failures, 0);
    stays.sort_by_key(|stay| {
        std::cmp::Reverse(stay.took.saturating_add(stay.wait.unwrap_or(grown)))
    });
    let mut time = Time::default();
    let mut later = failures;
    for stay in stays.iter().take(count) {
        let wait = stay.wait.unwrap_or_else(|| {
            // The waits that grow come last, where they are longest.
            let wait = backoff::delay(retry, later, 0);
            later = later.saturating_sub(1).max(least_failures).max(1);
            wait
        });
        time = time.and(Time { working: stay.took, waiting: wait });
    }
    time
}

/// Returns how long an agent can be at work; those that work side by side, the slowest of them.
fn longest_work(tier: &Tier) -> Duration {
    let hard = tier.timeouts.hard;
    tier.contest.as_ref().map_or(hard, |contest| hard.min(contest.longest))
}

/// Returns how long an attempt can take that fails in this way; none if it cannot.
fn longest_of(
    definition: &Definition,
    tier: &Tier,
    class: FailureClass,
    has_fallback: bool,
) -> Option<Duration> {
    // Whoever has to wait for its turn gets its worktree made anew, and a breaker may ask for a probe.
    let probe = tier.probe.unwrap_or(TRIAL_LIMIT) + PROBE_SLACK;
    let probe = has_fallback.then_some(probe + PREPARE_LIMIT);
    let before = probe.unwrap_or(PREPARE_LIMIT) + START_LIMIT;
    let killed = LOST_AFTER + SAVE_LIMIT;
    match class {
        FailureClass::ProbeFailed => probe,
        FailureClass::SpawnFailed => Some(before + killed),
        FailureClass::CheckFailed | FailureClass::CheckTimedOut => {
            let check = definition.check?.saturating_add(CHECK_SLACK + before + SAVE_LIMIT);
            Some(check.saturating_add(longest_work(tier)))
        }
        _while_it_ran => {
            let end = tier.grace.max(LEAST_GRACE).saturating_add(before + killed);
            Some(end.saturating_add(longest_work(tier)))
        }
    }
}
