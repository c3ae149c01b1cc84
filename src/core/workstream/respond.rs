//! What is done about a failure.

use std::time::Duration;

use super::{Effects, FailureCount, Workstream};
use crate::core::FailureClass;
use crate::core::account::{Hint, Inner};
use crate::core::backoff;
use crate::core::definition::Exhausted;
use crate::core::effect::Effect;
use crate::core::lack::Lack;
use crate::core::ledger::{Attempt, AttemptOutcome};
use crate::core::notice::Notice;
use crate::core::phase::{ChosenBy, Launch, Phase, Question};
use crate::core::policy::{Response, RetryMode};
use crate::core::time::Timestamp;
use crate::core::verdict::Evidence;

/// A failure, ready to be answered.
pub(super) struct Failure {
    pub(super) class: FailureClass,
    pub(super) reason: String,
    pub(super) evidence: Evidence,
    pub(super) reset: Option<Timestamp>,
}

impl Failure {
    pub(super) fn new(class: FailureClass, reason: impl Into<String>) -> Self {
        let rule = class.word().to_owned();
        let evidence = Evidence { rule, ..Evidence::default() };
        Self { class, reason: reason.into(), evidence, reset: None }
    }

    /// The machine lacked something; what can be done about it is added to the reason.
    pub(super) fn of_lack(lack: Lack, reason: &str) -> Self {
        let reason = reason.trim_end_matches('.');
        Self::new(FailureClass::Resources, format!("{reason}: {}", lack.advice()))
    }

    /// What a step that failed on the way explains.
    pub(super) fn hinted(hint: &Hint) -> Self {
        let Hint { class, evidence } = hint.clone();
        Self { class, reason: evidence.line.clone(), evidence, reset: None }
    }
}

impl Workstream {
    /// Closes an attempt as failed and answers the failure.
    pub(super) fn fail(
        &mut self,
        launch: &Launch,
        failure: Failure,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let Failure { class, reason, evidence, reset } = failure;
        let (attempt, agent) = (launch.attempt, self.agent_at(launch));
        if let Some(record) = self.record(attempt) {
            record.evidence = evidence;
            record.reset = reset;
        }
        self.close(attempt, AttemptOutcome::Failed(class), reason.clone(), now);
        out.push(Effect::Notice(Notice::Failed { attempt, agent, class, reason }));
        self.respond(launch, class, reset, now, out);
    }

    /// Answers a failure by the policy of its tier.
    pub(super) fn respond(
        &mut self,
        launch: &Launch,
        class: FailureClass,
        reset: Option<Timestamp>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let occurrence = self.count(launch.tier, class);
        let Some(tier) = self.tier(launch.tier) else {
            self.exhaust(launch.tier, now, out);
            return;
        };
        match tier.responses.to(class, occurrence, &tier.retry) {
            Response::Retry { mode, .. } => {
                let failures = self.failures_at(launch.tier);
                let wait = backoff::delay(&tier.retry, failures, self.seed(launch));
                self.wait(launch.tier, mode, (wait, reset), now, out);
            }
            Response::Backoff(wait) => {
                let stated = reset.map_or(wait, |reset| reset.since(now));
                self.wait(launch.tier, RetryMode::Plain, (stated, reset), now, out);
            }
            Response::Next => self.fall_back(launch, launch.tier + 1, class, now, out),
            Response::Goto(agent) => {
                let there = self.definition.tiers.iter().position(|tier| tier.agent == agent);
                self.fall_back(launch, there.unwrap_or(launch.tier + 1), class, now, out);
            }
            Response::Escalate => {
                let reason = self.last_reason(class);
                self.escalate(launch.tier, Question::Policy, reason, now, out);
            }
            Response::Fail => {
                let reason = self.last_reason(class);
                self.finish(Phase::Failed(reason), now, out);
            }
        }
    }

    /// Waits before the next attempt at the same tier: as long as told, and not less than until a stated reset.
    fn wait(
        &mut self,
        tier: usize,
        mode: RetryMode,
        (wait, reset): (Duration, Option<Timestamp>),
        now: Timestamp,
        out: &mut Effects,
    ) {
        let stated = reset.map(|reset| reset.since(now)).filter(|stated| *stated >= wait);
        let wait = stated.unwrap_or(wait);
        if self.escalate_if_spent(tier, now, out) {
            return;
        }
        let launch = self.launch(tier, mode, ChosenBy::Policy);
        if wait.is_zero() {
            self.proceed(launch, now, out);
            return;
        }
        let agent = self.agent_of(tier);
        out.push(Effect::Notice(Notice::Waiting { agent, wait, stated: stated.is_some() }));
        self.enter(Phase::Backoff { launch, until: now + wait }, now);
    }

    pub(super) fn fall_back(
        &mut self,
        from: &Launch,
        tier: usize,
        class: FailureClass,
        now: Timestamp,
        out: &mut Effects,
    ) {
        if tier > self.last_tier() {
            self.exhaust(from.tier, now, out);
        } else if !self.escalate_if_spent(from.tier, now, out) {
            if tier != from.tier {
                let (from, to) = (self.agent_at(from), self.agent_of(tier));
                out.push(Effect::Notice(Notice::FellBack { from, to, class }));
            }
            let launch = self.launch(tier, RetryMode::Feedback, ChosenBy::Policy);
            self.proceed(launch, now, out);
        }
    }

    /// Ends a chain of which no tier is left.
    fn exhaust(&mut self, tier: usize, now: Timestamp, out: &mut Effects) {
        let reason = format!("no agent is left in the chain\n{}", self.reasons());
        match self.definition.exhausted {
            Exhausted::Escalate => {
                self.escalate(tier, Question::ChainExhausted, reason, now, out);
            }
            Exhausted::Fail => self.finish(Phase::Failed(reason), now, out),
        }
    }

    /// Escalates, and says that it did, if the attempts allowed are used up.
    fn escalate_if_spent(&mut self, tier: usize, now: Timestamp, out: &mut Effects) -> bool {
        let allowed = self.definition.max_attempts;
        if self.attempts.len() - self.spent < allowed as usize {
            return false;
        }
        let reason = format!("all {allowed} allowed attempts are used up\n{}", self.reasons());
        self.escalate(tier, Question::AttemptLimit, reason, now, out);
        true
    }

    /// Returns why each attempt since the operator last said go failed, one a line.
    fn reasons(&self) -> String {
        let lines = self.attempts.iter().skip(self.spent).filter_map(|attempt| {
            let what = match attempt.outcome {
                AttemptOutcome::Failed(class) => class.word(),
                AttemptOutcome::Skipped => "skipped",
                AttemptOutcome::Stopped => "stopped",
                AttemptOutcome::Open | AttemptOutcome::Succeeded => return None,
            };
            let reason = attempt.reason.lines().next().unwrap_or_default();
            let inside = inside(attempt);
            Some(format!("{} {}: {what}: {reason}{inside}", attempt.id, attempt.agent))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn last_reason(&self, class: FailureClass) -> String {
        let last = self.attempts.last();
        let reason = last.map(|attempt| attempt.reason.as_str()).unwrap_or_default();
        let inside = last.filter(|attempt| attempt.contest.is_some()).map(inside);
        format!("{class}: {reason}{}", inside.unwrap_or_default())
    }

    fn count(&mut self, tier: usize, class: FailureClass) -> u32 {
        let found =
            self.failures.iter_mut().find(|count| count.tier == tier && count.class == class);
        if let Some(count) = found {
            count.times += 1;
            count.times - 1
        } else {
            self.failures.push(FailureCount { tier, class, times: 1 });
            0
        }
    }

    fn failures_at(&self, tier: usize) -> u32 {
        self.failures.iter().filter(|count| count.tier == tier).map(|count| count.times).sum()
    }

    /// Stands for chance: differs between workstreams and attempts, and is the same in a replay (FNV-1a).
    fn seed(&self, launch: &Launch) -> u64 {
        let name = self.definition.id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        name ^ u64::from(launch.attempt.0)
    }
}

/// Returns what became of the attempts within an attempt, one a line.
fn inside(attempt: &Attempt) -> String {
    let line = |inner: &Inner| {
        let colon = if inner.reason.is_empty() { "" } else { ": " };
        format!("\n  {}.{} {inner}{colon}{}", attempt.id, inner.place(), inner.reason)
    };
    attempt.account.inner.iter().map(line).collect()
}
