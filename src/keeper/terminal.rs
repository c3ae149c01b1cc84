//! The agent's terminal, if it has one: the keeper's end, copied into the log.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::PollFlags;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::complaint;

/// The size until somebody sets another.
const COLUMNS: u16 = 120;
const ROWS: u16 = 40;
/// The most that is held of what the agent has not read yet, in bytes.
const INPUT: usize = 256 * 1024;
/// The most that is read before it is written, in bytes. The kernel gives at most 4 KiB of a terminal in one call.
const CHUNK: usize = 32 * 1024;
/// Chunks between two looks at everything else.
const CHUNKS: usize = 32;
/// The time between two tries when the log cannot be written, or nobody has the terminal open.
const RETRY: Duration = Duration::from_secs(1);

/// The keeper's end of the agent's terminal.
#[derive(Debug)]
pub struct Terminal {
    /// The terminal.
    master: OwnedFd,
    /// Where its output goes.
    log: File,
    /// What was read and could not be written yet.
    unwritten: Vec<u8>,
    /// What was typed and could not be delivered yet.
    untyped: VecDeque<u8>,
    /// When to try again.
    retry: Option<Instant>,
    /// Since when the log cannot be written.
    stalled: Option<Instant>,
    /// The agent is gone and everything was read.
    ended: bool,
}

impl Terminal {
    /// Makes a terminal; the second value is the agent's end.
    pub fn open(log: File) -> Result<(Self, OwnedFd), Errno> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let agent = ioctl_tiocgptpeer(&master, flags)?;
        fcntl_setfl(&master, fcntl_getfl(&master)? | OFlags::NONBLOCK)?;
        let terminal = Self {
            master,
            log,
            unwritten: Vec::new(),
            untyped: VecDeque::new(),
            retry: None,
            stalled: None,
            ended: false,
        };
        terminal.resize(COLUMNS, ROWS)?;
        Ok((terminal, agent))
    }

    /// Sets the size; the agent is told by WINCH.
    pub fn resize(&self, columns: u16, rows: u16) -> Result<(), Errno> {
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.master, size)
    }

    /// Takes what is to be typed.
    pub fn type_in(&mut self, text: &str) -> Result<(), String> {
        if self.untyped.len() + text.len() > INPUT {
            return Err("the agent does not read its input, which is full".to_owned());
        }
        self.untyped.extend(text.as_bytes());
        self.deliver();
        Ok(())
    }

    /// Moves what can be moved; `agent` tells whether more may come later.
    pub fn pump(&mut self, now: Instant, agent: Agent) {
        self.deliver();
        // Waiting for an agent that has closed its end is over when the agent is; waiting for the disk is not.
        let waiting = agent == Agent::Alive || self.stalled.is_some();
        if self.ended || (waiting && self.retry.is_some_and(|at| now < at)) {
            return;
        }
        self.retry = None;
        if !self.write(now) {
            return;
        }
        for _ in 0..CHUNKS {
            let read = self.read();
            if !self.write(now) {
                return;
            }
            match read {
                Read::More => {}
                Read::Dry => return,
                // A living agent may open it again.
                Read::Closed if agent == Agent::Alive => {
                    self.retry = Some(now + RETRY);
                    return;
                }
                Read::Closed => {
                    self.ended = true;
                    return;
                }
            }
        }
    }

    /// Reads until there is nothing left or enough to write.
    fn read(&mut self) -> Read {
        self.unwritten.reserve_exact(CHUNK);
        while self.unwritten.len() < CHUNK {
            match rustix::io::read(&self.master, spare_capacity(&mut self.unwritten)) {
                Ok(1..) | Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Read::Dry,
                Ok(0) | Err(_) => return Read::Closed,
            }
        }
        Read::More
    }

    /// Tells whether everything is in the log.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Tells whether the log could not be written for so long.
    pub fn is_stalled(&self, now: Instant, patience: Duration) -> bool {
        self.stalled.is_some_and(|since| now.duration_since(since) >= patience)
    }

    /// Returns when there is something to do without being woken by the terminal.
    pub fn next(&self) -> Option<Instant> {
        self.retry
    }

    /// What to wait for; none while waiting for the clock, since a terminal that hung up is always ready.
    pub fn wants(&self) -> Option<(&OwnedFd, PollFlags)> {
        if self.ended || self.retry.is_some() {
            return None;
        }
        let typing = if self.untyped.is_empty() { PollFlags::empty() } else { PollFlags::OUT };
        Some((&self.master, PollFlags::IN | typing))
    }

    /// Writes what was read; returns whether all of it is in the log.
    fn write(&mut self, now: Instant) -> bool {
        while !self.unwritten.is_empty() {
            match self.log.write(&self.unwritten) {
                Ok(written @ 1..) => {
                    self.unwritten.drain(..written);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                failed => {
                    if self.stalled.is_none() {
                        self.stalled = Some(now);
                        complaint::note(&format!("the log cannot be written: {failed:?}"));
                    }
                    self.retry = Some(now + RETRY);
                    return false;
                }
            }
        }
        self.stalled = None;
        true
    }

    /// Delivers what was typed.
    fn deliver(&mut self) {
        while !self.untyped.is_empty() {
            match rustix::io::write(&self.master, self.untyped.as_slices().0) {
                Ok(written @ 1..) => {
                    self.untyped.drain(..written);
                }
                Err(Errno::INTR) => {}
                Ok(0) | Err(Errno::AGAIN) => return,
                // Nobody will read it.
                Err(_) => self.untyped.clear(),
            }
        }
    }
}

/// Why reading stopped.
enum Read {
    /// There may be more.
    More,
    /// There is nothing more now.
    Dry,
    /// Nobody has the agent's end open.
    Closed,
}

/// Whether an agent can still use its terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// It can.
    Alive,
    /// Its whole tree is gone.
    Gone,
}
