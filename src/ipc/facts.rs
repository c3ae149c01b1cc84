//! What is known of a project, as screens and `status --json` are told.
//!
//! Facts are neutral: no rows, no colours, no words cut to a width.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::core::alert::{Alert, Ring};
use crate::core::breaker;
use crate::core::course::Turn;
use crate::core::forecast::Calibration;
use crate::core::history::Record;
use crate::core::notice::Severity;
use crate::core::past::Past;
use crate::core::phase::PhaseWord;
use crate::core::progress::Progress;
use crate::core::storm::Brake;
use crate::core::{AgentName, Attempt, AttemptId, FailureClass, Request, Timestamp, WorkstreamId};

/// Everything that is known of a project at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    /// The project's name: that of its directory.
    pub project: String,
    /// When this was put together.
    pub at: Timestamp,
    /// The workstreams in their declared order.
    pub workstreams: Vec<Arc<WorkstreamFacts>>,
    /// What happened lately, oldest first; at most 500.
    pub notices: VecDeque<Told>,
    /// What is wrong now: the worst first, what is acknowledged at the end.
    pub alerts: Vec<Alert>,
    /// What was told of alerts lately, oldest first; at most 50.
    pub rings: VecDeque<Ring>,
    /// The agents, in their declared order.
    pub agents: Vec<AgentFacts>,
    /// What is known of the fleet as a whole.
    pub fleet: FleetFacts,
    /// What is wrong as a whole and stays so: a broken configuration, a full disk.
    pub banner: Option<String>,
    /// How often the configuration was read again since this supervisor began.
    pub configured: u64,
    /// Whether launches are paused.
    pub paused: bool,
    /// Whether nothing is left to do without the operator.
    pub idle: bool,
}

/// What is known of an agent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentFacts {
    /// Its name.
    pub name: AgentName,
    /// Whether work may go through to it.
    pub breaker: breaker::State,
    /// How many workstreams it may work for at the same time; none if nothing but the fleet limits it.
    pub capacity: Option<usize>,
    /// How well its risk has told what came; unknown after too few attempts.
    pub calibration: Option<Calibration>,
    /// What is remembered of it; screens draw it, `ostler agents` tells what it amounts to.
    #[serde(skip)]
    pub record: Arc<Record>,
}

/// What is known of the fleet as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FleetFacts {
    /// How many workstreams may work at the same time.
    pub slots: usize,
    /// How far launches are held back after a storm.
    pub brake: Brake,
    /// What is remembered of it; screens draw it.
    #[serde(skip)]
    pub past: Arc<Past>,
}

/// A notice and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// A number that only grows.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// The workstream it is about; none for the project.
    pub workstream: Option<WorkstreamId>,
    /// How much it matters.
    pub severity: Severity,
    /// What it says.
    pub text: String,
}

/// What is known of one workstream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkstreamFacts {
    /// Its name.
    pub id: WorkstreamId,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub phase: PhaseWord,
    /// Since when.
    pub since: Timestamp,
    /// What the operator wants of it: `run`, `stop`, `redirect`, `ask`.
    pub intent: &'static str,
    /// The agent at work, or next to work, or the last one.
    pub agent: Option<String>,
    /// Its place in the chain, from 0.
    pub tier: Option<usize>,
    /// The chain.
    pub chain: Vec<Link>,
    /// The attempt at work, or the last one.
    pub attempt: Option<AttemptId>,
    /// Why the last attempt failed, if it did.
    pub failure_class: Option<FailureClass>,
    /// Whether the agent at work has a terminal.
    pub terminal: bool,
    /// Whether it is past its soft timeout.
    pub slow: bool,
    /// What the running agent asks the operator; none if it does not wait.
    pub waiting: Option<String>,
    /// How often the running agent said that it tries something again.
    pub retries: u32,
    /// How far it says it is; none if that is unknown.
    pub progress: Option<Progress>,
    /// When the running agent started; none if none runs.
    pub started: Option<Timestamp>,
    /// When its first attempt began.
    pub begun: Option<Timestamp>,
    /// When it came to rest (done, failed, stopped); none if it has not.
    pub ended: Option<Timestamp>,
    /// What comes next by itself, and when.
    pub next: Option<Next>,
    /// The soft timeout of the running attempt.
    pub soft_at: Option<Timestamp>,
    /// Its worktree.
    pub worktree: Option<PathBuf>,
    /// Its branch.
    pub branch: Option<String>,
    /// The log of the attempt at work, or of the last one.
    pub log: Option<PathBuf>,
    /// The output of the last check.
    pub check_log: Option<PathBuf>,
    /// The agent's main process.
    pub agent_pid: Option<u32>,
    /// Its keeper.
    pub keeper_pid: Option<u32>,
    /// Who runs its policy.
    pub owner: Owner,
    /// The process that does.
    pub owner_pid: Option<u32>,
    /// Why it is where it is and what happens next.
    pub explain: String,
    /// When that was put into words: the times in it count from then.
    pub explained: Timestamp,
    /// What the operator asked for last, if it can still be taken back.
    #[serde(skip)]
    pub can_undo: Option<Request>,
    /// What is asked of the operator; none if nothing is.
    pub question: Option<String>,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// What it was at, and when, oldest first; screens draw it, scripts have the attempts.
    #[serde(skip)]
    pub course: Vec<Turn>,
    /// What is to be done.
    pub prompt: String,
    /// Its tasks.
    pub tasks: Vec<String>,
    /// What must be done before.
    pub after: Vec<WorkstreamId>,
    /// What is wrong with its own files, if anything.
    pub trouble: Option<String>,
}

/// A tier of a chain and how it has fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Its agent.
    pub agent: String,
    /// Who works side by side there, each as often as it does; nobody where one agent works.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contestants: Vec<String>,
    /// How it has fared.
    pub state: LinkState,
    /// Why; empty if there is nothing to say.
    pub reason: String,
}

/// How a tier has fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It was not tried.
    Untried,
    /// It is being asked whether it can work.
    Probing,
    /// It works.
    Running,
    /// It will be tried again.
    Waiting,
    /// It failed.
    Failed,
    /// It was passed over.
    Skipped,
    /// It did the work.
    Succeeded,
    /// The operator ended it.
    Stopped,
}

/// What comes next by itself, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What: `hard timeout`, `retry`, `KILL`, …
    pub what: &'static str,
    /// When.
    pub at: Timestamp,
}

/// Who runs the policy of a workstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// This process.
    Here,
    /// Another process.
    Elsewhere,
    /// Nobody.
    Nobody,
}
