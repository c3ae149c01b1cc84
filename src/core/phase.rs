//! Where a workstream is in its life, and what its operator wants of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::id::ProcessIdentity;
use super::progress::Progress;
use super::time::{Timestamp, opt_millis};
use super::verdict::{Ended, Evidence, Tree};

pub use super::launch::{ChosenBy, Launch, StartFrom};
pub use super::phase_word::PhaseWord;

/// What the operator wants of a workstream; apart from its phase, so that a stop may race a start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Go on by the policy.
    #[default]
    Run,
    /// End, and stay ended.
    Stop,
    /// End the current attempt and make this one instead.
    Redirect(Launch),
    /// End the current attempt and wait for the operator.
    Ask(String),
}

impl Intent {
    /// Returns the word used in `status --json`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Stop => "stop",
            Self::Redirect(_) => "redirect",
            Self::Ask(_) => "ask",
        }
    }
}

/// Why an attempt is being ended before it ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The operator wants it.
    Operator,
    /// The hard timeout.
    Hard,
    /// The idle timeout.
    Idle,
    /// Its own words: it fails in this way, and does not come to an end by itself.
    Hopeless(FailureClass),
    /// Its start was not confirmed in time.
    StartHung,
    /// Processes of it were left behind: they survived KILL, or their keeper died.
    Survivors,
}

/// A running attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The attempt.
    pub launch: Launch,
    /// When its agent started.
    pub started: Timestamp,
    /// When the operator is warned.
    pub soft_at: Option<Timestamp>,
    /// When it is ended.
    pub hard_at: Timestamp,
    /// How long it may show no progress.
    #[serde(with = "opt_millis")]
    pub idle: Option<Duration>,
    /// Until when it may be silent all the same, since the operator gave it more time.
    pub quiet_until: Option<Timestamp>,
    /// The last known evidence of progress.
    pub active: Timestamp,
    /// Until when fresh evidence is awaited, if it was asked for.
    pub inspecting: Option<Timestamp>,
    /// When the next agent is asked ahead whether it can work.
    #[serde(default)]
    pub warm_at: Option<Timestamp>,
    /// Since when it has been slow.
    pub slow: Option<Timestamp>,
    /// What it asks the operator, if it waits for that.
    #[serde(default)]
    pub waiting: Option<Box<Evidence>>,
    /// How far it says it is.
    pub progress: Option<Box<Progress>>,
    /// How often it said that it tries something again.
    #[serde(default)]
    pub retries: u32,
    /// Its keeper.
    pub keeper: ProcessIdentity,
    /// Its agent's main process.
    pub agent: ProcessIdentity,
}

/// An attempt that is being ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopping {
    /// The attempt.
    pub launch: Launch,
    /// When its agent started; none if that is not known.
    pub started: Option<Timestamp>,
    /// Why.
    pub cut: Cut,
    /// When KILL follows TERM.
    pub kill_at: Timestamp,
    /// When it is lost.
    pub lost_at: Timestamp,
    /// Whether KILL was asked for.
    pub killed: bool,
}

/// An attempt whose agent has exited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draining {
    /// The attempt.
    pub launch: Launch,
    /// Why it was ended, if it did not end by itself.
    pub cut: Option<Cut>,
    /// Its end.
    pub ended: Box<Ended>,
    /// Until when its checkpoint is awaited.
    pub until: Timestamp,
}

/// Whose processes may still run in the worktree of a lost workstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Survivor {
    /// The agent's.
    Agent,
    /// Those of the check of what the agent left.
    Check,
}

/// What a waiting operator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// No tier is left.
    ChainExhausted,
    /// The policy asks for a person.
    Policy,
    /// The operator wanted to be asked.
    Requested,
    /// The attempts allowed are used up.
    AttemptLimit,
    /// The worktree could not be made.
    Preparation,
    /// The check could not be run.
    Check,
}

/// How a workstream came to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoneBy {
    /// The check passed.
    Check,
    /// The agent said so and changed something.
    Agent,
    /// The operator accepted it as it is.
    Operator,
}

/// Where a workstream is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It waits for others, or for a slot.
    Queued {
        /// What comes next.
        launch: Launch,
    },
    /// Its worktree is being made.
    Preparing {
        /// What comes next.
        launch: Launch,
        /// Until when.
        until: Timestamp,
    },
    /// The next agent is asked whether it can work.
    Probing {
        /// What comes next.
        launch: Launch,
        /// Until when.
        until: Timestamp,
    },
    /// The agent is being started.
    Starting {
        /// The attempt.
        launch: Launch,
        /// Until when.
        until: Timestamp,
    },
    /// The agent works.
    Running(Running),
    /// The agent is being ended.
    Stopping(Stopping),
    /// The agent has exited, its processes are gone, and its work is being saved.
    Draining(Draining),
    /// The check runs.
    Checking {
        /// The attempt that is checked.
        launch: Launch,
        /// When the check began.
        since: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// It waits before the next attempt.
    Backoff {
        /// What comes next.
        launch: Launch,
        /// Until when.
        until: Timestamp,
    },
    /// It waits for the operator.
    Escalated {
        /// The tier that was tried last.
        tier: usize,
        /// What is asked.
        question: Question,
        /// Why, in a sentence.
        reason: String,
    },
    /// The work is done.
    Done(DoneBy),
    /// It was given up.
    Failed(String),
    /// The operator ended it.
    Stopped,
    /// Processes survived KILL, so nothing may start in this worktree.
    Lost {
        /// The attempt.
        launch: Launch,
        /// Whose processes.
        who: Survivor,
        /// What is known of its processes; none if their keeper does not answer.
        tree: Option<Tree>,
    },
}

impl Phase {
    /// Returns the word for this phase.
    pub fn word(&self) -> PhaseWord {
        match self {
            Self::Queued { .. } => PhaseWord::Queued,
            Self::Preparing { .. } => PhaseWord::Preparing,
            Self::Probing { .. } => PhaseWord::Probing,
            Self::Starting { .. } => PhaseWord::Starting,
            Self::Running(_) => PhaseWord::Running,
            Self::Stopping(_) => PhaseWord::Stopping,
            Self::Draining(_) => PhaseWord::Draining,
            Self::Checking { .. } => PhaseWord::Checking,
            Self::Backoff { .. } => PhaseWord::Backoff,
            Self::Escalated { .. } => PhaseWord::Escalated,
            Self::Done(_) => PhaseWord::Done,
            Self::Failed(_) => PhaseWord::Failed,
            Self::Stopped => PhaseWord::Stopped,
            Self::Lost { .. } => PhaseWord::Lost,
        }
    }

    /// Returns the attempt that this phase is about, made or to be made.
    pub fn launch(&self) -> Option<&Launch> {
        match self {
            Self::Queued { launch }
            | Self::Preparing { launch, .. }
            | Self::Probing { launch, .. }
            | Self::Starting { launch, .. }
            | Self::Running(Running { launch, .. })
            | Self::Stopping(Stopping { launch, .. })
            | Self::Draining(Draining { launch, .. })
            | Self::Checking { launch, .. }
            | Self::Backoff { launch, .. }
            | Self::Lost { launch, .. } => Some(launch),
            Self::Escalated { .. } | Self::Done(_) | Self::Failed(_) | Self::Stopped => None,
        }
    }

    /// Returns when this phase must be looked at again, if nothing is reported before.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Preparing { until, .. }
            | Self::Probing { until, .. }
            | Self::Starting { until, .. }
            | Self::Draining(Draining { until, .. })
            | Self::Checking { until, .. }
            | Self::Backoff { until, .. } => Some(*until),
            Self::Running(running) => Some(running.deadline()),
            Self::Stopping(stopping) => {
                Some(if stopping.killed { stopping.lost_at } else { stopping.kill_at })
            }
            Self::Queued { .. }
            | Self::Escalated { .. }
            | Self::Done(_)
            | Self::Failed(_)
            | Self::Stopped
            | Self::Lost { .. } => None,
        }
    }
}

impl Running {
    fn deadline(&self) -> Timestamp {
        let soft = if self.slow.is_none() { self.soft_at } else { None };
        [soft, self.idle_at(), self.warm_at]
            .into_iter()
            .flatten()
            .fold(self.hard_at, Timestamp::min)
    }

    /// Returns when it has been silent for too long, if nothing new is seen of it; never while it waits for the operator.
    pub fn silent_at(&self) -> Option<Timestamp> {
        // What waits for the operator does nothing until the operator does.
        if self.waiting.is_some() {
            return None;
        }
        let idle = self.active + self.idle?;
        Some(self.quiet_until.map_or(idle, |until| until.max(idle)))
    }

    /// Returns when fresh evidence of progress is asked for, or awaited no longer.
    pub fn idle_at(&self) -> Option<Timestamp> {
        self.inspecting.or_else(|| self.silent_at())
    }
}
