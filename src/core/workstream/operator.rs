//! What the operator asks for.

use std::time::Duration;

use super::{Effects, Workstream};
use crate::core::effect::Effect;
use crate::core::event::{Request, Target};
use crate::core::id::AttemptId;
use crate::core::ledger::AttemptOutcome;
use crate::core::notice::Notice;
use crate::core::phase::{ChosenBy, Cut, DoneBy, Intent, Launch, Phase, Question, StartFrom};
use crate::core::policy::RetryMode;
use crate::core::time::Timestamp;

/// A check that was cancelled must report within this time.
const CANCEL_LIMIT: Duration = Duration::from_secs(30);

/// What the operator says to the agent of the next attempt.
#[derive(Clone, Copy)]
enum Said<'a> {
    /// This beside the prompt, if anything.
    Note(Option<&'a str>),
    /// This in the place of the prompt.
    Prompt(&'a str),
}

impl Workstream {
    /// Follows a request, and remembers how it can be taken back.
    pub(super) fn operator(&mut self, request: &Request, now: Timestamp, out: &mut Effects) {
        if let Request::Undo(request) = request {
            self.undo(request, now, out);
            return;
        }
        let before = self.standing();
        self.request(request, now, out);
        self.remember(request, before, out);
    }

    fn request(&mut self, request: &Request, now: Timestamp, out: &mut Effects) {
        match request {
            Request::Stop => self.stop(now, out),
            Request::Kill => self.kill(now, out),
            Request::Retry { tier, from, note } => {
                self.retry(*tier, (from, RetryMode::Plain), Said::Note(note.as_deref()), now, out);
            }
            Request::RetryWith { tier, from, prompt } => {
                self.retry(*tier, (from, RetryMode::Plain), Said::Prompt(prompt), now, out);
            }
            Request::Escalate { to: Target::Person, note } => self.ask(note.as_deref(), now, out),
            Request::Escalate { to: Target::Next, note } => {
                let next = self.current_tier() + 1;
                if next < self.definition.tiers.len() {
                    let how = (&StartFrom::Current, RetryMode::Feedback);
                    self.retry(Some(next), how, Said::Note(note.as_deref()), now, out);
                } else {
                    self.ask(
                        Some(note.as_deref().unwrap_or("no agent is left to escalate to")),
                        now,
                        out,
                    );
                }
            }
            Request::Escalate { to: Target::Tier(tier), note } => {
                let how = (&StartFrom::Current, RetryMode::Feedback);
                self.retry(Some(*tier), how, Said::Note(note.as_deref()), now, out);
            }
            Request::Extend(by) => self.extend(*by, now, out),
            Request::Input(text) => {
                if let Phase::Running(running) = &self.phase {
                    let (attempt, text) = (running.launch.attempt, text.clone());
                    out.push(Effect::Input { attempt, text });
                } else {
                    self.refuse("input not sent", "no agent runs", out);
                }
            }
            Request::Accept => self.accept(now, out),
            Request::Take { attempt, contestant } => self.take(*attempt, *contestant, now, out),
            Request::GiveUp => self.give_up(now, out),
            Request::Undo(request) => self.undo(request, now, out),
        }
    }

    /// Returns the tier that is at work, or was last.
    pub fn current_tier(&self) -> usize {
        let last = || self.attempts.last().map_or(0, |attempt| attempt.tier);
        let tier = match &self.phase {
            Phase::Escalated { tier, .. } => *tier,
            other => other.launch().map_or_else(last, |launch| launch.tier),
        };
        tier.min(self.last_tier())
    }

    #[expect(clippy::unused_self, reason = "reads as the other requests do")]
    pub(super) fn refuse(&self, what: &str, why: &str, out: &mut Effects) {
        out.push(Effect::Notice(Notice::Refused { what: what.to_owned(), why: why.to_owned() }));
    }

    fn stop(&mut self, now: Timestamp, out: &mut Effects) {
        match self.phase.clone() {
            Phase::Queued { .. } | Phase::Backoff { .. } | Phase::Escalated { .. } => {
                self.finish(Phase::Stopped, now, out);
            }
            Phase::Probing { launch, .. } => {
                self.abandon_probe(&launch, now);
                self.finish(Phase::Stopped, now, out);
            }
            Phase::Preparing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. } => self.want(Intent::Stop, now, out),
            Phase::Done(_) | Phase::Failed(_) | Phase::Stopped => {
                self.refuse("not stopped", "it has ended already", out);
            }
            Phase::Lost { .. } => {
                self.refuse("not stopped", "its processes survived; kill tries again", out);
            }
        }
    }

    fn kill(&mut self, now: Timestamp, out: &mut Effects) {
        match self.phase.clone() {
            Phase::Running(running) => {
                self.intent = Intent::Stop;
                let who = (running.launch, Some(running.started));
                self.begin_kill(who, Cut::Operator, now, out);
            }
            Phase::Stopping(stopping) => {
                self.intent = Intent::Stop;
                let who = (stopping.launch, stopping.started);
                self.begin_kill(who, stopping.cut, now, out);
            }
            Phase::Starting { launch, .. } => {
                self.intent = Intent::Stop;
                self.begin_kill((launch, None), Cut::Operator, now, out);
            }
            Phase::Preparing { .. } => self.finish(Phase::Stopped, now, out),
            Phase::Lost { .. } => self.end_survivors(Intent::Stop, now, out),
            Phase::Queued { .. }
            | Phase::Probing { .. }
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped => self.stop(now, out),
        }
    }

    fn retry(
        &mut self,
        tier: Option<usize>,
        (from, mode): (&StartFrom, RetryMode),
        said: Said<'_>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let chosen = if tier.is_some() { ChosenBy::Operator } else { ChosenBy::Policy };
        let tier = tier.unwrap_or_else(|| self.current_tier());
        if tier >= self.definition.tiers.len() {
            let why = format!("the chain has {} tiers", self.definition.tiers.len());
            self.refuse("not retried", &why, out);
            return;
        }
        if let StartFrom::Attempt(id) = from
            && self.attempt(*id).is_none()
        {
            self.refuse("not retried", &format!("there is no attempt {id} to start from"), out);
            return;
        }
        if let StartFrom::Contestant(id, number) = from
            && self.made(*id, *number).is_none()
        {
            let why = format!("contestant {number} of attempt {id} has left nothing");
            self.refuse("not retried", &why, out);
            return;
        }
        let before = self.last_attempt;
        let mut launch = self.launch(tier, mode, chosen);
        launch.from = from.clone();
        match said {
            Said::Note(note) => launch.note = note.map(str::to_owned),
            Said::Prompt(prompt) => launch.prompt = Some(prompt.to_owned()),
        }
        match self.phase.clone() {
            // Its place is not theirs: it takes as many as there are agents.
            Phase::Preparing { .. } if self.contest(&launch).is_some() => self.queue(launch, now),
            Phase::Preparing { launch: was, until } => {
                self.last_attempt = before;
                launch.attempt = was.attempt;
                self.renew();
                self.phase = Phase::Preparing { launch, until };
                self.intent = Intent::Run;
            }
            Phase::Probing { launch: was, .. } => {
                self.abandon_probe(&was, now);
                self.renew();
                if self.contest(&launch).is_some() {
                    self.queue(launch, now);
                } else {
                    self.approach(launch, now, out);
                }
            }
            Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. } => self.want(Intent::Redirect(launch), now, out),
            Phase::Queued { .. }
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped => self.queue(launch, now),
            Phase::Lost { .. } => self.end_survivors(Intent::Redirect(launch), now, out),
        }
    }

    fn queue(&mut self, launch: Launch, now: Timestamp) {
        self.renew();
        self.intent = Intent::Run;
        self.enter(Phase::Queued { launch }, now);
    }

    fn ask(&mut self, note: Option<&str>, now: Timestamp, out: &mut Effects) {
        let reason = note.unwrap_or("the operator wants to decide").to_owned();
        let tier = self.current_tier();
        match self.phase.clone() {
            Phase::Queued { .. } | Phase::Backoff { .. } => {
                self.escalate(tier, Question::Requested, reason, now, out);
            }
            Phase::Probing { launch, .. } => {
                self.abandon_probe(&launch, now);
                self.escalate(tier, Question::Requested, reason, now, out);
            }
            Phase::Preparing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. } => self.want(Intent::Ask(reason), now, out),
            Phase::Escalated { .. } => {
                self.refuse("not escalated", "it waits for you already", out);
            }
            Phase::Done(_) | Phase::Failed(_) | Phase::Stopped => {
                self.refuse("not escalated", "it has ended; retry it instead", out);
            }
            Phase::Lost { .. } => {
                self.refuse("not escalated", "its processes survived; kill tries again", out);
            }
        }
    }

    /// Sets the intent and ends what runs.
    fn want(&mut self, intent: Intent, now: Timestamp, out: &mut Effects) {
        self.intent = intent;
        match self.phase.clone() {
            Phase::Running(running) => self.begin_stop(running, Cut::Operator, now, out),
            Phase::Checking { launch, since, until } => {
                out.push(Effect::CancelCheck(launch.attempt));
                let until = until.min(now + CANCEL_LIMIT);
                self.phase = Phase::Checking { launch, since, until };
            }
            _other => {}
        }
    }

    fn abandon_probe(&mut self, launch: &Launch, now: Timestamp) {
        let reason = "ended by the operator while it was probed".to_owned();
        self.close(launch.attempt, AttemptOutcome::Stopped, reason, now);
    }

    /// Moves the deadlines of a running attempt, the one for silence included: who asks for more time wants it to live.
    fn extend(&mut self, by: Duration, now: Timestamp, out: &mut Effects) {
        let Phase::Running(running) = &mut self.phase else {
            self.refuse("not extended", "no agent runs", out);
            return;
        };
        let slow = running.slow.take().is_some();
        running.soft_at = running.soft_at.map(|at| if slow { now + by } else { at + by });
        running.hard_at = running.hard_at + by;
        running.quiet_until = running.quiet_until.max(Some(now + by));
        running.inspecting = None;
        let (attempt, hard_at) = (running.launch.attempt, running.hard_at);
        out.push(Effect::Extend { attempt, hard_at });
        out.push(Effect::Notice(Notice::Extended { by }));
    }

    fn accept(&mut self, now: Timestamp, out: &mut Effects) {
        match &self.phase {
            Phase::Escalated { .. } | Phase::Failed(_) | Phase::Stopped => {
                self.finish(Phase::Done(DoneBy::Operator), now, out);
            }
            Phase::Done(_) => self.refuse("not accepted", "it is done already", out),
            Phase::Lost { .. } => {
                self.refuse("not accepted", "its processes survived; kill tries again", out);
            }
            Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. } => {
                self.refuse("not accepted", "only what waits for you or has ended can be", out);
            }
        }
    }

    fn give_up(&mut self, now: Timestamp, out: &mut Effects) {
        match &self.phase {
            Phase::Escalated { .. }
            | Phase::Queued { .. }
            | Phase::Backoff { .. }
            | Phase::Stopped => {
                self.finish(Phase::Failed("given up by the operator".to_owned()), now, out);
            }
            Phase::Done(_) | Phase::Failed(_) => {
                self.refuse("not given up", "it has ended already", out);
            }
            Phase::Lost { .. } => {
                self.refuse("not given up", "its processes survived; kill tries again", out);
            }
            Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. } => self.refuse("not given up", "stop it first", out),
        }
    }

    /// Takes what one of several made: an attempt in which no agent works, so that it is saved and checked as any other.
    fn take(&mut self, attempt: AttemptId, contestant: u32, now: Timestamp, out: &mut Effects) {
        let Some((tier, _)) = self.made(attempt, contestant) else {
            let why = format!("contestant {contestant} of attempt {attempt} has left nothing");
            self.refuse("not taken", &why, out);
            return;
        };
        match &self.phase {
            Phase::Escalated { .. } | Phase::Done(_) | Phase::Failed(_) | Phase::Stopped => {
                let mut launch = self.launch(tier, RetryMode::Take, ChosenBy::Operator);
                launch.from = StartFrom::Contestant(attempt, contestant);
                self.queue(launch, now);
            }
            Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. } => self.refuse("not taken", "stop it first", out),
            Phase::Lost { .. } => {
                self.refuse("not taken", "its processes survived; kill tries again", out);
            }
        }
    }

    /// Does what the operator wanted while an attempt was being ended.
    pub(super) fn follow_intent(&mut self, tier: usize, now: Timestamp, out: &mut Effects) {
        match std::mem::take(&mut self.intent) {
            Intent::Run | Intent::Stop => self.finish(Phase::Stopped, now, out),
            Intent::Redirect(launch) => {
                self.renew();
                self.proceed(launch, now, out);
            }
            Intent::Ask(reason) => self.escalate(tier, Question::Requested, reason, now, out),
        }
    }
}
