//! Noticing that a file of the configuration was changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecursiveMode, Watcher as _};

/// Changes that follow each other this closely are told once.
const QUIET: Duration = Duration::from_millis(200);

/// A change is told after this long, even if others keep following it.
const LONGEST: Duration = Duration::from_secs(2);

/// Watches files until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    // Dropping it closes the channel that its thread waits on, which ends the thread.
    _notify: Arc<Mutex<notify::RecommendedWatcher>>,
}

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system refused; often a limit on watches.
    #[error("cannot watch the configuration for changes, so edits apply only after a restart: {0}")]
    System(#[from] notify::Error),
    /// No thread could be started.
    #[error("cannot watch the configuration for changes: {0}")]
    Thread(#[from] std::io::Error),
}

/// Calls `changed` from a thread of its own shortly after one of these files, or a file in one of these folders, was
/// changed, made, replaced or removed.
///
/// Paths need not be there, nor the folders above them: they are noticed when they appear. Folders are watched rather than
/// files, since editors save by renaming. Nothing wakes up while nothing changes.
pub fn watch(
    paths: &[PathBuf],
    changed: impl Fn() + Send + 'static,
) -> Result<Watcher, WatchError> {
    let (send, receive) = mpsc::channel();
    let wanted = Arc::new(Mutex::new(BTreeSet::new()));
    let ours = Arc::clone(&wanted);
    let notify = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // An error means that events were lost: better to look once too often.
        if event.map_or(true, |event| is_change(&event, &locked(&ours))) {
            // The receiver is gone only when the watcher is being dropped.
            send.send(()).ok();
        }
    })?;
    let notify = Arc::new(Mutex::new(notify));
    arm(&notify, paths, &wanted)?;
    let (paths, again) = (paths.to_vec(), Arc::downgrade(&notify));
    thread::Builder::new().name("config watch".to_owned()).spawn(move || {
        tell(&receive, || {
            // Folders that were made meanwhile hold what nobody was watching before.
            if let Some(notify) = again.upgrade()
                && let Err(error) = arm(&notify, &paths, &wanted)
            {
                tracing::warn!("{error}");
            }
            changed();
        });
    })?;
    Ok(Watcher { _notify: notify })
}

/// Watches the folders in which these paths are, or will be.
fn arm(
    notify: &Mutex<notify::RecommendedWatcher>,
    paths: &[PathBuf],
    wanted: &Mutex<BTreeSet<PathBuf>>,
) -> Result<(), WatchError> {
    let targets: BTreeSet<PathBuf> = paths.iter().flat_map(|path| targets(path)).collect();
    let folders: BTreeSet<PathBuf> = targets.iter().filter_map(|path| folder(path)).collect();
    *locked(wanted) = targets;
    let mut notify = locked(notify);
    for folder in &folders {
        notify.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for changes and tells them when it has become quiet.
fn tell(events: &Receiver<()>, changed: impl Fn()) {
    while events.recv().is_ok() {
        let first = Instant::now();
        while first.elapsed() < LONGEST {
            match events.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        changed();
    }
}

/// Returns a path and, if it is a link, what it leads to.
fn targets(path: &Path) -> Vec<PathBuf> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    // The folders above it may not be there yet either.
    let own = absolute.ancestors().skip(1).find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        above.canonicalize().ok().map(|above| above.join(rest))
    });
    let led = absolute.canonicalize().ok();
    own.into_iter().chain(led).collect()
}

/// Returns the folder that has to be watched for a path: itself, or the nearest above it that is there.
fn folder(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.is_dir()).map(Path::to_path_buf)
}

fn is_change(event: &Event, wanted: &BTreeSet<PathBuf>) -> bool {
    let reading = matches!(event.kind, EventKind::Access(_));
    let times = matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_)));
    let ours = |path: &PathBuf| {
        wanted.contains(path)
            || path.parent().is_some_and(|parent| wanted.contains(parent))
            || (event.kind.is_create() || event.kind.is_remove() || is_rename(event.kind))
                && wanted.iter().any(|wanted| wanted.starts_with(path))
    };
    !reading && !times && (event.need_rescan() || event.paths.iter().any(ours))
}

fn is_rename(kind: EventKind) -> bool {
    matches!(kind, EventKind::Modify(ModifyKind::Name(_)))
}
