//! Who runs the policy of a workstream: the one that holds its lock, which the kernel frees when the holder dies.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::journal;
use crate::core::ProcessIdentity;
use crate::keeper::{files, identity, sealed};

/// The name of the lock in its workstream's directory.
pub const NAME: &str = "owner.lock";

/// How often a lock that is only looked at is tried.
const TRIES: u32 = 20;
/// The time between two tries.
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

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
    lock: File,
}

impl Ownership {
    /// Takes the lock if nobody holds it.
    pub fn acquire(workstream_dir: &Path, card: &OwnerCard) -> io::Result<Option<Self>> {
        let path = workstream_dir.join(NAME);
        let Some(lock) = try_lock(&path)? else { return Ok(None) };
        // Written over the former one and cut then, so that it needs no new space on a full disk.
        let bytes = sealed::seal(card)?;
        lock.write_all_at(&bytes, 0)?;
        lock.set_len(bytes.len() as u64)?;
        Ok(Some(Self { lock }))
    }

    /// Says whether the lock that is held is the one that others look at.
    pub fn is_in_place(&self, workstream_dir: &Path) -> bool {
        journal::is_in_place(&self.lock, &workstream_dir.join(NAME))
    }
}

/// Takes a lock file if nobody holds it.
///
/// The file is looked at through a descriptor that cannot write, and only held through one that can: watchers of
/// `IN_CLOSE_WRITE` are so told of each release and never of a mere attempt. Whoever looks whether it is held holds it for
/// an instant, so it is tried more than once.
pub fn try_lock(path: &Path) -> io::Result<Option<File>> {
    if is_held(path)? {
        return Ok(None);
    }
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
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
///
/// One that has just taken the lock has not written yet, and is waited for a moment. An owner whose card cannot be read
/// has process 0 and no socket.
pub fn owner(workstream_dir: &Path) -> Option<OwnerCard> {
    let path = workstream_dir.join(NAME);
    for _ in 0..TRIES {
        if !is_held(&path).ok()? {
            return None;
        }
        if let Ok(Some(card)) = files::read(&path) {
            return Some(card);
        }
        std::thread::sleep(BETWEEN_TRIES);
    }
    let process = ProcessIdentity { pid: 0, start: 0, boot: identity::boot() };
    Some(OwnerCard { process, socket: PathBuf::new(), kind: OwnerKind::Attended })
}

/// Says in words that an owner could not be asked, and what to do.
pub fn unreachable(owner: &OwnerCard, error: &io::Error) -> String {
    let pid = owner.process.pid;
    if error.kind() == io::ErrorKind::TimedOut {
        mute(pid)
    } else {
        format!("its owner (pid {pid}) cannot be reached: {error}")
    }
}

/// Says in words that an owner does not answer, and what to do.
pub fn mute(pid: u32) -> String {
    format!(
        "its owner does not answer: pid {pid} is stopped or hangs; `kill -CONT {pid}` lets it go on, `ostler attach` takes it over"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_with_a_damaged_card_is_still_an_owner() {
        let place = tempfile::tempdir().expect("a directory");
        let process = ProcessIdentity { pid: 7, start: 8, boot: "b".to_owned() };
        let card = OwnerCard { process, socket: "s".into(), kind: OwnerKind::Worker };
        let owned = Ownership::acquire(place.path(), &card).expect("a lock").expect("free");
        assert_eq!(owner(place.path()), Some(card.clone()));
        let path = place.path().join(NAME);
        let written = fs::read(&path).expect("readable");
        for length in [0, 1, written.len() / 2, written.len() - 1] {
            fs::write(&path, &written[..length]).expect("written");
            assert_eq!(owner(place.path()).expect("held").process.pid, 0, "{length}");
            assert!(Ownership::acquire(place.path(), &card).expect("a look").is_none());
        }
        drop(owned);
        assert_eq!(owner(place.path()), None);
        let again = Ownership::acquire(place.path(), &card).expect("a lock").expect("free");
        assert_eq!(owner(place.path()), Some(card));
        drop(again);
    }

    #[test]
    fn a_lock_is_taken_although_others_look_at_it() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join(NAME);
        drop(File::create(&path).expect("a file"));
        let shared = File::open(&path).expect("a file");
        shared.try_lock_shared().expect("a look");
        let watching = std::thread::spawn(move || {
            std::thread::sleep(BETWEEN_TRIES);
            drop(shared);
        });
        // The first look is by the same shared way, so only the last step is in the way.
        assert!(try_lock(&path).expect("a lock").is_some());
        watching.join().expect("looked");
    }
}
