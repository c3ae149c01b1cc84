//! Signals as bytes of a socket, so that they can be waited for together with the terminal.

use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::SigId;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::{pipe, unregister};

const SIGNALS: &[i32] = &[SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT];

/// The signals that concern the screen.
#[derive(Debug)]
pub(super) struct Signals {
    stream: UnixStream,
    came: Vec<(i32, Arc<AtomicBool>)>,
    ids: Vec<SigId>,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let (stream, write) = UnixStream::pair()?;
        stream.set_nonblocking(true)?;
        let mut signals = Self { stream, came: Vec::new(), ids: Vec::new() };
        for signal in SIGNALS {
            let came = Arc::new(AtomicBool::new(false));
            signals.came.push((*signal, Arc::clone(&came)));
            // In this order: whoever is woken by the byte finds the flag.
            signals.ids.push(signal_hook::flag::register(*signal, came)?);
            signals.ids.push(pipe::register(*signal, write.try_clone()?)?);
        }
        Ok(signals)
    }

    /// Returns what becomes readable when a signal comes.
    pub(super) fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// Returns the signals that came since the last call.
    pub(super) fn take(&mut self) -> Vec<i32> {
        let mut bytes = [0; 64];
        while self.stream.read(&mut bytes).is_ok_and(|count| count == bytes.len()) {}
        let came = |(signal, flag): &(i32, Arc<AtomicBool>)| {
            flag.swap(false, Ordering::SeqCst).then_some(*signal)
        };
        self.came.iter().filter_map(came).collect()
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            unregister(id);
        }
    }
}
