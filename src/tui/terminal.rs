//! The terminal while it is ours: taken over as a whole, given back as a whole, whatever ends the screen.
//!
//! It is given back by [`Terminal::leave`], by drop, by the panic hook (only for a panic of the screen's own thread: any
//! other leaves the screen drawing) and by the last resort of a hang-up. Giving it back twice does nothing.

pub mod canvas;
pub mod dialect;
mod panics;
mod tty;

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::io::Errno;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use thiserror::Error;

pub use dialect::Dialect;
pub use panics::{PanicHook, contain};
pub use tty::{Tty, WriteError};

/// What is switched on, and how it is switched off, which is done in the opposite order.
///
/// Mouse buttons and drags are asked for, not every movement. The keyboard flag tells Esc from the start of a sequence;
/// terminals that do not know it do not answer.
const XTERM: &[(&str, &str)] = &[
    ("\x1b[22;2t", "\x1b[23;2t"),
    ("\x1b[?1049h", "\x1b[?1049l"),
    ("\x1b[?25l", "\x1b[?25h"),
    ("\x1b[>1u", "\x1b[<1u"),
    ("\x1b[?2004h", "\x1b[?2004l"),
    ("\x1b[?1002h", "\x1b[?1002l"),
    ("\x1b[?1006h", "\x1b[?1006l"),
];
/// The same for terminals that know the plain sequences only. Some have no other screen: what is on theirs goes away.
const PLAIN: &[(&str, &str)] = &[
    ("\x1b[?1049h", "\x1b[H\x1b[2J\x1b[?1049l"),
    ("\x1b[?25l", "\x1b[?25h"),
    ("\x1b[?2004h", "\x1b[?2004l"),
    ("\x1b[?1002h", "\x1b[?1002l"),
    ("\x1b[?1006h", "\x1b[?1006l"),
];
/// Ends a frame that was cut off: the sequence, the synchronized update, the colours.
const CUT: &str = "\x18\x1b[?2026l\x1b[0m";
/// A terminal that takes no bytes is given back without them after this time.
pub(super) const PATIENCE: Duration = Duration::from_millis(200);

/// Why there is no screen.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// There is no terminal.
    #[error("there is no terminal to draw on ({0}); `ostler up --headless` works without one")]
    Missing(std::io::Error),
    /// It could not be taken over.
    #[error("the terminal cannot be taken over ({0}); `ostler up --headless` works without one")]
    Refused(std::io::Error),
}

impl TerminalError {
    /// Says whether the terminal was there and has gone away.
    pub fn is_hangup(&self) -> bool {
        let (Self::Missing(error) | Self::Refused(error)) = self;
        let gone = [Errno::IO, Errno::NXIO, Errno::NOTTY].map(Errno::raw_os_error);
        error.raw_os_error().is_some_and(|code| gone.contains(&code))
    }
}

/// How to give the terminal back, from any thread.
#[derive(Debug)]
pub struct Restore {
    tty: Arc<Tty>,
    before: Termios,
    modes: &'static [(&'static str, &'static str)],
    taken: AtomicBool,
}

impl Restore {
    /// Gives the terminal back, once; bounded in time even if it takes no bytes.
    pub fn restore(&self) {
        if !self.taken.swap(false, Ordering::SeqCst) {
            return;
        }
        let mut bytes = CUT.to_owned();
        bytes.extend(self.modes.iter().rev().map(|(_, off)| *off));
        // Errors cannot be helped here: the terminal may be gone.
        drop(self.tty.write_within(bytes.as_bytes(), PATIENCE));
        let _ = tcflush(self.tty.as_fd(), QueueSelector::IFlush);
        let _ = tcsetattr(self.tty.as_fd(), OptionalActions::Now, &self.before);
    }

    /// Says whether the terminal is taken over now.
    pub fn is_taken(&self) -> bool {
        self.taken.load(Ordering::SeqCst)
    }

    fn take(&self) -> std::io::Result<()> {
        let mut raw = self.before.clone();
        raw.make_raw();
        tcsetattr(self.tty.as_fd(), OptionalActions::Now, &raw)?;
        self.taken.store(true, Ordering::SeqCst);
        let bytes: String = self.modes.iter().map(|(on, _)| *on).collect();
        self.tty.write_within(bytes.as_bytes(), PATIENCE).map_err(std::io::Error::from)
    }
}

/// The terminal while it is ours.
#[derive(Debug)]
pub struct Terminal {
    restore: Arc<Restore>,
}

impl Terminal {
    /// Takes the terminal over.
    pub fn enter(tty: Arc<Tty>, dialect: Dialect) -> Result<Self, TerminalError> {
        let before =
            tcgetattr(tty.as_fd()).map_err(|error| TerminalError::Missing(error.into()))?;
        let modes = match dialect {
            Dialect::Xterm => XTERM,
            Dialect::Plain => PLAIN,
        };
        let restore = Restore { tty, before, modes, taken: AtomicBool::new(false) };
        let terminal = Self { restore: Arc::new(restore) };
        terminal.restore.take().map_err(TerminalError::Refused)?;
        Ok(terminal)
    }

    /// Gives it back for a while.
    pub fn leave(&self) {
        self.restore.restore();
    }

    /// Takes it over again, also if another program changed its modes meanwhile.
    pub fn reenter(&self) -> Result<(), TerminalError> {
        // Some modes are kept on a stack by the terminal, so they are never asked for twice.
        self.restore.restore();
        self.restore.take().map_err(TerminalError::Refused)
    }

    /// Returns how to give it back from elsewhere.
    pub fn restore(&self) -> Arc<Restore> {
        Arc::clone(&self.restore)
    }

    /// Returns its columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.restore.tty.size()
    }

    /// Writes a frame; waits while the terminal takes no bytes, until `stop` is readable.
    pub fn write(&self, bytes: &[u8], stop: BorrowedFd<'_>) -> Result<(), WriteError> {
        self.restore.tty.write_until(bytes, stop)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.restore.restore();
    }
}
