//! Whose turn it is to add or remove a worktree: one process at a time, elected by a lock that the kernel releases.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::WorktreeError;

/// How long others may take before we give up; several large checkouts fit into it.
const PATIENCE: Duration = Duration::from_secs(240);

/// The longest time between two tries: nobody tells us when it is our turn, and a turn lasts a few of these.
const LONGEST_PAUSE: Duration = Duration::from_millis(15);

/// The right to add or remove a worktree, until it is dropped.
pub(super) struct Turn(File);

impl Turn {
    /// Waits for the right.
    pub fn take(common: &Path) -> Result<Self, WorktreeError> {
        let path = common.join("ostler.lock");
        let mut open = OpenOptions::new();
        let file = open.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(WorktreeError::io("opened", &path))?;
        let started = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(source)) => {
                    return Err(WorktreeError::io("locked", path)(source));
                }
                Err(TryLockError::WouldBlock) if started.elapsed() > PATIENCE => {
                    return Err(WorktreeError::Busy { path, waited: PATIENCE });
                }
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Returns the lock for a command to hold as well: if this process dies, the turn lasts until the command has ended.
    pub fn share(&self) -> Result<File, WorktreeError> {
        self.0.try_clone().map_err(WorktreeError::io("shared", "ostler.lock"))
    }
}
