//! What the shell reports on the current attempt.

use std::time::Duration;

use super::respond::Failure;
use super::{Effects, LOST_AFTER, Workstream};
use crate::core::effect::Effect;
use crate::core::event::{Event, ProbeOutcome, RETRY};
use crate::core::id::{AttemptId, ProcessIdentity};
use crate::core::lack::Lack;
use crate::core::ledger::AttemptOutcome;
use crate::core::notice::Notice;
use crate::core::phase::{
    Cut, Draining, Intent, Launch, Phase, Question, Running, Stopping, Survivor,
};
use crate::core::time::Timestamp;
use crate::core::verdict::{Ended, EndedBy, Evidence};
use crate::core::{FailureClass, workstream::Place};

impl Workstream {
    pub(super) fn report(&mut self, event: &Event, now: Timestamp, out: &mut Effects) {
        match event {
            Event::Prepared { worktree, branch, .. } => {
                let place = Place { worktree: worktree.clone(), branch: branch.clone() };
                self.prepared(place, now, out);
            }
            Event::NotPrepared { error, .. } => self.not_prepared(error, now, out),
            Event::Probed { outcome, .. } => self.probed(outcome, now, out),
            Event::Transferred { attempt, transfer } => {
                if let Some(record) = self.record(*attempt)
                    && record.transfer.as_ref() != Some(transfer)
                {
                    record.transfer = Some(transfer.clone());
                    let (attempt, transfer) = (*attempt, transfer.clone());
                    out.push(Effect::Notice(Notice::Transferred { attempt, transfer }));
                }
            }
            Event::Started { keeper, agent, .. } => self.started(keeper, agent, now, out),
            Event::NotStarted { class, error, .. } => self.not_started(*class, error, now, out),
            Event::Active { at, .. } => self.active(*at, now, out),
            Event::Progressed { progress, .. } => {
                if let Phase::Running(running) = &mut self.phase {
                    running.progress = Some(Box::new(progress.clone()));
                    running.active = running.active.max(now);
                    running.inspecting = None;
                }
            }
            Event::Remarked { evidence, .. } => {
                if let Phase::Running(running) = &mut self.phase {
                    running.active = running.active.max(now);
                    running.inspecting = None;
                    let is_retry = evidence.line.starts_with(RETRY);
                    running.retries = running.retries.saturating_add(u32::from(is_retry));
                    let (agent, text) = (running.launch.clone(), evidence.line.clone());
                    let agent = self.agent_at(&agent);
                    out.push(Effect::Notice(Notice::Remark { agent, text }));
                }
            }
            Event::Hopeless { class, evidence, .. } => self.hopeless(*class, evidence, now, out),
            Event::Waiting { on, .. } => self.waits(on.as_ref(), now, out),
            Event::Accounted { attempt, account } => {
                self.account(*attempt, account);
            }
            Event::Exited { ended, .. } => self.exited(ended, now, out),
            Event::Saved { diff, error, attempt } => {
                self.saved(*attempt, *diff, error.as_deref(), now, out);
            }
            Event::Checked { outcome, .. } => self.checked(outcome, now, out),
            Event::Defined(_)
            | Event::Operator(_)
            | Event::Admitted
            | Event::Barred(_)
            | Event::Warmed { .. }
            | Event::Slept(_)
            | Event::Owned { .. }
            | Event::Tick => {}
        }
    }

    fn waits(&mut self, on: Option<&Evidence>, now: Timestamp, out: &mut Effects) {
        let Phase::Running(running) = &mut self.phase else { return };
        running.active = running.active.max(now);
        running.inspecting = None;
        if running.waiting.as_deref() == on {
            return;
        }
        running.waiting = on.cloned().map(Box::new);
        if let Some(on) = on {
            let (launch, text) = (running.launch.clone(), on.line.clone());
            out.push(Effect::Notice(Notice::NeedsYou { agent: self.agent_at(&launch), text }));
        }
    }

    /// Ends an agent that by its own words would go on without an end; those words are the evidence of its failure.
    fn hopeless(
        &mut self,
        class: FailureClass,
        evidence: &Evidence,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let Phase::Running(running) = &self.phase else { return };
        let running = running.clone();
        if let Some(record) = self.record(running.launch.attempt) {
            record.evidence = evidence.clone();
        }
        let (agent, text) = (self.agent_at(&running.launch), evidence.line.clone());
        out.push(Effect::Notice(Notice::Hopeless { agent, class, text }));
        self.begin_stop(running, Cut::Hopeless(class), now, out);
    }

    fn prepared(&mut self, place: Place, now: Timestamp, out: &mut Effects) {
        let Phase::Preparing { launch, .. } = &self.phase else { return };
        let launch = launch.clone();
        if self.place.as_ref() != Some(&place) {
            let (worktree, branch) = (place.worktree.clone(), place.branch.clone());
            out.push(Effect::Notice(Notice::Prepared { worktree, branch }));
            self.place = Some(place);
        }
        match self.intent {
            Intent::Run => self.approach(launch, now, out),
            Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
                self.follow_intent(launch.tier, now, out);
            }
        }
    }

    fn not_prepared(&mut self, error: &str, now: Timestamp, out: &mut Effects) {
        let Phase::Preparing { launch, .. } = &self.phase else { return };
        let launch = launch.clone();
        let reason = format!("the worktree could not be made: {error}");
        match (&self.intent, Lack::named_in(error)) {
            (Intent::Stop, _) => self.finish(Phase::Stopped, now, out),
            // What passes by itself needs no person yet.
            (Intent::Run, Some(lack)) => {
                self.open(&launch, now);
                self.fail(&launch, Failure::of_lack(lack, &reason), now, out);
            }
            (Intent::Run, None) | (Intent::Redirect(_) | Intent::Ask(_), _) => {
                self.escalate(launch.tier, Question::Preparation, reason, now, out);
            }
        }
    }

    pub(super) fn probed(&mut self, outcome: &ProbeOutcome, now: Timestamp, out: &mut Effects) {
        let Phase::Probing { launch, .. } = &self.phase else { return };
        let launch = launch.clone();
        match outcome {
            ProbeOutcome::Ready => self.start(launch, now, out),
            ProbeOutcome::OnTrial(why) => self.pass_over(&launch, why.clone(), now, out),
            ProbeOutcome::Refused(reason) => {
                self.close(launch.attempt, AttemptOutcome::Skipped, reason.clone(), now);
                let agent = self.agent_at(&launch);
                out.push(Effect::Notice(Notice::Skipped { agent, reason: reason.clone() }));
                self.respond(&launch, FailureClass::ProbeFailed, None, now, out);
            }
        }
    }

    fn started(
        &mut self,
        keeper: &ProcessIdentity,
        agent: &ProcessIdentity,
        now: Timestamp,
        out: &mut Effects,
    ) {
        match &self.phase {
            Phase::Starting { launch, .. } => {
                let launch = launch.clone();
                self.note_start(&launch, keeper, agent, now, out);
                let Some(tier) = self.tier(launch.tier) else { return };
                let running = Running {
                    soft_at: tier.timeouts.soft.map(|soft| now + soft),
                    hard_at: now + tier.timeouts.hard,
                    idle: tier.timeouts.idle,
                    quiet_until: None,
                    launch,
                    started: now,
                    active: now,
                    inspecting: None,
                    warm_at: None,
                    slow: None,
                    waiting: None,
                    progress: None,
                    retries: 0,
                    keeper: keeper.clone(),
                    agent: agent.clone(),
                };
                match self.intent {
                    Intent::Run => self.run(running, now, out),
                    Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
                        self.begin_stop(running, Cut::Operator, now, out);
                    }
                }
            }
            Phase::Stopping(Stopping { launch, .. })
            | Phase::Lost { launch, who: Survivor::Agent, .. } => {
                let launch = launch.clone();
                self.started_too_late(&launch, (keeper, agent), now, out);
            }
            Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Running(_)
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped
            | Phase::Lost { who: Survivor::Check, .. } => {}
        }
    }

    fn run(&mut self, mut running: Running, now: Timestamp, out: &mut Effects) {
        self.standby.clear();
        self.warm(running.launch.tier, out);
        running.warm_at = self.warm_at(running.launch.tier, now);
        self.enter(Phase::Running(running), now);
    }

    /// Ends an agent that turns up after it was given up: what was sent before may have found nobody.
    fn started_too_late(
        &mut self,
        launch: &Launch,
        (keeper, agent): (&ProcessIdentity, &ProcessIdentity),
        now: Timestamp,
        out: &mut Effects,
    ) {
        if self.attempt(launch.attempt).is_none_or(|attempt| attempt.started.is_some()) {
            return;
        }
        self.note_start(launch, keeper, agent, now, out);
        let grace = self.grace(launch.tier);
        if let Phase::Stopping(stopping) = &mut self.phase
            && !stopping.killed
        {
            // TERM was asked for before there was anybody to get it, so its grace begins now.
            stopping.started = Some(now);
            stopping.kill_at = stopping.kill_at.max(now + grace);
            stopping.lost_at = stopping.lost_at.max(now + grace + LOST_AFTER);
            out.push(Effect::Stop { attempt: launch.attempt, grace });
            return;
        }
        let cut = match &self.phase {
            Phase::Stopping(stopping) => stopping.cut,
            _lost => Cut::Survivors,
        };
        self.begin_kill((launch.clone(), Some(now)), cut, now, out);
    }

    fn note_start(
        &mut self,
        launch: &Launch,
        keeper: &ProcessIdentity,
        agent: &ProcessIdentity,
        now: Timestamp,
        out: &mut Effects,
    ) {
        if let Some(record) = self.record(launch.attempt) {
            record.started = Some(now);
            record.keeper = Some(keeper.clone());
            record.process = Some(agent.clone());
        }
        out.push(Effect::Notice(Notice::Started {
            attempt: launch.attempt,
            agent: self.agent_at(launch),
            tier: launch.tier,
            after: self.nobody_worked(launch.attempt, now),
        }));
        if launch.attempt.0 > 1 {
            out.push(Effect::Release(AttemptId(launch.attempt.0 - 1)));
        }
    }

    /// Returns for how long nobody was at work when an attempt takes over from another agent's.
    fn nobody_worked(&self, attempt: AttemptId, now: Timestamp) -> Option<Duration> {
        let this = self.attempt(attempt)?;
        let earlier = self.attempts.iter().skip(self.spent);
        let last = earlier.rev().find(|it| it.id < attempt && it.started.is_some())?;
        (last.agent != this.agent).then(|| last.ended.map(|ended| now.since(ended))).flatten()
    }

    fn not_started(&mut self, class: FailureClass, error: &str, now: Timestamp, out: &mut Effects) {
        let launch = match &self.phase {
            Phase::Starting { launch, .. }
            | Phase::Stopping(Stopping { launch, .. })
            | Phase::Lost { launch, who: Survivor::Agent, .. } => launch.clone(),
            _other => return,
        };
        if self.attempt(launch.attempt).is_none_or(|attempt| attempt.started.is_some()) {
            return;
        }
        match self.intent {
            Intent::Run => {
                let lack = Lack::named_in(error).map(|lack| Failure::of_lack(lack, error));
                let failure = lack.unwrap_or_else(|| Failure::new(class, error));
                self.fail(&launch, failure, now, out);
            }
            Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
                self.close(launch.attempt, AttemptOutcome::Stopped, error.to_owned(), now);
                self.follow_intent(launch.tier, now, out);
            }
        }
    }

    fn active(&mut self, at: Timestamp, now: Timestamp, out: &mut Effects) {
        let Phase::Running(running) = &mut self.phase else { return };
        running.active = running.active.max(at.min(now));
        let asked = running.inspecting.take().is_some();
        let overdue = running.silent_at().is_some_and(|silent| silent <= now);
        if asked && overdue {
            let running = running.clone();
            let class = FailureClass::IdleTimeout;
            let after = now.since(running.active);
            let agent = self.agent_at(&running.launch);
            out.push(Effect::Notice(Notice::TimedOut { agent, class, after }));
            self.begin_stop(running, Cut::Idle, now, out);
        }
    }

    fn exited(&mut self, ended: &Ended, now: Timestamp, out: &mut Effects) {
        let (launch, cut) = match &self.phase {
            Phase::Starting { launch, .. } | Phase::Running(Running { launch, .. }) => {
                (launch.clone(), None)
            }
            Phase::Stopping(stopping) => (stopping.launch.clone(), Some(stopping.cut)),
            Phase::Lost { launch, who: Survivor::Agent, .. } => {
                (launch.clone(), Some(Cut::Survivors))
            }
            _other => return,
        };
        self.account(launch.attempt, &ended.account);
        if let Some(record) = self.record(launch.attempt) {
            record.exit = Some(ended.exit.clone());
            record.tree = ended.tree;
            record.log_bytes = ended.log_bytes;
            if ended.tree.left == 0 {
                record.ended = Some(ended.at);
            }
        }
        if ended.tree.left > 0 && ended.by == EndedBy::KeeperLost && self.may_still_kill() {
            if cut.is_none() {
                self.end_orphans(launch, now, out);
            }
            return;
        }
        if ended.tree.left > 0 {
            self.become_lost(launch, Survivor::Agent, Some(ended.tree), now, out);
            return;
        }
        if (cut.is_some() && ended.by != EndedBy::Itself) || ended.tree.ended > 0 {
            out.push(Effect::Notice(Notice::Ended { attempt: launch.attempt, tree: ended.tree }));
        }
        out.push(Effect::Save(launch.attempt));
        let until = now + super::SAVE_LIMIT;
        self.enter(
            Phase::Draining(Draining { launch, cut, ended: Box::new(ended.clone()), until }),
            now,
        );
    }
}
