//! What passes by itself.

use std::time::Duration;

use super::{Effects, INSPECT_LIMIT, Workstream};
use crate::core::FailureClass;
use crate::core::effect::Effect;
use crate::core::event::ProbeOutcome;
use crate::core::notice::Notice;
use crate::core::phase::{Cut, Intent, Phase, Question, Running, Stopping, Survivor};
use crate::core::time::Timestamp;

impl Workstream {
    pub(super) fn tick(&mut self, now: Timestamp, out: &mut Effects) {
        if self.phase.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.phase.clone() {
            Phase::Preparing { launch, .. } => {
                if self.intent == Intent::Stop {
                    self.finish(Phase::Stopped, now, out);
                } else {
                    let reason = "making the worktree did not end in its time".to_owned();
                    self.escalate(launch.tier, Question::Preparation, reason, now, out);
                }
            }
            Phase::Probing { .. } => {
                let silent =
                    ProbeOutcome::Refused("the probe did not answer in its time".to_owned());
                self.probed(&silent, now, out);
            }
            Phase::Starting { launch, .. } => {
                self.begin_kill((launch, None), Cut::StartHung, now, out);
            }
            Phase::Running(running) => self.tick_running(running, now, out),
            Phase::Stopping(stopping) => self.tick_stopping(stopping, now, out),
            Phase::Draining(draining) => {
                let error = "it did not end in its time".to_owned();
                let attempt = draining.launch.attempt;
                out.push(Effect::Notice(Notice::NotSaved { attempt, error }));
                self.settle(&draining, (None, None), now, out);
            }
            Phase::Checking { launch, .. } => {
                self.become_lost(launch, Survivor::Check, None, now, out);
            }
            Phase::Backoff { launch, .. } => self.enter(Phase::Queued { launch }, now),
            Phase::Queued { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped
            | Phase::Lost { .. } => {}
        }
    }

    /// Takes in that the machine has slept: a wait for the world is over sooner, while no agent has used its time.
    pub(super) fn slept(&mut self, span: Duration, now: Timestamp) {
        if let Phase::Backoff { until, .. } = &mut self.phase {
            *until = until.before(span).max(now);
        }
    }

    fn tick_running(&mut self, mut running: Running, now: Timestamp, out: &mut Effects) {
        let agent = self.agent_at(&running.launch);
        if running.hard_at <= now {
            let (class, after) = (FailureClass::HardTimeout, now.since(running.started));
            out.push(Effect::Notice(Notice::TimedOut { agent, class, after }));
            self.begin_stop(running, Cut::Hard, now, out);
            return;
        }
        if running.idle_at().is_some_and(|at| at <= now) {
            out.push(Effect::Inspect(running.launch.attempt));
            running.inspecting = Some(now + INSPECT_LIMIT);
        }
        if running.warm_at.is_some_and(|at| at <= now) {
            self.warm(running.launch.tier, out);
            running.warm_at = self.warm_at(running.launch.tier, now);
        }
        if running.slow.is_none() && running.soft_at.is_some_and(|at| at <= now) {
            running.slow = Some(now);
            let after = now.since(running.started);
            out.push(Effect::Notice(Notice::Slow { agent, after }));
        }
        self.phase = Phase::Running(running);
    }

    fn tick_stopping(&mut self, mut stopping: Stopping, now: Timestamp, out: &mut Effects) {
        if stopping.killed {
            self.become_lost(stopping.launch, Survivor::Agent, None, now, out);
            return;
        }
        out.push(Effect::Kill(stopping.launch.attempt));
        out.push(Effect::Notice(Notice::Killing { agent: self.agent_at(&stopping.launch) }));
        stopping.killed = true;
        stopping.lost_at = stopping.lost_at.max(now + super::LOST_AFTER);
        self.phase = Phase::Stopping(stopping);
    }
}
