//! What comes into the core.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::bar::Guarded;
use super::class::FailureClass;
use super::definition::Definition;
use super::id::{AgentName, AttemptId, ProcessIdentity};
use super::phase::StartFrom;
use super::progress::Progress;
use super::time::{Timestamp, millis};
use super::transfer::Transfer;
use super::verdict::{DiffSize, Ended, Evidence};

/// What a remark of an agent begins with that it tries a request again.
pub const RETRY: &str = "API retry";

/// Where an escalation leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The next tier, now.
    Next,
    /// The tier at this place, from 0, now.
    Tier(usize),
    /// The operator.
    Person,
}

/// What an operator asks of a workstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Try (again): at this tier, or at the one that was tried last.
    Retry {
        /// The place in the chain, from 0.
        tier: Option<usize>,
        /// What to start from.
        from: StartFrom,
        /// What the agent should know.
        note: Option<String>,
    },
    /// Try again, and ask something else of the agent of that one attempt.
    RetryWith {
        /// The place in the chain, from 0.
        tier: Option<usize>,
        /// What to start from.
        from: StartFrom,
        /// What is to be done, in the place of the workstream's own prompt.
        prompt: String,
    },
    /// End it: TERM, grace, KILL.
    Stop,
    /// End it without grace.
    Kill,
    /// Move on.
    Escalate {
        /// Where to.
        to: Target,
        /// What the next one should know.
        note: Option<String>,
    },
    /// Move the soft and hard timeouts of the running attempt.
    Extend(#[serde(with = "millis")] Duration),
    /// Send these characters to the agent.
    Input(String),
    /// Take the work as it is.
    Accept,
    /// Take what one of several made that worked side by side.
    Take {
        /// In this attempt.
        attempt: AttemptId,
        /// Its place among them, from 1.
        contestant: u32,
    },
    /// Give it up.
    GiveUp,
    /// Take back what was asked for last: this.
    Undo(Box<Request>),
}

impl Request {
    /// Returns what people call it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Retry { .. } | Self::RetryWith { .. } => "retry",
            Self::Stop => "stop",
            Self::Kill => "kill",
            Self::Escalate { to: Target::Person, .. } => "question to you",
            Self::Escalate { .. } => "escalation",
            Self::Extend(_) => "extension",
            Self::Input(_) => "input",
            Self::Accept => "acceptance",
            Self::Take { .. } => "choice",
            Self::GiveUp => "giving up",
            Self::Undo(_) => "undo",
        }
    }
}

/// What a probe found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeOutcome {
    /// The agent can work.
    Ready,
    /// It cannot; the text says why.
    Refused(String),
    /// Another workstream is its trial; the text says so.
    OnTrial(String),
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It exited with 0.
    Passed,
    /// It said no; the text is its last words.
    Failed(String),
    /// It said no while the machine was short of something; the text says what, and its last words.
    Starved(String),
    /// It did not end in time and was ended.
    TimedOut,
    /// It could not be run; the text says why.
    NotRun(String),
}

/// What comes into the core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// This is what is to be done: the first event of all, and again when the configuration changes.
    Defined(Box<Definition>),
    /// The operator asks for something.
    Operator(Request),
    /// A slot is free and all that must come before is done.
    Admitted,
    /// The worktree is there.
    Prepared {
        /// For this attempt.
        attempt: AttemptId,
        /// Its path.
        worktree: String,
        /// Its branch.
        branch: String,
    },
    /// The worktree could not be made.
    NotPrepared {
        /// For this attempt.
        attempt: AttemptId,
        /// Why.
        error: String,
    },
    /// The probe has ended.
    Probed {
        /// For this attempt.
        attempt: AttemptId,
        /// What it found.
        outcome: ProbeOutcome,
    },
    /// An agent that may take over was asked ahead whether it can work.
    Warmed {
        /// The agent.
        agent: AgentName,
        /// Why it cannot; none if it can.
        refused: Option<String>,
    },
    /// This is what the attempt was handed over, as it was seen before its agent starts.
    Transferred {
        /// The attempt.
        attempt: AttemptId,
        /// What.
        transfer: Transfer,
    },
    /// The agent runs.
    Started {
        /// The attempt.
        attempt: AttemptId,
        /// Its keeper.
        keeper: ProcessIdentity,
        /// Its main process.
        agent: ProcessIdentity,
    },
    /// The agent could not be started, and nothing of it runs.
    NotStarted {
        /// The attempt.
        attempt: AttemptId,
        /// What kind of failure.
        class: FailureClass,
        /// Why.
        error: String,
    },
    /// This is the last evidence of progress.
    Active {
        /// The attempt.
        attempt: AttemptId,
        /// When it was seen.
        at: Timestamp,
    },
    /// The agent told how far it is.
    Progressed {
        /// The attempt.
        attempt: AttemptId,
        /// How far.
        progress: Progress,
    },
    /// The agent's own words that explain what it is doing, such as a retry of its own.
    Remarked {
        /// The attempt.
        attempt: AttemptId,
        /// What it said.
        evidence: Evidence,
    },
    /// The agent's own words show that it will not come to an end by itself.
    Hopeless {
        /// The attempt.
        attempt: AttemptId,
        /// What kind of failure it is.
        class: FailureClass,
        /// What it said.
        evidence: Evidence,
    },
    /// The agent waits for the operator, or no longer.
    Waiting {
        /// The attempt.
        attempt: AttemptId,
        /// Its question; none if it goes on.
        on: Option<Evidence>,
    },
    /// The agent told what it took so far, or by which name it can be gone on with.
    Accounted {
        /// The attempt.
        attempt: AttemptId,
        /// What it told.
        account: Box<Account>,
    },
    /// The agent has ended; its processes are gone, or `tree.left` of them are not.
    Exited {
        /// The attempt.
        attempt: AttemptId,
        /// How.
        ended: Box<Ended>,
    },
    /// The checkpoint after the attempt is made.
    Saved {
        /// The attempt.
        attempt: AttemptId,
        /// The change against the base; none if it could not be read.
        diff: Option<DiffSize>,
        /// What went wrong, if anything.
        error: Option<String>,
    },
    /// The check has ended.
    Checked {
        /// The attempt.
        attempt: AttemptId,
        /// What it found.
        outcome: CheckOutcome,
    },
    /// To some agents work does not go through freely, or all launches are held; this holds until it is told anew.
    Barred(Box<Guarded>),
    /// The machine has slept for so long, while the world went on.
    Slept(#[serde(with = "millis")] Duration),
    /// This process runs the policy from here on.
    Owned {
        /// Which process.
        owner: ProcessIdentity,
    },
    /// Time has passed.
    Tick,
}

impl Event {
    /// Returns the attempt that this event reports on.
    pub fn attempt(&self) -> Option<AttemptId> {
        match self {
            Self::Prepared { attempt, .. }
            | Self::NotPrepared { attempt, .. }
            | Self::Probed { attempt, .. }
            | Self::Transferred { attempt, .. }
            | Self::Started { attempt, .. }
            | Self::NotStarted { attempt, .. }
            | Self::Active { attempt, .. }
            | Self::Progressed { attempt, .. }
            | Self::Remarked { attempt, .. }
            | Self::Hopeless { attempt, .. }
            | Self::Waiting { attempt, .. }
            | Self::Accounted { attempt, .. }
            | Self::Exited { attempt, .. }
            | Self::Saved { attempt, .. }
            | Self::Checked { attempt, .. } => Some(*attempt),
            Self::Defined(_)
            | Self::Operator(_)
            | Self::Admitted
            | Self::Barred(_)
            | Self::Warmed { .. }
            | Self::Slept(_)
            | Self::Owned { .. }
            | Self::Tick => None,
        }
    }
}
