//! The thread that reads what is typed.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;

use super::decode::Decoder;
use super::{Bell, End, string};
use crate::tui::terminal::Tty;

/// What is read at once.
const CHUNK: usize = 4096;
/// An Esc that nothing follows within this time is the key; the rest of a sequence comes sooner, also over slow lines.
const ALONE: Timespec = Timespec { tv_sec: 0, tv_nsec: 40_000_000 };
/// When so much input waits that no more is read, it is looked at again after this time.
const FULL: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// The thread that reads what is typed; dropping this ends it, and nothing is read any more.
#[derive(Debug)]
pub struct Reader {
    string: Option<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts to read.
    pub fn start(tty: Arc<Tty>, bell: Bell) -> io::Result<Self> {
        let (pulled, wake) = string()?;
        let thread = std::thread::Builder::new()
            .name("screen-input".to_owned())
            .spawn(move || read(&tty, &wake, &bell))?;
        Ok(Self { string: Some(pulled), thread: Some(thread) })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.string = None;
        if let Some(thread) = self.thread.take() {
            // It ends by itself; a panic of it was told by the hook.
            drop(thread.join());
        }
    }
}

fn read(tty: &Tty, wake: &OwnedFd, bell: &Bell) {
    let mut decoder = Decoder::default();
    let mut buffer = [0; CHUNK];
    loop {
        let full = bell.is_full();
        let wanted = if full { PollFlags::empty() } else { PollFlags::IN };
        let limit = match (full, decoder.is_waiting()) {
            (true, _) => Some(&FULL),
            (false, true) => Some(&ALONE),
            (false, false) => None,
        };
        let tty_fd = tty.as_fd();
        let mut fds = [PollFd::new(&tty_fd, wanted), PollFd::new(wake, PollFlags::IN)];
        let ready = match poll(&mut fds, limit) {
            Ok(ready) => ready,
            Err(Errno::INTR) => continue,
            Err(_) => return bell.end(End::Hangup),
        };
        let (typed, woken) = (fds[0].revents(), fds[1].revents());
        if !woken.is_empty() {
            return;
        }
        if typed.intersects(GONE) {
            return bell.end(End::Hangup);
        }
        let mut events = Vec::new();
        if typed.contains(PollFlags::IN) {
            match tty.read(&mut buffer) {
                Ok(0) => return bell.end(End::Hangup),
                Ok(count) => decoder.feed(&buffer[..count], &mut events),
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => return bell.end(End::Hangup),
            }
        } else if ready == 0 && !full {
            decoder.flush(&mut events);
        }
        if !events.is_empty() && !bell.pass(events) {
            return;
        }
    }
}
