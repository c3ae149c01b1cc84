//! The state of one workstream and the one function that changes it.

mod operator;
mod report;
mod respond;
mod settle;
mod tick;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
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
use super::time::Timestamp;
use super::verdict::{Evidence, Tree};

/// Making a worktree may take this long.
const PREPARE_LIMIT: Duration = Duration::from_secs(300);
/// A probe is given up this long after its own deadline.
const PROBE_SLACK: Duration = Duration::from_secs(5);
/// Starting an agent, its checkpoint included, may take this long.
const START_LIMIT: Duration = Duration::from_secs(120);
/// Fresh evidence of progress is awaited this long before it is asked for again.
const INSPECT_LIMIT: Duration = Duration::from_secs(10);
/// An attempt is lost this long after KILL.
const LOST_AFTER: Duration = Duration::from_secs(20);
/// The checkpoint after an attempt may take this long.
const SAVE_LIMIT: Duration = Duration::from_secs(120);
/// A check that was ended must be gone this long after its deadline.
const CHECK_SLACK: Duration = Duration::from_secs(60);

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
    last_attempt: AttemptId,
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
        };
        Self {
            definition,
            intent: Intent::Run,
            phase: Phase::Queued { launch },
            since: now,
            created: now,
            attempts: Vec::new(),
            failures: Vec::new(),
            spent: 0,
            place: None,
            owner: None,
            last_attempt: first,
        }
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
            Event::Owned { owner } => self.owner = Some(owner.clone()),
            Event::Operator(request) => self.request(request, now, &mut out),
            Event::Admitted => self.admitted(now, &mut out),
            Event::Tick => self.tick(now, &mut out),
            Event::Prepared { .. }
            | Event::NotPrepared { .. }
            | Event::Probed { .. }
            | Event::Started { .. }
            | Event::NotStarted { .. }
            | Event::Active { .. }
            | Event::Progressed { .. }
            | Event::Remarked { .. }
            | Event::Exited { .. }
            | Event::Saved { .. }
            | Event::Checked { .. } => self.report(event, now, &mut out),
        }
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

    fn redefine(&mut self, definition: &Definition) {
        self.definition = definition.clone();
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

    fn agent_of(&self, tier: usize) -> AgentName {
        self.tier(tier).map_or_else(|| "?".into(), |tier| tier.agent.clone())
    }

    fn grace(&self, tier: usize) -> Duration {
        self.tier(tier).map_or(Duration::from_secs(10), |tier| tier.grace)
    }

    /// Makes the next attempt's launch.
    fn launch(&mut self, tier: usize, mode: RetryMode, chosen: ChosenBy) -> Launch {
        self.last_attempt = self.last_attempt.next();
        let from = match mode {
            RetryMode::Clean => StartFrom::Clean,
            RetryMode::Plain | RetryMode::Feedback | RetryMode::Simpler | RetryMode::Compact(_) => {
                StartFrom::Current
            }
        };
        Launch { attempt: self.last_attempt, tier, mode, from, chosen, note: None }
    }

    fn admitted(&mut self, now: Timestamp, out: &mut Effects) {
        if let Phase::Queued { launch } = &self.phase {
            let launch = launch.clone();
            out.push(Effect::Prepare(launch.attempt));
            self.enter(Phase::Preparing { launch, until: now + PREPARE_LIMIT }, now);
        }
    }

    /// Goes on to the agent of `launch`, by way of its probe where one is due.
    fn approach(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        self.attempts.push(Attempt {
            id: launch.attempt,
            tier: launch.tier,
            agent: self.agent_of(launch.tier),
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
            keeper: None,
            process: None,
        });
        let has_fallback = launch.tier + 1 < self.definition.tiers.len();
        let probe = self.tier(launch.tier).and_then(|tier| tier.probe);
        match probe {
            Some(limit) if has_fallback && launch.chosen == ChosenBy::Policy => {
                out.push(Effect::Probe(launch.clone()));
                self.enter(Phase::Probing { launch, until: now + limit + PROBE_SLACK }, now);
            }
            Some(_) | None => self.start(launch, now, out),
        }
    }

    fn start(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        let hard = self.tier(launch.tier).map_or(Duration::ZERO, |tier| tier.timeouts.hard);
        out.push(Effect::Spawn { launch: launch.clone(), hard });
        self.enter(Phase::Starting { launch, until: now + START_LIMIT }, now);
    }

    fn begin_stop(&mut self, running: Running, cut: Cut, now: Timestamp, out: &mut Effects) {
        let grace = self.grace(running.launch.tier);
        out.push(Effect::Stop { attempt: running.launch.attempt, grace });
        out.push(Effect::Notice(Notice::Stopping { agent: self.agent_of(running.launch.tier) }));
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
        out.push(Effect::Notice(Notice::Killing { agent: self.agent_of(launch.tier) }));
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

    fn become_lost(
        &mut self,
        launch: Launch,
        tree: Option<Tree>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        out.push(Effect::Notice(Notice::Lost { left: tree.map(|tree| tree.left) }));
        let reason = "processes survived KILL, or their keeper does not answer".to_owned();
        self.close(launch.attempt, AttemptOutcome::Failed(FailureClass::Lost), reason, now);
        self.enter(Phase::Lost { launch, tree }, now);
    }

    fn close(&mut self, id: AttemptId, outcome: AttemptOutcome, reason: String, now: Timestamp) {
        if let Some(attempt) = self.record(id) {
            attempt.outcome = outcome;
            attempt.reason = reason;
            attempt.ended.get_or_insert(now);
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
            _other => Notice::Stopped,
        };
        out.push(Effect::Notice(notice));
        out.push(Effect::Release(self.last_attempt));
        let stopped = matches!(phase, Phase::Stopped);
        self.intent = if stopped { Intent::Stop } else { Intent::Run };
        self.enter(phase, now);
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

    /// Does what the operator wanted while an attempt was being ended.
    fn follow_intent(&mut self, tier: usize, now: Timestamp, out: &mut Effects) {
        match std::mem::take(&mut self.intent) {
            Intent::Run | Intent::Stop => self.finish(Phase::Stopped, now, out),
            Intent::Redirect(launch) => self.approach(launch, now, out),
            Intent::Ask(reason) => self.escalate(tier, Question::Requested, reason, now, out),
        }
    }
}
