//! Taking back what the operator asked for.
//!
//! Only what has changed nothing but the rules' own state can be taken back, and only as long as nothing has come of it: no
//! process is ended or started by it, and nothing that was done meanwhile is lost.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Effects, FailureCount, Workstream};
use crate::core::effect::Effect;
use crate::core::event::Request;
use crate::core::notice::Notice;
use crate::core::phase::{Intent, Phase, Running};
use crate::core::time::Timestamp;

/// So many requests of one workstream can be taken back, the last one first.
const MOST: usize = 8;

/// A request that may be taken back, and what there was before it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    request: Request,
    before: Standing,
    /// What it led to; from anywhere else there is no way back.
    after: (Phase, Intent),
}

/// Where a workstream stands, as far as a request without further effects changes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    phase: Phase,
    intent: Intent,
    since: Timestamp,
    failures: Vec<FailureCount>,
    spent: usize,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {}", self.request.word(), self.before.phase.word())
    }
}

impl Workstream {
    /// Returns what the operator asked for last, if it can still be taken back.
    pub fn can_undo(&self) -> Option<&Request> {
        let last = self.steps.last()?;
        self.stands_where(last).then_some(&last.request)
    }

    /// Returns where it stands, to be remembered before a request is followed.
    pub(super) fn standing(&self) -> Standing {
        Standing {
            phase: self.phase.clone(),
            intent: self.intent.clone(),
            since: self.since,
            failures: self.failures.clone(),
            spent: self.spent,
        }
    }

    /// Remembers a request that was followed, if there is a way back from it.
    pub(super) fn remember(&mut self, request: &Request, before: Standing, effects: &[Effect]) {
        let is_same = before.phase == self.phase && before.intent == self.intent;
        if is_same {
            return;
        }
        if self.steps.last().is_some_and(|last| !before.stands_where(last)) {
            self.steps.clear();
        }
        let leads_back = effects.iter().all(|effect| match effect {
            Effect::Notice(_) | Effect::Release(_) | Effect::Extend { .. } => true,
            _touches_something => false,
        });
        if !leads_back || !is_way_back(&before.phase, &self.phase) {
            self.steps.clear();
            return;
        }
        if self.steps.len() == MOST {
            self.steps.remove(0);
        }
        let after = (self.phase.clone(), self.intent.clone());
        self.steps.push(Step { request: request.clone(), before, after });
    }

    /// Takes back what the operator asked for, if that was the last and nothing has come of it.
    pub(super) fn undo(&mut self, request: &Request, now: Timestamp, out: &mut Effects) {
        let what = format!("{} not undone", request.word());
        let Some(last) = self.steps.last().filter(|last| last.request == *request) else {
            self.refuse(&what, "there is no way back from it any more", out);
            return;
        };
        if !self.stands_where(last) {
            let why = format!("it has gone on since and is {}", self.phase.word());
            self.refuse(&what, &why, out);
            return;
        }
        let Standing { mut phase, intent, since, failures, spent } = last.before.clone();
        if let (Phase::Running(was), Phase::Running(is)) = (&mut phase, &self.phase) {
            *was = with_deadlines(is, was);
            if was.hard_at <= now || was.silent_at().is_some_and(|at| at <= now) {
                self.refuse(&what, "its time would be over, and its agent would be ended", out);
                return;
            }
            let (attempt, hard_at) = (was.launch.attempt, was.hard_at);
            out.push(Effect::Extend { attempt, hard_at });
        }
        self.steps.pop();
        (self.phase, self.intent, self.since) = (phase, intent, since);
        (self.failures, self.spent) = (failures, spent);
        let (what, phase) = (request.word().to_owned(), self.phase.word());
        out.push(Effect::Notice(Notice::Undone { what, phase }));
    }

    fn stands_where(&self, step: &Step) -> bool {
        is_where(&self.phase, &self.intent, step)
    }
}

impl Standing {
    fn stands_where(&self, step: &Step) -> bool {
        is_where(&self.phase, &self.intent, step)
    }
}

fn is_where(phase: &Phase, intent: &Intent, step: &Step) -> bool {
    let (after, wanted) = &step.after;
    let is_there = match (phase, after) {
        // An agent at work goes on; what it was given is the same.
        (Phase::Running(is), Phase::Running(was)) => deadlines(is) == deadlines(was),
        (is, was) => is == was,
    };
    is_there && intent == wanted
}

/// Says whether nothing but the rules' own state lies between two phases.
fn is_way_back(before: &Phase, after: &Phase) -> bool {
    match (before, after) {
        (Phase::Running(_), Phase::Running(_))
        | (Phase::Draining(_), Phase::Draining(_))
        | (Phase::Preparing { .. }, Phase::Preparing { .. }) => true,
        // What waits for it may begin at once, and would stand on what is not done.
        (_, Phase::Done(_)) => false,
        (before, after) => rests(before) && rests(after),
    }
}

/// Says whether nothing is at work in a phase.
fn rests(phase: &Phase) -> bool {
    match phase {
        Phase::Queued { .. }
        | Phase::Backoff { .. }
        | Phase::Escalated { .. }
        | Phase::Done(_)
        | Phase::Failed(_)
        | Phase::Stopped => true,
        Phase::Preparing { .. }
        | Phase::Probing { .. }
        | Phase::Starting { .. }
        | Phase::Running(_)
        | Phase::Stopping(_)
        | Phase::Draining(_)
        | Phase::Checking { .. }
        | Phase::Lost { .. } => false,
    }
}

fn deadlines(running: &Running) -> impl PartialEq + use<> {
    let Running { launch, soft_at, hard_at, quiet_until, .. } = running;
    (launch.attempt, *soft_at, *hard_at, *quiet_until)
}

/// Returns an agent at work as it is now, with the deadlines that it had.
fn with_deadlines(is: &Running, was: &Running) -> Running {
    Running {
        soft_at: was.soft_at,
        hard_at: was.hard_at,
        quiet_until: was.quiet_until,
        slow: was.slow,
        ..is.clone()
    }
}
