//! What an ended attempt amounts to.

use super::respond::Failure;
use super::{CHECK_SLACK, Effects, Workstream};
use crate::core::FailureClass;
use crate::core::definition::Expects;
use crate::core::effect::Effect;
use crate::core::event::CheckOutcome;
use crate::core::id::AttemptId;
use crate::core::lack::Lack;
use crate::core::ledger::AttemptOutcome;
use crate::core::notice::Notice;
use crate::core::phase::{Cut, DoneBy, Draining, Intent, Launch, Phase, Question, Survivor};
use crate::core::time::{Timestamp, clock};
use crate::core::verdict::{DiffSize, Ended, EndedBy, Evidence, Exit, Verdict};

impl Workstream {
    pub(super) fn saved(
        &mut self,
        attempt: AttemptId,
        diff: Option<DiffSize>,
        error: Option<&str>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let Phase::Draining(draining) = &self.phase else { return };
        let draining = draining.clone();
        if let Some(diff) = diff {
            out.push(Effect::Notice(Notice::Saved { attempt, diff }));
        }
        if let Some(error) = error {
            out.push(Effect::Notice(Notice::NotSaved { attempt, error: error.to_owned() }));
        }
        self.settle(&draining, (diff, error), now, out);
    }

    /// Decides about an attempt of which this was saved: the size of its change, and what went wrong.
    pub(super) fn settle(
        &mut self,
        draining: &Draining,
        (diff, error): (Option<DiffSize>, Option<&str>),
        now: Timestamp,
        out: &mut Effects,
    ) {
        let launch = draining.launch.clone();
        if let Some(record) = self.record(launch.attempt) {
            record.diff = diff;
        }
        match self.intent {
            Intent::Run => {}
            Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
                let (outcome, reason) = match (draining.cut, self.judge(draining, diff, error)) {
                    (None, Err(failure)) => (AttemptOutcome::Failed(failure.class), failure.reason),
                    (None, Ok(_)) => {
                        (AttemptOutcome::Stopped, "it had ended; nothing was checked".to_owned())
                    }
                    (Some(_), _) => (AttemptOutcome::Stopped, "ended by the operator".to_owned()),
                };
                self.close(launch.attempt, outcome, reason, now);
                self.follow_intent(launch.tier, now, out);
                return;
            }
        }
        match self.judge(draining, diff, error) {
            Err(failure) => self.fail(&launch, failure, now, out),
            Ok(evidence) => {
                if let Some(record) = self.record(launch.attempt) {
                    record.evidence = evidence;
                }
                self.check_or_finish(launch, now, out);
            }
        }
    }

    fn check_or_finish(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        if let Some(limit) = self.definition.check {
            out.push(Effect::Check(launch.attempt));
            out.push(Effect::Notice(Notice::Checking { attempt: launch.attempt }));
            self.warm(launch.tier, out);
            let until = now + limit + CHECK_SLACK;
            self.enter(Phase::Checking { launch, since: now, until }, now);
        } else {
            self.close(launch.attempt, AttemptOutcome::Succeeded, String::new(), now);
            self.finish(Phase::Done(DoneBy::Agent), now, out);
        }
    }

    /// Decides whether an attempt that nobody stopped may have done the work, and blames the machine for what it lacked.
    fn judge(
        &self,
        draining: &Draining,
        diff: Option<DiffSize>,
        error: Option<&str>,
    ) -> Result<Evidence, Failure> {
        let judged = self.judge_alone(draining, diff, error);
        let Some(short) = &draining.ended.short_of else { return judged };
        judged.map_err(|failure| {
            if !failure.class.may_come_from_lack() {
                return failure;
            }
            let reason = format!("{}, while {short}", failure.reason);
            Failure { class: FailureClass::Resources, reason, ..failure }
        })
    }

    fn judge_alone(
        &self,
        draining: &Draining,
        diff: Option<DiffSize>,
        error: Option<&str>,
    ) -> Result<Evidence, Failure> {
        let ended = &*draining.ended;
        if let Some(failure) = self.cut_short(draining) {
            return Err(failure);
        }
        // Before the words of the agent, which never ran.
        if let Exit::NotStarted(why) = &ended.exit
            && let Some(lack) = Lack::named_in(why)
        {
            return Err(Failure::of_lack(lack, why));
        }
        if let Verdict::Failure { class, evidence, reset } = &ended.verdict {
            return Err(Failure {
                class: *class,
                reason: evidence.line.clone(),
                evidence: evidence.clone(),
                reset: *reset,
            });
        }
        if let Some(class) = ended.exit.class() {
            return Err(Failure::new(class, ended.exit.to_string()));
        }
        let evidence = match &ended.verdict {
            Verdict::Success(evidence) => Some(evidence.clone()),
            Verdict::Silent | Verdict::Failure { .. } => None,
        };
        if self.definition.check.is_some() {
            return Ok(evidence.unwrap_or_default());
        }
        let expects = self.tier(draining.launch.tier).map(|tier| tier.expects).unwrap_or_default();
        match (diff, evidence, expects) {
            (None, ..) => Err(unread(error)),
            (Some(DiffSize { files: 0, .. }), ..) => Err(match ended.account.denied() {
                Some(hint) => Failure::hinted(hint),
                None => Failure::new(
                    FailureClass::NoChange,
                    "it ended without an error and changed nothing",
                ),
            }),
            (Some(_), None, Expects::MarkerAndChange) => Err(Failure::new(
                FailureClass::InvalidResponse,
                "it exited with 0 but never said that it did the work",
            )),
            (Some(_), evidence, _) => Ok(evidence.unwrap_or_default()),
        }
    }

    fn cut_short(&self, draining: &Draining) -> Option<Failure> {
        let Ended { by, verdict, .. } = &*draining.ended;
        let class = match (draining.cut, by) {
            (None | Some(Cut::Operator | Cut::Survivors), EndedBy::KeeperLost) => {
                FailureClass::KeeperLost
            }
            (Some(Cut::Survivors), _) => FailureClass::Lost,
            (
                Some(Cut::Operator | Cut::Hard | Cut::Idle | Cut::Hopeless(_) | Cut::StartHung)
                | None,
                EndedBy::Itself,
            ) => {
                return None;
            }
            (Some(Cut::Hopeless(class)), _) => return Some(self.hopeless_end(class, draining)),
            (Some(Cut::Hard), _) | (None | Some(Cut::Operator), EndedBy::Deadline) => {
                FailureClass::HardTimeout
            }
            (Some(Cut::Idle), _) => FailureClass::IdleTimeout,
            (Some(Cut::StartHung), _) => FailureClass::SpawnFailed,
            (None | Some(Cut::Operator), EndedBy::Reboot | EndedBy::Request) => {
                FailureClass::Interrupted
            }
        };
        let mut failure = Failure::new(class, self.cut_words(class, draining));
        if let Verdict::Failure { evidence, .. } = verdict {
            failure.reason = format!("{}; its last words: {}", failure.reason, evidence.line);
            failure.evidence = evidence.clone();
        }
        Some(failure)
    }

    /// Returns the failure of an agent that was ended for its own words, which were kept when they were read.
    fn hopeless_end(&self, class: FailureClass, draining: &Draining) -> Failure {
        let attempt = self.attempt(draining.launch.attempt);
        let evidence = attempt.map(|attempt| attempt.evidence.clone()).unwrap_or_default();
        let reset = match &draining.ended.verdict {
            Verdict::Failure { class: said, reset, .. } if *said == class => *reset,
            Verdict::Failure { .. } | Verdict::Success(_) | Verdict::Silent => None,
        };
        Failure { class, reason: evidence.line.clone(), evidence, reset }
    }

    fn cut_words(&self, class: FailureClass, draining: &Draining) -> String {
        let Ended { by, at, .. } = &*draining.ended;
        let took = self
            .attempt(draining.launch.attempt)
            .and_then(|attempt| attempt.started)
            .map_or_else(String::new, |started| format!(" after {}", clock(at.since(started))));
        match class {
            FailureClass::HardTimeout => format!("the hard timeout ended it{took}"),
            FailureClass::IdleTimeout => format!("it showed no progress and was ended{took}"),
            FailureClass::SpawnFailed => "its start was not confirmed in time".to_owned(),
            FailureClass::Lost => "its processes had survived KILL".to_owned(),
            FailureClass::KeeperLost => "its keeper died, so how it ended is not known".to_owned(),
            _other if *by == EndedBy::Request => {
                "its keeper was asked to end it, and not by this workstream".to_owned()
            }
            _other => "the machine went down under it".to_owned(),
        }
    }

    pub(super) fn checked(&mut self, outcome: &CheckOutcome, now: Timestamp, out: &mut Effects) {
        let (Phase::Checking { launch, .. } | Phase::Lost { launch, who: Survivor::Check, .. }) =
            &self.phase
        else {
            return;
        };
        let launch = launch.clone();
        match self.intent {
            Intent::Run => {}
            Intent::Stop | Intent::Redirect(_) | Intent::Ask(_) => {
                let reason = "ended by the operator while it was checked".to_owned();
                self.close(launch.attempt, AttemptOutcome::Stopped, reason, now);
                self.follow_intent(launch.tier, now, out);
                return;
            }
        }
        match outcome {
            CheckOutcome::Passed => {
                out.push(Effect::Notice(Notice::CheckPassed { attempt: launch.attempt }));
                self.close(launch.attempt, AttemptOutcome::Succeeded, String::new(), now);
                self.finish(Phase::Done(DoneBy::Check), now, out);
            }
            CheckOutcome::Failed(words) => {
                // What was not changed cannot pass; the reason is what kept it from being changed.
                let untouched = self
                    .attempt(launch.attempt)
                    .filter(|attempt| attempt.diff.is_some_and(|diff| diff == DiffSize::default()));
                let failure = match untouched.and_then(|attempt| attempt.account.denied()) {
                    Some(hint) => Failure::hinted(hint),
                    None => Failure::new(FailureClass::CheckFailed, words.clone()),
                };
                self.fail(&launch, failure, now, out);
            }
            CheckOutcome::TimedOut => {
                let reason = "the check did not end in its time";
                self.fail(&launch, Failure::new(FailureClass::CheckTimedOut, reason), now, out);
            }
            CheckOutcome::Starved(words) => {
                let failure = Failure::new(FailureClass::Resources, words.clone());
                self.fail(&launch, failure, now, out);
            }
            CheckOutcome::NotRun(why) => {
                let reason = format!("the check could not be run: {why}");
                if let Some(lack) = Lack::named_in(why) {
                    self.fail(&launch, Failure::of_lack(lack, &reason), now, out);
                    return;
                }
                self.close(launch.attempt, AttemptOutcome::Succeeded, reason.clone(), now);
                self.escalate(launch.tier, Question::Check, reason, now, out);
            }
        }
    }
}

/// Says why nobody knows what changed.
fn unread(error: Option<&str>) -> Failure {
    let reason = "the worktree could not be read, so nobody knows what changed";
    match error.and_then(|error| Some((error, Lack::named_in(error)?))) {
        Some((error, lack)) => Failure::of_lack(lack, &format!("{reason}: {error}")),
        None => Failure::new(FailureClass::WorktreeLost, reason),
    }
}
