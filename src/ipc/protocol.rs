//! What one process asks of a supervisor: a JSON object a line, each way.

use serde::{Deserialize, Serialize};

use super::touch::Touch;
use crate::core::{AttemptId, Request, WorkstreamId};

/// The longest line that is read, in bytes; a note may be long, a flood may not.
pub const LINE_LIMIT: usize = 256 * 1024;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// An operator's request to a workstream.
    Request {
        /// The workstream.
        workstream: WorkstreamId,
        /// The request.
        request: Request,
    },
    /// Something at the terminal of a workstream's agent.
    Touch {
        /// The workstream.
        workstream: WorkstreamId,
        /// The attempt whose agent is meant; another one gets nothing of it.
        attempt: AttemptId,
        /// What is done.
        touch: Touch,
    },
    /// Nothing: only an answer.
    Ping,
    /// Give up the policy of a workstream, so that the one who asks can take it.
    Release {
        /// The workstream.
        workstream: WorkstreamId,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done, or under way.
    Done,
    /// It cannot be done; the text says why.
    Refused(String),
    /// Who was asked does not run it, or no longer, and has done nothing.
    Elsewhere,
}
