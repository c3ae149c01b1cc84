//! The state of one workstream and the one function that changes it.

mod adopt;
mod approach;
mod arrange;
mod contest;
mod lost;
mod operator;
mod redefine;
mod report;
mod respond;
mod settle;
mod tick;
mod undo;
mod warm;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::bar::Guarded;
use super::class::FailureClass;
use super::course::Course;
use super::definition::{Definition, Tier};
use super::effect::Effect;
use super::event::Event;
use super::id::{AgentName, AttemptId, ProcessIdentity};
use super::ledger::{Attempt, AttemptOutcome};
use super::notice::Notice;
use super::phase::{
    ChosenBy, Cut, DoneBy, Intent, Launch, Phase, Question, Running, StartFrom, Stopping,
};
use super::policy::RetryMode;
use super::standby::Standby;
use super::time::Timestamp;

/// Making a worktree may take this long.
pub(super) const PREPARE_LIMIT: Duration = Duration::from_secs(300);
/// A probe is given up this long after its own deadline.
pub(super) const PROBE_SLACK: Duration = Duration::from_secs(5);
/// Starting an agent, its checkpoint included, may take this long.
pub(super) const START_LIMIT: Duration = Duration::from_secs(120);
/// Being asked whether it can take a trial may take an agent without a probe of its own so long.
pub(super) const TRIAL_LIMIT: Duration = Duration::from_secs(30);
/// Fresh evidence of progress is awaited this long before it is asked for again.
const INSPECT_LIMIT: Duration = Duration::from_secs(10);
/// An attempt is lost this long after KILL.
pub(super) const LOST_AFTER: Duration = Duration::from_secs(20);
/// The checkpoint after an attempt may take this long.
pub(super) const SAVE_LIMIT: Duration = Duration::from_secs(120);
/// A check that was ended must be gone this long after its deadline.
pub(super) const CHECK_SLACK: Duration = Duration::from_secs(60);
/// TERM is given at least this long before KILL, whatever the configuration says.
pub(super) const LEAST_GRACE: Duration = Duration::from_millis(100);

/// Where a workstream works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The worktree's path.
    pub worktree: String,
    /// Its branch.
    pub branch: String,
}

/// How often a tier failed in one way since the operator last said go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureCount {
    /// The tier.
    pub tier: usize,
    /// The class.
    pub class: FailureClass,
    /// How often.
    pub times: u32,
}

/// The state of one workstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workstream {
    /// What it is meant to do.
    pub definition: Definition,
    /// What the operator wants of it.
    pub intent: Intent,
    /// Where it is.
    pub phase: Phase,
    /// Since when it is there.
    pub since: Timestamp,
    /// When it was first defined.
    pub created: Timestamp,
    /// Its attempts so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// Its failures since the operator last said go.
    pub failures: Vec<FailureCount>,
    /// The attempts made before the operator last said go.
    pub spent: usize,
    /// Where it works; none until its worktree is made.
    pub place: Option<Place>,
    /// The process that runs its policy, or did last.
    pub owner: Option<ProcessIdentity>,
    /// What guards the fleet, as it was told last.
    #[serde(default)]
    pub guarded: Guarded,
    /// What agents that may take over said when they were asked ahead.
    #[serde(default)]
    pub standby: Vec<Standby>,
    /// What it was at, and when.
    pub course: Course,
    last_attempt: AttemptId,
    #[serde(default)]
    steps: Vec<undo::Step>,
}

type Effects = Vec<Effect>;

impl Workstream {
    /// Returns a workstream that waits for its first attempt.
    pub fn new(definition: Definition, now: Timestamp) -> Self {
        let first = AttemptId::default().next();
        let launch = Launch {
            attempt: first,
            tier: 0,
            mode: RetryMode::Plain,
            from: StartFrom::Current,
            chosen: ChosenBy::Policy,
            note: None,
            entrants: Vec::new(),
            prompt: None,
        };
        let phase = Phase::Queued { launch };
        Self {
            definition,
            intent: Intent::Run,
            course: Course::from(&phase, now),
            phase,
            since: now,
            created: now,
            attempts: Vec::new(),
            failures: Vec::new(),
            spent: 0,
            place: None,
            owner: None,
            guarded: Guarded::default(),
            standby: Vec::new(),
            last_attempt: first,
            steps: Vec::new(),
        }
    }

    /// Returns the state that these events, oldest first, lead to; none unless the first one defines the workstream.
    pub fn replay<'a>(events: impl IntoIterator<Item = (Timestamp, &'a Event)>) -> Option<Self> {
        let mut events = events.into_iter();
        let Some((begun, Event::Defined(definition))) = events.next() else { return None };
        let mut workstream = Self::new((**definition).clone(), begun);
        for (at, event) in events {
            workstream.step(event, at);
        }
        Some(workstream)
    }

    /// Takes one event and returns what is to be done about it.
    ///
    /// A report on any attempt but the current one changes nothing.
    pub fn step(&mut self, event: &Event, now: Timestamp) -> Effects {
        let mut out = Effects::new();
        if let Some(attempt) = event.attempt()
            && self.phase.launch().map(|launch| launch.attempt) != Some(attempt)
        {
            return out;
        }
        match event {
            Event::Defined(definition) => self.redefine(definition),
            Event::Slept(span) => self.slept(*span, now),
            Event::Owned { owner } => self.adopted(owner, now),
            Event::Operator(request) => self.operator(request, now, &mut out),
            Event::Admitted => self.admitted(now, &mut out),
            Event::Barred(guarded) => self.guard(guarded, &mut out),
            Event::Warmed { agent, refused } => {
                self.warmed(agent, refused.as_deref(), now, &mut out);
            }
            Event::Tick => self.tick(now, &mut out),
            Event::Prepared { .. }
            | Event::NotPrepared { .. }
            | Event::Probed { .. }
            | Event::Transferred { .. }
            | Event::Started { .. }
            | Event::NotStarted { .. }
            | Event::Active { .. }
            | Event::Progressed { .. }
            | Event::Remarked { .. }
            | Event::Hopeless { .. }
            | Event::Waiting { .. }
            | Event::Accounted { .. }
            | Event::Exited { .. }
            | Event::Saved { .. }
            | Event::Checked { .. } => self.report(event, now, &mut out),
        }
        self.course.follow(&self.phase, now);
        out
    }

    /// Returns when this workstream wants a [`Event::Tick`], if nothing else comes before.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.phase.deadline()
    }

    /// Returns the tier of a launch.
    ///
    /// A chain that became shorter leaves its last tier to those that stood behind it.
    pub fn tier(&self, index: usize) -> Option<&Tier> {
        self.definition.tiers.get(index).or(self.definition.tiers.last())
    }

    /// Returns the attempt with this number.
    pub fn attempt(&self, id: AttemptId) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.id == id)
    }

    fn enter(&mut self, phase: Phase, now: Timestamp) {
        self.phase = phase;
        self.since = now;
    }

    /// Returns the agent of a launch: the one that was begun, else the one that stands at its tier.
    pub fn agent_at(&self, launch: &Launch) -> AgentName {
        self.attempt(launch.attempt)
            .map_or_else(|| self.agent_of(launch.tier), |attempt| attempt.agent.clone())
    }

    fn last_tier(&self) -> usize {
        self.definition.tiers.len().saturating_sub(1)
    }

    fn agent_of(&self, tier: usize) -> AgentName {
        self.tier(tier).map_or_else(|| "?".into(), |tier| tier.agent.clone())
    }

    pub(super) fn grace(&self, tier: usize) -> Duration {
        self.tier(tier).map_or(Duration::from_secs(10), |tier| tier.grace).max(LEAST_GRACE)
    }

    /// Makes the next attempt's launch.
    fn launch(&mut self, tier: usize, mode: RetryMode, chosen: ChosenBy) -> Launch {
        self.last_attempt = self.last_attempt.next();
        let from = match mode {
            RetryMode::Clean => StartFrom::Clean,
            RetryMode::Plain
            | RetryMode::Feedback
            | RetryMode::Simpler
            | RetryMode::Compact(_)
            | RetryMode::Take => StartFrom::Current,
        };
        let (attempt, note, entrants) = (self.last_attempt, None, Vec::new());
        Launch { attempt, tier, mode, from, chosen, note, entrants, prompt: None }
    }

    /// Takes back what earlier failures cost: the operator has said go.
    fn renew(&mut self) {
        self.failures.clear();
        self.spent = self.attempts.len();
    }

    fn begin_stop(&mut self, running: Running, cut: Cut, now: Timestamp, out: &mut Effects) {
        let grace = self.grace(running.launch.tier);
        out.push(Effect::Stop { attempt: running.launch.attempt, grace });
        out.push(Effect::Notice(Notice::Stopping { agent: self.agent_at(&running.launch) }));
        if cut != Cut::Operator {
            self.warm(running.launch.tier, out);
        }
        let kill_at = now + grace;
        let stopping = Stopping {
            launch: running.launch,
            started: Some(running.started),
            cut,
            kill_at,
            lost_at: kill_at + LOST_AFTER,
            killed: false,
        };
        self.enter(Phase::Stopping(stopping), now);
    }

    fn begin_kill(
        &mut self,
        (launch, started): (Launch, Option<Timestamp>),
        cut: Cut,
        now: Timestamp,
        out: &mut Effects,
    ) {
        out.push(Effect::Kill(launch.attempt));
        out.push(Effect::Notice(Notice::Killing { agent: self.agent_at(&launch) }));
        let stopping = Stopping {
            launch,
            started,
            cut,
            kill_at: now,
            lost_at: now + LOST_AFTER,
            killed: true,
        };
        self.enter(Phase::Stopping(stopping), now);
    }

    fn close(&mut self, id: AttemptId, outcome: AttemptOutcome, reason: String, now: Timestamp) {
        if let Some(attempt) = self.record(id) {
            attempt.outcome = outcome;
            attempt.reason = reason;
            attempt.ended.get_or_insert(now);
        }
    }

    fn account(&mut self, id: AttemptId, account: &Account) {
        let Some(place) = self.attempts.iter().position(|attempt| attempt.id == id) else { return };
        let (earlier, rest) = self.attempts.split_at_mut(place);
        if let Some(attempt) = rest.first_mut() {
            attempt.account.update(account, earlier.iter().map(|attempt| &attempt.account));
        }
    }

    fn record(&mut self, id: AttemptId) -> Option<&mut Attempt> {
        self.attempts.iter_mut().rev().find(|attempt| attempt.id == id)
    }

    fn finish(&mut self, phase: Phase, now: Timestamp, out: &mut Effects) {
        let notice = match &phase {
            Phase::Done(by) => Notice::Done {
                how: match by {
                    DoneBy::Check => "the check passed",
                    DoneBy::Agent => "the agent finished and changed something",
                    DoneBy::Operator => "accepted by the operator",
                }
                .to_owned(),
            },
            Phase::Failed(reason) => Notice::GaveUp { reason: reason.clone() },
            Phase::Escalated { reason, .. } => Notice::Escalated { reason: reason.clone() },
            Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Stopping(_)
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. }
            | Phase::Stopped
            | Phase::Lost { .. } => Notice::Stopped,
        };
        out.push(Effect::Notice(notice));
        out.push(self.release());
        let stopped = matches!(phase, Phase::Stopped);
        self.intent = if stopped { Intent::Stop } else { Intent::Run };
        self.enter(phase, now);
    }

    /// Lets the keepers of all attempts go.
    pub(super) fn release(&self) -> Effect {
        Effect::Release(self.last_attempt)
    }

    fn escalate(
        &mut self,
        tier: usize,
        question: Question,
        reason: String,
        now: Timestamp,
        out: &mut Effects,
    ) {
        self.finish(Phase::Escalated { tier, question, reason }, now, out);
    }
}
