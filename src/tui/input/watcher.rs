//! The thread that notices a hang-up and signals, whatever all others are doing.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTSTP, SIGWINCH};

use super::signals::Signals;
use super::{Bell, End, LAST_RESORT, Rung, string};
use crate::tui::terminal::Tty;

/// The thread that notices a hang-up and signals; dropping this ends it and its last resort.
#[derive(Debug)]
pub struct Watcher {
    string: Option<OwnedFd>,
    over: OwnedFd,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Starts to watch. `last_resort` is called, and the process ends, if the end is not answered by dropping this.
    pub fn start(
        tty: Arc<Tty>,
        bell: Bell,
        last_resort: impl FnOnce(End) + Send + 'static,
    ) -> io::Result<Self> {
        let (pulled, wake) = string()?;
        let (ended, over) = string()?;
        let mut signals = Signals::listen()?;
        let thread =
            std::thread::Builder::new().name("screen-watch".to_owned()).spawn(move || {
                let Some(end) = watch(&tty, &wake, &mut signals, &bell) else { return };
                bell.end(end);
                // A screen that waits for a slow terminal is let go.
                drop(ended);
                if !answered(&wake) {
                    last_resort(end);
                    std::process::exit(end.code());
                }
            })?;
        Ok(Self { string: Some(pulled), over, thread: Some(thread) })
    }

    /// Returns what becomes readable when the end has come.
    pub fn over(&self) -> BorrowedFd<'_> {
        self.over.as_fd()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.string = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Watches until the end comes, or until nobody wants to know.
fn watch(tty: &Tty, wake: &OwnedFd, signals: &mut Signals, bell: &Bell) -> Option<End> {
    loop {
        let came = {
            let (tty, signal) = (tty.as_fd(), signals.as_fd());
            let mut fds = [
                // No event is asked for: a hang-up is reported always, and input must not wake this thread.
                PollFd::new(&tty, PollFlags::empty()),
                PollFd::new(&signal, PollFlags::IN),
                PollFd::new(wake, PollFlags::IN),
            ];
            match poll(&mut fds, None) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(_) => return Some(End::Hangup),
            }
            if !fds[2].revents().is_empty() {
                return None;
            }
            if !fds[0].revents().is_empty() {
                return Some(End::Hangup);
            }
            signals.take()
        };
        for signal in came {
            match signal {
                SIGWINCH => bell.ring(Rung::RESIZED),
                SIGTSTP => bell.ring(Rung::SUSPEND),
                SIGCONT => bell.ring(Rung::CONTINUED),
                SIGHUP => return Some(End::Hangup),
                ends => return Some(End::Signal(ends)),
            }
        }
    }
}

/// Waits for the answer to the end; no answer is a no.
fn answered(wake: &OwnedFd) -> bool {
    let limit = Timespec::try_from(LAST_RESORT).ok();
    loop {
        let mut fds = [PollFd::new(wake, PollFlags::IN)];
        match poll(&mut fds, limit.as_ref()) {
            Ok(ready) => return ready > 0,
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
