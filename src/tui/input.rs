//! What comes from the terminal and from signals, and the end of both.
//!
//! # Why crossterm does not read here
//!
//! When a terminal goes away, `read` returns 0 bytes or an error for ever. crossterm 0.29 takes neither for an end: its
//! reader goes round in a loop inside `poll` and `read`, keeps a core busy, never returns, and holds the lock that any
//! other reader would need. Asking the kernel first whether there is input leaves a gap: crossterm reads on until it has
//! a whole sequence, and the terminal may go away in the middle of one. So its types are used, and its reader is not:
//!
//! - The *reader* waits in `poll` for the terminal and for its wake-up pipe. Its descriptor does not block. Hang-up, error
//!   and end of file end the thread. What was read goes through [`decode::Decoder`], which does no I/O.
//! - The *watcher* waits in `poll` for a hang-up of the same terminal and for signals. It reads nothing, so no input can
//!   hold it up. It says that the end has come, and if nobody listens within [`LAST_RESORT`] it gives the terminal back
//!   and ends the process: a screen that nobody can see must not stay, whatever it is stuck in. Agents do not notice.
//!
//! Both are ended by closing a pipe, so neither ever wakes up to look whether it should end.

mod bell;
pub mod decode;
mod reader;
mod signals;
mod watcher;

use std::io;
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::pipe::{PipeFlags, pipe_with};

pub use bell::{Bell, Message, Rung};
pub use reader::Reader;
pub use watcher::Watcher;

/// So long may the screen take to answer when it is to end.
pub const LAST_RESORT: Duration = Duration::from_millis(900);

/// Why the screen must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The terminal is gone.
    Hangup,
    /// A signal asks for it: its number.
    Signal(i32),
}

impl End {
    /// Returns the exit code that shells expect.
    pub fn code(self) -> i32 {
        match self {
            Self::Hangup => 129,
            Self::Signal(number) => 128 + number,
        }
    }
}

/// Returns the two ends of a pipe: the second becomes readable when the first is dropped.
pub(crate) fn string() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
    Ok((write, read))
}
