//! Being told by the kernel that a file has changed, so that nothing is polled.

use std::collections::HashMap;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use tokio::io::unix::AsyncFd;
use tokio::sync::oneshot;

/// Watches files and directories for as long as this lives.
#[derive(Clone, Debug)]
pub struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    descriptor: AsyncFd<OwnedFd>,
    listeners: Mutex<HashMap<i32, Listener>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

enum Listener {
    Once(Vec<oneshot::Sender<()>>),
    Always(Arc<dyn Fn() + Send + Sync>),
}

impl Watch {
    /// Begins to watch; the watching ends with the runtime.
    pub fn start() -> io::Result<Self> {
        let descriptor = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        let shared = Arc::new(Shared {
            descriptor: AsyncFd::register(descriptor)?,
            listeners: Mutex::new(HashMap::new()),
        });
        tokio::spawn(listen(Arc::clone(&shared)));
        Ok(Self { shared })
    }

    /// Returns a receiver that is told once, when the file is next written to.
    ///
    /// However fast the file grows, it costs one wake-up: the kernel removes the watch as it fires.
    pub fn modified(&self, path: &Path) -> io::Result<oneshot::Receiver<()>> {
        let (sender, receiver) = oneshot::channel();
        let mut listeners =
            self.shared.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let flags = WatchFlags::MODIFY | WatchFlags::ONESHOT;
        let id = inotify::add_watch(self.shared.descriptor.get_ref(), path, flags)?;
        match listeners.get_mut(&id) {
            Some(Listener::Once(senders)) => senders.push(sender),
            Some(Listener::Always(_)) | None => {
                listeners.insert(id, Listener::Once(vec![sender]));
            }
        }
        Ok(receiver)
    }

    /// Calls `told` whenever something in the directory was written to, moved there, or closed after writing.
    pub fn directory(&self, path: &Path, told: Arc<dyn Fn() + Send + Sync>) -> io::Result<()> {
        self.always(path, WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO, told)
    }

    /// Calls `told` whenever a file in the directory that could be written to is closed, as a lock is when its holder ends.
    pub fn releases(&self, path: &Path, told: Arc<dyn Fn() + Send + Sync>) -> io::Result<()> {
        self.always(path, WatchFlags::CLOSE_WRITE, told)
    }

    fn always(
        &self,
        path: &Path,
        flags: WatchFlags,
        told: Arc<dyn Fn() + Send + Sync>,
    ) -> io::Result<()> {
        let mut listeners =
            self.shared.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let id = inotify::add_watch(self.shared.descriptor.get_ref(), path, flags)?;
        listeners.insert(id, Listener::Always(told));
        Ok(())
    }
}

async fn listen(shared: Arc<Shared>) {
    loop {
        let Ok(mut ready) = shared.descriptor.readable().await else { return };
        let fired = drain(shared.descriptor.get_ref());
        ready.clear_ready();
        let mut told = Vec::new();
        {
            let mut listeners = shared.listeners.lock().unwrap_or_else(PoisonError::into_inner);
            for id in fired {
                match listeners.get(&id) {
                    Some(Listener::Always(call)) => told.push(Arc::clone(call)),
                    Some(Listener::Once(_)) => {
                        if let Some(Listener::Once(senders)) = listeners.remove(&id) {
                            for sender in senders {
                                let _nobody_waits_any_more = sender.send(());
                            }
                        }
                    }
                    None => {}
                }
            }
        }
        for call in told {
            call();
        }
    }
}

/// Reads all events and returns the watches they are about, each once.
fn drain(descriptor: &OwnedFd) -> Vec<i32> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut reader = inotify::Reader::new(descriptor, &mut buffer);
    let mut fired = Vec::new();
    while let Ok(event) = reader.next() {
        // A watch that the kernel removed says so with an event of its own, which tells nothing new.
        let removed = event.events().contains(ReadFlags::IGNORED);
        if !removed && !fired.contains(&event.wd()) {
            fired.push(event.wd());
        }
    }
    fired
}
