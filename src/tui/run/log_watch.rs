//! Word that a log in sight has grown.
//!
//! The kernel's own notification is used without a layer between: a file that is written to all the time then costs one
//! wake-up in [`GAP`] however often it is written to, and turning to another file takes two calls that wait for nobody.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init, remove_watch};
use rustix::io::Errno;

use crate::tui::input::{Bell, Rung, string};

/// The bell is rung at most once in this time, which is as often as new output is drawn.
const GAP: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Watches the files in sight; dropping this ends it.
#[derive(Debug)]
pub(super) struct LogWatch {
    inotify: Arc<OwnedFd>,
    watched: Vec<(PathBuf, i32)>,
    string: Option<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl LogWatch {
    pub(super) fn start(bell: Bell) -> io::Result<Self> {
        let inotify = Arc::new(init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?);
        let (pulled, wake) = string()?;
        let events = Arc::clone(&inotify);
        let thread = std::thread::Builder::new()
            .name("screen-log".to_owned())
            .spawn(move || listen(&events, &wake, &bell))?;
        Ok(Self { inotify, watched: Vec::new(), string: Some(pulled), thread: Some(thread) })
    }

    /// Turns to these files, as far as they are there and not watched yet.
    pub(super) fn watch(&mut self, paths: &[&Path]) {
        let (stay, go): (Vec<_>, Vec<_>) = std::mem::take(&mut self.watched)
            .into_iter()
            .partition(|(watched, _)| paths.contains(&watched.as_path()));
        self.watched = stay;
        for (_, watch) in go {
            // A file that was removed is not watched any more, which is what is wanted.
            let _ = remove_watch(&*self.inotify, watch);
        }
        for path in paths {
            if !self.watched.iter().any(|(watched, _)| watched == path) {
                self.begin(path);
            }
        }
    }

    fn begin(&mut self, path: &Path) {
        let flags = WatchFlags::MODIFY | WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF;
        match add_watch(&*self.inotify, path, flags) {
            Ok(watch) => self.watched.push((path.to_owned(), watch)),
            Err(Errno::NOENT) => {}
            Err(error) => tracing::warn!(path = %path.display(), %error, "a log is not watched"),
        }
    }
}

impl Drop for LogWatch {
    fn drop(&mut self) {
        self.string = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn listen(inotify: &OwnedFd, wake: &OwnedFd, bell: &Bell) {
    let mut buffer = [0; 4096];
    loop {
        let mut fds = [PollFd::new(inotify, PollFlags::IN), PollFd::new(wake, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) if !fds[1].revents().is_empty() => return,
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return,
        }
        // Which file it was and how often does not matter.
        while rustix::io::read(inotify, &mut buffer).is_ok() {}
        bell.ring(Rung::LOG);
        let mut fds = [PollFd::new(wake, PollFlags::IN)];
        if poll(&mut fds, Some(&GAP)).is_ok_and(|ready| ready > 0) {
            return;
        }
    }
}
