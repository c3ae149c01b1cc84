//! What became of attempts, as all supervisors of a project write it down: breakers, health and estimates are folds over it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account::{Cost, Inner, Usage};
use super::class::FailureClass;
use super::id::{AgentName, AttemptId, WorkstreamId};
use super::ledger::{Attempt, AttemptOutcome};
use super::strain::Resource;
use super::time::{Timestamp, clock, millis, opt_millis};
use super::workstream::Workstream;

/// One line of the outcome log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// When it happened.
    pub at: Timestamp,
    /// The agent that it is about.
    pub agent: AgentName,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum What {
    /// An attempt of it started.
    Began(Which),
    /// An attempt of it ended.
    Ended(Ended),
    /// It was asked whether it can work, and said no.
    Refused(Which),
    /// It has taken too much of the machine.
    Strained(Strained),
    /// The operator decided about its breaker.
    Told {
        /// What.
        say: Say,
    },
}

/// Which attempt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Which {
    /// Its workstream.
    pub workstream: WorkstreamId,
    /// Its number.
    pub attempt: AttemptId,
    /// When it was begun: numbers begin anew when a workstream is made anew.
    pub begun: Timestamp,
    /// The number within it of an attempt that was made side by side with others; none for the attempt itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<u32>,
}

/// The end of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which one.
    #[serde(flatten)]
    pub which: Which,
    /// How.
    pub end: End,
    /// Why it failed; none if it did not.
    #[serde(default)]
    pub class: Option<FailureClass>,
    /// How long the agent ran; none if it never did.
    #[serde(default, with = "opt_millis")]
    pub took: Option<Duration>,
    /// How long it took until its first output; none if nobody saw that.
    #[serde(default, with = "opt_millis")]
    pub first_output: Option<Duration>,
    /// Whether a check decided, and how.
    #[serde(default)]
    pub check: Option<bool>,
    /// When the agent said it will work again; unknown if it did not say.
    #[serde(default)]
    pub reset: Option<Timestamp>,
    /// The kind of work, as the configuration calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The tokens it read and wrote, as far as it says.
    #[serde(default)]
    pub tokens: Option<u64>,
    /// What that cost, as far as it says.
    #[serde(default)]
    pub cost_usd: Option<Cost>,
}

impl Ended {
    /// Says whether it tells how its agent is doing: neither the operator nor the machine has ended it.
    pub fn tells_of_agent(&self) -> bool {
        self.end != End::Stopped && !self.class.is_some_and(FailureClass::is_of_machine)
    }
}

/// What an agent has taken of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strained {
    /// Of what.
    pub resource: Resource,
    /// How much of it.
    pub percent: u32,
    /// For how long at least.
    #[serde(with = "millis")]
    pub lasting: Duration,
}

impl Strained {
    /// Says it in words.
    pub fn words(&self) -> String {
        let Self { resource, percent, lasting } = self;
        format!("it took {percent} % of {resource} for {}", clock(*lasting))
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It did the work.
    Succeeded,
    /// It failed.
    Failed,
    /// The operator ended it.
    Stopped,
}

/// What an operator decides about a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// The agent is used again.
    Close,
    /// It is not used until its breaker's delay is over.
    Open,
    /// It is not used until a person says otherwise.
    Hold,
}

impl What {
    /// Returns the attempt that it is about; none if it is about none.
    pub fn which(&self) -> Option<&Which> {
        match self {
            Self::Began(which) | Self::Refused(which) => Some(which),
            Self::Ended(ended) => Some(&ended.which),
            Self::Strained(_) | Self::Told { .. } => None,
        }
    }
}

/// Which rule passed over an agent whose breaker does not let work through.
pub const BARRED: &str = "breaker";

impl Outcome {
    /// Returns what an attempt that is over stands for; none if it says nothing of its agent.
    pub fn of(attempt: &Attempt, workstream: &Workstream) -> Option<Self> {
        let which = Which::of(attempt, &workstream.definition.id);
        let end = match attempt.outcome {
            // What it says of agents is said by those that worked in it.
            _ if attempt.contest.is_some() => return None,
            AttemptOutcome::Open => return None,
            AttemptOutcome::Skipped if attempt.evidence.rule == BARRED => return None,
            AttemptOutcome::Skipped => {
                let at = attempt.ended.unwrap_or(attempt.begun);
                return Some(Self { at, agent: attempt.agent.clone(), what: What::Refused(which) });
            }
            AttemptOutcome::Failed(_) => End::Failed,
            AttemptOutcome::Stopped => End::Stopped,
            AttemptOutcome::Succeeded => End::Succeeded,
        };
        let class = class_of(&attempt.outcome);
        let at = attempt.ended.unwrap_or(attempt.begun);
        let took = attempt.started.map(|started| at.since(started));
        let spoke = attempt.started.zip(attempt.account.first_output);
        let usage = &attempt.account.usage;
        let ended = Ended {
            which,
            end,
            class,
            took,
            first_output: spoke.map(|(started, spoke)| spoke.since(started)),
            check: check(end, class, workstream),
            reset: attempt.reset,
            kind: workstream.definition.kind.clone(),
            tokens: tokens(usage),
            cost_usd: usage.cost_usd,
        };
        Some(Self { at, agent: attempt.agent.clone(), what: What::Ended(ended) })
    }

    /// Returns what an attempt stands for that was made side by side with others; none as long as it is open.
    fn of_inner(
        inner: &Inner,
        attempt: &Attempt,
        workstream: &Workstream,
        at: Timestamp,
    ) -> Option<Self> {
        let mut which = Which::of(attempt, &workstream.definition.id);
        which.inner = Some(inner.number);
        let agent = AgentName::from(inner.agent.as_str());
        let end = match inner.outcome {
            AttemptOutcome::Skipped => {
                return Some(Self { at, agent, what: What::Refused(which) });
            }
            AttemptOutcome::Failed(_) => End::Failed,
            AttemptOutcome::Succeeded => End::Succeeded,
            // What had not ended was ended with it.
            AttemptOutcome::Open if attempt.outcome == AttemptOutcome::Open => return None,
            AttemptOutcome::Open | AttemptOutcome::Stopped => End::Stopped,
        };
        let class = class_of(&inner.outcome);
        let ended = Ended {
            which,
            end,
            class,
            took: inner.took,
            first_output: None,
            check: check(end, class, workstream),
            reset: inner.reset,
            kind: workstream.definition.kind.clone(),
            tokens: tokens(&inner.usage),
            cost_usd: inner.usage.cost_usd,
        };
        Some(Self { at, agent, what: What::Ended(ended) })
    }
}

fn class_of(outcome: &AttemptOutcome) -> Option<FailureClass> {
    match outcome {
        AttemptOutcome::Failed(class) => Some(*class),
        AttemptOutcome::Open
        | AttemptOutcome::Skipped
        | AttemptOutcome::Stopped
        | AttemptOutcome::Succeeded => None,
    }
}

/// Says whether a check decided, and how.
fn check(end: End, class: Option<FailureClass>, workstream: &Workstream) -> Option<bool> {
    match (end, class) {
        (End::Succeeded, _) => workstream.definition.check.map(|_| true),
        (_, Some(FailureClass::CheckFailed)) => Some(false),
        (End::Failed | End::Stopped, _) => None,
    }
}

fn tokens(usage: &Usage) -> Option<u64> {
    let known = [usage.input_tokens, usage.output_tokens].into_iter().flatten();
    known.reduce(u64::saturating_add)
}

/// Returns what has become of attempts of a workstream from one state to a later one.
pub fn between(before: &Workstream, after: &Workstream, now: Timestamp) -> Vec<Outcome> {
    let mut happened = Vec::new();
    for (place, attempt) in after.attempts.iter().enumerate() {
        let old = before.attempts.get(place);
        if attempt.contest.is_some() {
            happened.extend(between_inner((old, before), (attempt, after), now));
            continue;
        }
        if attempt.started.is_some() && old.is_none_or(|old| old.started.is_none()) {
            let which = Which::of(attempt, &after.definition.id);
            let (agent, what) = (attempt.agent.clone(), What::Began(which));
            happened.push(Outcome { at: now, agent, what });
        }
        if old.is_none_or(|old| old.outcome == AttemptOutcome::Open) {
            happened.extend(Outcome::of(attempt, after));
        }
    }
    happened
}

/// The same of those that work side by side in one attempt.
fn between_inner(
    (old, before): (Option<&Attempt>, &Workstream),
    (attempt, after): (&Attempt, &Workstream),
    now: Timestamp,
) -> Vec<Outcome> {
    let mut happened = Vec::new();
    for inner in &attempt.account.inner {
        let known = old.and_then(|old| {
            let known = old.account.inner.iter().find(|known| known.number == inner.number)?;
            Some((known, old))
        });
        if known.is_none() && inner.outcome != AttemptOutcome::Skipped {
            let mut which = Which::of(attempt, &after.definition.id);
            which.inner = Some(inner.number);
            let agent = AgentName::from(inner.agent.as_str());
            happened.push(Outcome { at: now, agent, what: What::Began(which) });
        }
        let had_ended =
            known.is_some_and(|(known, old)| Outcome::of_inner(known, old, before, now).is_some());
        if !had_ended {
            happened.extend(Outcome::of_inner(inner, attempt, after, now));
        }
    }
    happened
}

/// Returns what an attempt that is over stands for, and what those do that worked side by side in it.
pub fn of(attempt: &Attempt, workstream: &Workstream) -> Vec<Outcome> {
    let at = attempt.ended.unwrap_or(attempt.begun);
    let inner = attempt.account.inner.iter().filter(|_| attempt.contest.is_some());
    let inner = inner.filter_map(|one| Outcome::of_inner(one, attempt, workstream, at));
    Outcome::of(attempt, workstream).into_iter().chain(inner).collect()
}

/// Returns the ends of all attempts of a workstream.
pub fn ends(workstream: &Workstream) -> Vec<Outcome> {
    let ends = workstream.attempts.iter().flat_map(|attempt| of(attempt, workstream));
    ends.filter(|outcome| matches!(outcome.what, What::Ended(_))).collect()
}

impl Which {
    fn of(attempt: &Attempt, workstream: &WorkstreamId) -> Self {
        let (workstream, attempt, begun) = (workstream.clone(), attempt.id, attempt.begun);
        Self { workstream, attempt, begun, inner: None }
    }
}
