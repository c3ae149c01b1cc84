//! Being told by the kernel that a file has changed, so that nothing is polled.
//!
//! Only where the kernel has no more watches to give, files are looked at instead.

mod looks;

use std::collections::HashMap;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use tokio::net::unix::pipe::Receiver;
use tokio::sync::oneshot;

use looks::Looks;

/// Watches files and directories for as long as this lives.
#[derive(Clone, Debug)]
pub struct Watch {
    /// None if the kernel gave nothing to be told by.
    shared: Option<Arc<Shared>>,
    looks: Looks,
}

struct Shared {
    // Not a pipe, but read like one: the runtime only needs to know when there is something to read.
    events: Receiver,
    listeners: Mutex<HashMap<i32, Listener>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// What is called.
type Told = Arc<dyn Fn() + Send + Sync>;

/// The user may have no more watches (`inotify_add_watch(2)`: `ENOSPC`).
const NO_MORE: i32 = rustix::io::Errno::NOSPC.raw_os_error();
/// The length of an event without its name, in bytes.
const HEAD: usize = 16;

enum Listener {
    Once(Vec<oneshot::Sender<()>>),
    Always(Told),
}

impl Watch {
    /// Begins to watch; the watching ends with the runtime.
    pub fn start() -> Self {
        let looks = Looks::default();
        match Shared::new() {
            Ok(shared) => {
                let shared = Arc::new(shared);
                tokio::spawn(listen(Arc::clone(&shared)));
                Self { shared: Some(shared), looks }
            }
            Err(error) => {
                tracing::warn!("the kernel tells of no changes ({error}), so files are looked at");
                Self { shared: None, looks }
            }
        }
    }

    /// Says whether the kernel tells of changes.
    pub fn is_told(&self) -> bool {
        self.shared.is_some()
    }

    /// Returns a receiver that is told once, when the file is next written to, or something in the directory is written
    /// to, made or moved there.
    ///
    /// However fast a file grows, it costs one wake-up: the kernel removes the watch as it fires.
    pub fn modified(&self, path: &Path) -> io::Result<oneshot::Receiver<()>> {
        let told = self.shared.as_ref().map(|shared| shared.modified(path));
        match told {
            Some(Err(error)) if error.raw_os_error() != Some(NO_MORE) => Err(error),
            Some(Ok(receiver)) => Ok(receiver),
            Some(Err(_)) | None => Ok(looks::modified(path)),
        }
    }

    /// Calls `told` whenever something in the directory was written to, moved there, or closed after writing.
    pub fn directory(&self, path: &Path, told: Told) -> io::Result<()> {
        let flags = WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO;
        self.always(path, flags, told)
    }

    /// Calls `told` whenever a file in the directory that could be written to is closed, as a lock is when its holder ends.
    pub fn releases(&self, path: &Path, told: Told) -> io::Result<()> {
        self.always(path, WatchFlags::CLOSE_WRITE, told)
    }

    fn always(&self, path: &Path, flags: WatchFlags, told: Told) -> io::Result<()> {
        let watched = self.shared.as_ref().map(|shared| shared.always(path, flags, &told));
        match watched {
            Some(Err(error)) if error.raw_os_error() != Some(NO_MORE) => Err(error),
            Some(Ok(())) => Ok(()),
            // A lock that is freed leaves no trace to look for, so the look is the caller's.
            Some(Err(_)) | None => {
                self.looks.always(path, told);
                Ok(())
            }
        }
    }
}

impl Shared {
    fn new() -> io::Result<Self> {
        let descriptor = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        let events = Receiver::from_owned_fd_unchecked(descriptor)?;
        Ok(Self { events, listeners: Mutex::new(HashMap::new()) })
    }

    fn modified(&self, path: &Path) -> io::Result<oneshot::Receiver<()>> {
        let (sender, receiver) = oneshot::channel();
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let flags = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO;
        let flags = flags | WatchFlags::ONESHOT;
        let id = inotify::add_watch(self.events.as_fd(), path, flags)?;
        match listeners.get_mut(&id) {
            Some(Listener::Once(senders)) => {
                senders.retain(|waiting| !waiting.is_closed());
                senders.push(sender);
            }
            Some(Listener::Always(_)) | None => {
                listeners.insert(id, Listener::Once(vec![sender]));
            }
        }
        Ok(receiver)
    }

    fn always(&self, path: &Path, flags: WatchFlags, told: &Told) -> io::Result<()> {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let id = inotify::add_watch(self.events.as_fd(), path, flags)?;
        listeners.insert(id, Listener::Always(Arc::clone(told)));
        Ok(())
    }
}

async fn listen(shared: Arc<Shared>) {
    while shared.events.readable().await.is_ok() {
        for call in fired(&shared.events, &shared.listeners) {
            call();
        }
    }
}

/// Reads all events, tells those who wait for one, and returns what is to be called, each once.
fn fired(events: &Receiver, listeners: &Mutex<HashMap<i32, Listener>>) -> Vec<Told> {
    let mut seen = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while let Ok(read) = events.try_read(&mut buffer) {
        for (watch, mask) in parse(&buffer[..read]) {
            // A watch that the kernel removed says so with an event of its own, which tells nothing new.
            if mask & ReadFlags::IGNORED.bits() == 0 && !seen.contains(&watch) {
                seen.push(watch);
            }
        }
    }
    let mut listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
    let mut calls = Vec::new();
    for watch in seen {
        if let Some(Listener::Always(call)) = listeners.get(&watch) {
            calls.push(Arc::clone(call));
        } else if let Some(Listener::Once(senders)) = listeners.remove(&watch) {
            for sender in senders {
                let _nobody_waits_any_more = sender.send(());
            }
        }
    }
    calls
}

/// Splits what was read into watches and what befell them (`struct inotify_event`, inotify(7)).
fn parse(mut bytes: &[u8]) -> Vec<(i32, u32)> {
    let mut events = Vec::new();
    while let (Some(watch), Some(mask), Some(length)) =
        (word(bytes, 0), word(bytes, 4), word(bytes, 12))
    {
        events.push((i32::from_ne_bytes(watch), u32::from_ne_bytes(mask)));
        let length = usize::try_from(u32::from_ne_bytes(length)).unwrap_or(usize::MAX);
        bytes = bytes.get(HEAD.saturating_add(length)..).unwrap_or_default();
    }
    events
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at + 4)?.try_into().ok()
}
