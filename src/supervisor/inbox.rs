//! What reaches the supervisor's loop, in one order.

use tokio::sync::oneshot;

use super::alert_ways::Way;
use crate::core::alert;
use crate::core::outcome::Say;
use crate::core::{AgentName, AttemptId, Event, Request, WorkstreamId};
use crate::ipc::protocol::{Answer, Ask};
use crate::ipc::touch::Touch;

/// What reaches the supervisor's loop.
#[derive(Debug)]
pub enum Message {
    /// A report on a workstream.
    Event(WorkstreamId, Event),
    /// The operator of this process wants something.
    Command(Command),
    /// Another process asks for something.
    Asked(Ask, oneshot::Sender<Answer>),
    /// Something changed in the directory of a workstream that another process runs.
    Stirred(WorkstreamId),
    /// Whether the owner of what is not ours, the process with this number, answers.
    Answers(u32, bool),
    /// A slot may have become free.
    SlotFreed,
    /// Somebody has written into the outcome log, or another file beside it.
    OutcomesWritten,
    /// The configuration files have changed.
    Reconfigured,
    /// An alert was passed on this way; in words what went wrong, if something did.
    Passed(Way, Option<String>),
    /// Something is worth telling that no workstream's rules know of.
    Told(Option<WorkstreamId>, crate::core::notice::Severity, String),
    /// Nothing is being done in the worktree of a workstream that somebody else wants.
    Quiet(WorkstreamId, oneshot::Sender<Answer>),
    /// The owner of a workstream that we want has let go of it.
    Free(WorkstreamId),
}

/// What the operator of this process wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Something of a workstream.
    Request(WorkstreamId, Request),
    /// Something at the terminal of the agent of this attempt.
    Touch(WorkstreamId, AttemptId, Touch),
    /// A detached worker goes on with it.
    Detach(WorkstreamId),
    /// This process goes on with it.
    Attach(WorkstreamId),
    /// The breaker of an agent does this.
    Breaker(AgentName, Say),
    /// Launches are paused, or no longer.
    Pause(Launches),
    /// The operator has taken note of this alert; of all without a name.
    Acknowledge(Option<alert::Key>),
    /// The operator takes no note of this alert after all.
    Recall(alert::Key),
    /// Leave; what is not at rest goes on in a detached worker.
    Leave,
    /// Stop everything, and leave when it has ended.
    StopAll,
}

/// Whether new attempts may start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Launches {
    /// They may.
    #[default]
    Open,
    /// They may not.
    Paused,
}
