//! Who runs the policy of a workstream: the one that holds its lock, which the kernel frees when the holder dies.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::core::ProcessIdentity;

/// The name of the lock in its workstream's directory.
pub const NAME: &str = "owner.lock";

/// What an owner says of itself in its lock file; advice only, the lock is the truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerCard {
    /// The process.
    pub process: ProcessIdentity,
    /// Its socket.
    pub socket: PathBuf,
    /// What it is.
    #[serde(default)]
    pub kind: OwnerKind,
}

/// What an owner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// It has an operator: a screen, or a command in a terminal.
    #[default]
    Attended,
    /// A detached worker.
    Worker,
}

/// The right to run the policy of one workstream, for as long as this lives.
#[derive(Debug)]
pub struct Ownership {
    _lock: File,
}

impl Ownership {
    /// Takes the lock if nobody holds it.
    pub fn acquire(workstream_dir: &Path, card: &OwnerCard) -> io::Result<Option<Self>> {
        let path = workstream_dir.join(NAME);
        let Some(mut lock) = try_lock(&path)? else { return Ok(None) };
        lock.set_len(0)?;
        lock.write_all(&serde_json::to_vec(card)?)?;
        Ok(Some(Self { _lock: lock }))
    }
}

/// Takes a lock file if nobody holds it.
///
/// The file is looked at through a descriptor that cannot write, and only held through one that can: watchers of
/// `IN_CLOSE_WRITE` are so told of each release and never of a mere attempt.
pub fn try_lock(path: &Path) -> io::Result<Option<File>> {
    if is_held(path)? {
        return Ok(None);
    }
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Says whether somebody holds a lock file.
pub fn is_held(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(fs::TryLockError::WouldBlock) => Ok(true),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Returns what the owner says of itself, if somebody holds the lock.
pub fn owner(workstream_dir: &Path) -> Option<OwnerCard> {
    let path = workstream_dir.join(NAME);
    if !is_held(&path).ok()? {
        return None;
    }
    serde_json::from_slice(&fs::read(&path).ok()?).ok()
}
