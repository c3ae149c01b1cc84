//! The files of a run directory: their names, and how they are read and replaced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use serde::Serialize;
use serde::de::{self, DeserializeOwned};

use super::sealed;
use super::spec::FORMAT;

/// What the keeper is told; a [`super::spec::Spec`].
pub const SPEC: &str = "spec.json";
/// Where the attempt is; a [`super::record::Status`].
pub const STATUS: &str = "status.json";
/// How it ended; a [`super::record::ExitRecord`].
pub const EXIT: &str = "exit.json";
/// Space that is kept for [`EXIT`], so that it lands on a full disk.
pub const EXIT_PREPARED: &str = "exit.prepared";
/// The agent's output, stdout and stderr as they came.
pub const LOG: &str = "out.log";
/// What went wrong in the keeper itself.
pub const KEEPER_LOG: &str = "keeper.log";
/// Locked by the keeper for its life; holds its identity.
pub const KEEPER_LOCK: &str = "keeper.lock";
/// Locked by the agent for its life: it inherits the descriptor, and so do children that keep it.
pub const AGENT_LOCK: &str = "agent.lock";
/// The keeper's socket.
pub const SOCKET: &str = "ctl.sock";

/// What is said where an attempt cannot begin because its files are gone; [`crate::core::lack::Lack`] knows these words.
pub const REMOVED: &str = "its run directory was removed while it began";

/// The environment variable that holds the run directory, for an agent and all that it starts.
pub const RUN_VARIABLE: &str = "OSTLER_RUN";
/// The one that holds the worktree in which an agent works; it is set by whoever starts it.
pub const WORKTREE_VARIABLE: &str = "OSTLER_WORKTREE";

/// Why a file of a run directory could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its content is not what it should be.
    #[error("`{}` is damaged: {source}; look at it, and move it away if the attempt does not matter", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where it is damaged.
        source: serde_json::Error,
    },
    /// It was written by a newer program.
    #[error("`{}` has format {found}, this program knows up to {FORMAT}; use the newer program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
}

/// Reads a JSON file; none if there is no such file.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FileError::Read { path: path.to_owned(), source }),
    };
    let damaged = |source| FileError::Damaged { path: path.to_owned(), source };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(damaged)?;
    // A newer program may seal in another way, so that comes first.
    if let Some(found) = value.get("version").and_then(serde_json::Value::as_u64)
        && found > u64::from(FORMAT)
    {
        return Err(FileError::Newer { path: path.to_owned(), found });
    }
    let unsealed = sealed::unseal(&bytes).map_err(|why| damaged(de::Error::custom(why)))?;
    serde_json::from_slice(&unsealed).map(Some).map_err(damaged)
}

/// Replaces a file as a whole; readers see the old one or the new one.
pub fn replace<T: Serialize>(directory: &Path, name: &str, value: &T) -> io::Result<()> {
    stage(directory, name, value)?;
    fs::rename(directory.join(format!("{name}.tmp")), directory.join(name))
}

/// Replaces a file as a whole; when it returns, a power cut cannot undo it.
pub fn replace_durably<T: Serialize>(directory: &Path, name: &str, value: &T) -> io::Result<()> {
    stage(directory, name, value)?.sync_data()?;
    fs::rename(directory.join(format!("{name}.tmp")), directory.join(name))?;
    sync_directory(directory)
}

/// Makes the names in a directory durable.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Opens a file for writing that only its owner may read and that is no symbolic link.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Tells whether somebody holds the lock of a file; a file that is not there is not locked.
///
/// It looks by trying, so for an instant it holds the lock itself (shared): who takes such a lock tries more than once.
pub fn is_locked(path: &Path) -> Result<bool, FileError> {
    let read = |source| FileError::Read { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(read(source)),
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Ok(false),
        Err(Errno::WOULDBLOCK) => Ok(true),
        Err(error) => Err(read(error.into())),
    }
}

/// Writes the file that will be renamed.
fn stage<T: Serialize>(directory: &Path, name: &str, value: &T) -> io::Result<File> {
    let mut file =
        private().write(true).truncate(true).open(directory.join(format!("{name}.tmp")))?;
    file.write_all(&sealed::seal(value)?)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keeper::record::Status;

    #[test]
    fn torn_and_newer_files_are_named() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(STATUS);
        assert!(matches!(read::<Status>(&path), Ok(None)));
        fs::write(&path, "{\"version\":1,").expect("written");
        let words = read::<Status>(&path).expect_err("torn").to_string();
        assert!(words.contains("status.json"), "{words}");
        fs::write(&path, "{\"version\":99}").expect("written");
        let words = read::<Status>(&path).expect_err("newer").to_string();
        assert!(words.contains("format 99"), "{words}");
    }
}
