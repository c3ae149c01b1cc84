//! The way to the next attempt: a slot, the worktree, the agent's breaker, its probe, its start.

use std::time::Duration;

use super::{Effects, PREPARE_LIMIT, PROBE_SLACK, START_LIMIT, TRIAL_LIMIT, Workstream};
use crate::core::FailureClass;
use crate::core::account::Account;
use crate::core::bar::Bar;
use crate::core::effect::Effect;
use crate::core::id::AgentName;
use crate::core::ledger::{Attempt, AttemptOutcome};
use crate::core::notice::Notice;
use crate::core::outcome::BARRED;
use crate::core::phase::{ChosenBy, Launch, Phase};
use crate::core::time::Timestamp;
use crate::core::verdict::{Evidence, Tree};

impl Workstream {
    pub(super) fn admitted(&mut self, now: Timestamp, out: &mut Effects) {
        if let Phase::Queued { launch } = &self.phase {
            let mut launch = launch.clone();
            self.line_up(&mut launch, now, out);
            out.push(Effect::Prepare(launch.attempt));
            self.enter(Phase::Preparing { launch, until: now + PREPARE_LIMIT }, now);
        }
    }

    /// Goes on to `launch`: at once while the slot is kept, else by way of the queue.
    pub(super) fn proceed(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        if self.gave_up_slot() || self.waits_its_turn(&launch) {
            self.enter(Phase::Queued { launch }, now);
        } else {
            self.approach(launch, now, out);
        }
    }

    /// Says whether the fleet has to let `launch` go, although this workstream has a slot.
    fn waits_its_turn(&self, launch: &Launch) -> bool {
        let is_last = launch.tier >= self.last_tier();
        let capacity = self.tier(launch.tier).and_then(|tier| tier.capacity);
        let needs_more = self.contest(launch).is_some();
        let is_barred = is_last && self.bar(launch).is_some();
        self.guarded.held || capacity.is_some() || needs_more || is_barred
    }

    /// Returns why work does not go through freely to the agent of `launch`, unless the operator chose it.
    fn bar(&self, launch: &Launch) -> Option<&Bar> {
        let is_chosen = launch.chosen == ChosenBy::Operator;
        self.bar_of(self.tier(launch.tier)?).map(|(_, bar)| bar).filter(|_| !is_chosen)
    }

    /// Returns why `launch` cannot go: neither its agent nor any that comes after it in the chain may be used, since none
    /// goes through to it, or only a trial, and it is at work for that.
    pub fn shut_out(
        &self,
        launch: &Launch,
        is_at_work: impl Fn(&AgentName) -> bool,
    ) -> Option<(AgentName, &Bar)> {
        let is_shut = |(agent, bar): (AgentName, &Bar)| bar.is_shut() || is_at_work(&agent);
        self.bar(launch)?;
        let first = self.bar_of(self.tier(launch.tier)?);
        let rest = self.definition.tiers.get(launch.tier.min(self.last_tier())..)?;
        first.filter(|_| rest.iter().all(|tier| self.bar_of(tier).is_some_and(is_shut)))
    }

    /// Says whether `launch` is a trial of its agent, which only one workstream at a time may make.
    pub fn is_trial(&self, launch: &Launch) -> bool {
        self.bar(launch).is_some_and(|bar| !bar.is_shut())
    }

    /// Goes on to the agent of `launch`, by way of its probe where one is due; one that is shut is passed over.
    pub(super) fn approach(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        self.open(&launch, now);
        let has_fallback = launch.tier < self.last_tier();
        if has_fallback && let Some(bar) = self.bar(&launch).filter(|bar| bar.is_shut()) {
            let words = bar.words(now);
            let first = self.contest(&launch).and_then(|contest| contest.contestants.first());
            let why = match first {
                None => words,
                Some(first) => format!("none of its agents may be used ({}: {words})", first.agent),
            };
            self.pass_over(&launch, why, now, out);
            return;
        }
        let probe = self.tier(launch.tier).and_then(|tier| tier.probe);
        let probe = probe.or_else(|| self.is_trial(&launch).then_some(TRIAL_LIMIT));
        match probe {
            Some(limit) if has_fallback && launch.chosen == ChosenBy::Policy => {
                out.push(Effect::Probe(launch.clone()));
                self.enter(Phase::Probing { launch, until: now + limit + PROBE_SLACK }, now);
            }
            Some(_) | None => self.start(launch, now, out),
        }
    }

    /// Goes on without an agent that is not to be used now.
    pub(super) fn pass_over(
        &mut self,
        launch: &Launch,
        why: String,
        now: Timestamp,
        out: &mut Effects,
    ) {
        if let Some(record) = self.record(launch.attempt) {
            record.evidence = Evidence { rule: BARRED.to_owned(), ..Evidence::default() };
        }
        self.close(launch.attempt, AttemptOutcome::Skipped, why.clone(), now);
        out.push(Effect::Notice(Notice::Skipped { agent: self.agent_at(launch), reason: why }));
        self.fall_back(launch, launch.tier + 1, FailureClass::ProbeFailed, now, out);
    }

    /// Begins the record of an attempt.
    pub(super) fn open(&mut self, launch: &Launch, now: Timestamp) {
        self.attempts.push(Attempt {
            id: launch.attempt,
            tier: launch.tier,
            agent: self.agent_of(launch.tier),
            contest: self
                .tier(launch.tier)
                .and_then(|tier| tier.contest.as_ref())
                .map(|contest| contest.how),
            begun: now,
            started: None,
            ended: None,
            outcome: AttemptOutcome::Open,
            reason: String::new(),
            evidence: Evidence::default(),
            exit: None,
            tree: Tree::default(),
            diff: None,
            log_bytes: 0,
            account: Account::default(),
            reset: None,
            transfer: None,
            keeper: None,
            process: None,
        });
    }

    pub(super) fn start(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        let hard = self.tier(launch.tier).map_or(Duration::ZERO, |tier| tier.timeouts.hard);
        out.push(Effect::Spawn { launch: launch.clone(), hard });
        self.enter(Phase::Starting { launch, until: now + START_LIMIT }, now);
    }
}
