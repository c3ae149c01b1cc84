//! The terminal as a file of our own.
//!
//! It is opened anew rather than taken from standard output: its flags are then ours alone, so that it can be made
//! non-blocking without the shell noticing, and a terminal that takes no bytes can be waited for together with other things.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::{isatty, tcgetwinsize, ttyname};
use thiserror::Error;

/// What a terminal is taken for that does not know its size.
const USUAL_SIZE: (u16, u16) = (80, 24);

/// Why bytes did not reach the terminal.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The terminal is gone.
    #[error("the terminal is gone")]
    Gone,
    /// It took no bytes for too long, or until something else happened.
    #[error("the terminal takes no bytes")]
    Stalled,
    /// Something else.
    #[error(transparent)]
    Other(#[from] io::Error),
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Other(error) => error,
            gone => Self::other(gone),
        }
    }
}

/// The terminal as a file of our own.
#[derive(Debug)]
pub struct Tty(File);

impl Tty {
    /// Opens the terminal that controls this process, or the one on its standard streams.
    pub fn open() -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let reopen = |path: &Path| open(path, flags, Mode::empty()).map(|fd| Self(fd.into()));
        let refused = match reopen(Path::new("/dev/tty")) {
            Ok(tty) => return Ok(tty),
            Err(error) => error,
        };
        for stream in [rustix::stdio::stdin(), rustix::stdio::stdout()] {
            if isatty(stream) {
                let name = ttyname(stream, Vec::new())?;
                return Ok(reopen(Path::new(OsStr::from_bytes(name.as_bytes())))?);
            }
        }
        Err(refused.into())
    }

    /// Returns its columns and rows.
    pub fn size(&self) -> (u16, u16) {
        match tcgetwinsize(&self.0) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
            Ok(_) | Err(_) => USUAL_SIZE,
        }
    }

    /// Reads what was typed; 0 bytes means that the terminal is gone, and [`Errno::AGAIN`] that nothing was.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize, Errno> {
        rustix::io::read(&self.0, buffer)
    }

    /// Returns the descriptor.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Writes all bytes, in one call unless the terminal is slow; gives up when `stop` is readable.
    pub fn write_until(&self, bytes: &[u8], stop: BorrowedFd<'_>) -> Result<(), WriteError> {
        self.write(bytes, || {
            let mut fds = [PollFd::new(&self.0, PollFlags::OUT), PollFd::new(&stop, PollFlags::IN)];
            match poll(&mut fds, None) {
                Ok(_) if !fds[1].revents().is_empty() => Err(WriteError::Stalled),
                Ok(_) => state(fds[0].revents()),
                Err(Errno::INTR) => Ok(()),
                Err(error) => Err(WriteError::Other(error.into())),
            }
        })
    }

    /// Writes all bytes unless that takes longer than `limit`.
    pub fn write_within(&self, bytes: &[u8], limit: Duration) -> Result<(), WriteError> {
        let end = Instant::now() + limit;
        self.write(bytes, || {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(WriteError::Stalled);
            }
            let mut fds = [PollFd::new(&self.0, PollFlags::OUT)];
            let left = Timespec::try_from(left).map_err(|_| WriteError::Stalled)?;
            match poll(&mut fds, Some(&left)) {
                Ok(_) => state(fds[0].revents()),
                Err(Errno::INTR) => Ok(()),
                Err(error) => Err(WriteError::Other(error.into())),
            }
        })
    }

    fn write(
        &self,
        mut bytes: &[u8],
        mut wait: impl FnMut() -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.0, bytes) {
                Ok(0) | Err(Errno::AGAIN) => wait()?,
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::INTR) => {}
                Err(Errno::IO | Errno::NXIO | Errno::PIPE) => return Err(WriteError::Gone),
                Err(error) => return Err(WriteError::Other(error.into())),
            }
        }
        Ok(())
    }
}

fn state(events: PollFlags) -> Result<(), WriteError> {
    if events.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        Err(WriteError::Gone)
    } else {
        Ok(())
    }
}
