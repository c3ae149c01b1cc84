//! Looking at files, where the kernel does not tell of changes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Told;

/// The time between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is looked at again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    tasks: Arc<Mutex<HashMap<PathBuf, JoinHandle<()>>>>,
}

impl Looks {
    /// Calls `told` at every look, in the place of what was called for this path before.
    pub(super) fn always(&self, path: &Path, told: Told) {
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                told();
            }
        });
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = tasks.insert(path.to_owned(), task) {
            before.abort();
        }
    }
}

/// Returns a receiver that is told once, when a look finds the file or what is in the directory changed.
pub(super) fn modified(path: &Path) -> oneshot::Receiver<()> {
    let (mut sender, receiver) = oneshot::channel();
    let (path, before) = (path.to_owned(), stamps(path));
    tokio::spawn(async move {
        while stamps(&path) == before {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = sender.closed() => return,
            }
        }
        let _nobody_waits_any_more = sender.send(());
    });
    receiver
}

/// What changes when a file is written to, or one in a directory.
fn stamps(path: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let paths = entries.chain([path.to_owned()]);
    let mut stamps: Vec<_> = paths
        .filter_map(|path| {
            let meta = path.metadata().ok()?;
            Some((path, meta.len(), meta.modified().ok()))
        })
        .collect();
    stamps.sort();
    stamps
}
