//! What is said over a keeper's socket: JSON, one value a line, at most [`LINE`] bytes each way.
//!
//! A keeper says [`Message::Hello`] first, and [`Message::Exited`] after it if all is over already. Every request is
//! answered once and in order ([`Message::Done`], [`Message::Refused`] or [`Message::Stat`]);
//! [`Message::Exited`] comes in between when it happens.

use serde::{Deserialize, Serialize};

use super::record::{ExitRecord, Status};

/// The longest line, in bytes, its end included.
pub const LINE: usize = 64 * 1024;

/// What a keeper can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// End the whole process tree: TERM, after the grace KILL.
    Stop {
        /// The time between the two, in milliseconds.
        grace_ms: u64,
    },
    /// End the whole process tree by KILL, now.
    Kill,
    /// Type into the agent's terminal.
    Input {
        /// What to type, control characters included.
        text: String,
    },
    /// Change the size of the agent's terminal.
    Resize {
        /// Its width.
        columns: u16,
        /// Its height.
        rows: u16,
    },
    /// Move the hard deadline.
    Deadline {
        /// How far from now, in milliseconds.
        in_ms: u64,
    },
    /// The exit is known, or will be read from its file: the keeper may leave once all is over.
    Release,
    /// Tell where things are.
    Stat,
}

/// What a keeper says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// The first words to every client.
    Hello {
        /// The format that this keeper speaks and writes.
        version: u32,
        /// What is kept.
        name: String,
    },
    /// The request was carried out, or is under way.
    Done,
    /// The request was not carried out.
    Refused {
        /// Why.
        reason: String,
    },
    /// Where things are.
    Stat(Stat),
    /// All is over and recorded; said again if the record had to be corrected.
    Exited(ExitRecord),
}

/// Where an attempt is, as its keeper tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// The same as in `status.json`.
    pub status: Status,
    /// The size of the log, in bytes.
    pub log_bytes: u64,
    /// The time to the hard deadline, in milliseconds; none if there is none, or nothing left to end.
    pub deadline_in_ms: Option<u64>,
}
