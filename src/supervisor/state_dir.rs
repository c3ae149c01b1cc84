//! Where a project's state lives.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::core::{AttemptId, WorkstreamId};

/// The version of the layout; a newer one is refused.
const FORMAT: u32 = 1;

/// The file that says what it is.
const MARKER: &str = "project.json";

/// Why a state directory cannot be used.
#[derive(Debug, Error)]
pub enum StateError {
    /// It could not be made or read.
    #[error("the state directory {path} cannot be used: {source}")]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others could read or replace it.
    #[error("the state directory {path} is not safe: {why}; {fix}")]
    Unsafe {
        /// The directory.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
        /// What to do.
        fix: String,
    },
    /// A newer version wrote it.
    #[error(
        "{path} was written by a newer ostler (format {found}, this one reads {FORMAT}); upgrade ostler"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// There is no home directory.
    #[error("no home directory was found; set XDG_STATE_HOME")]
    NoHome,
}

/// The state directory of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    version: u32,
    repository: PathBuf,
}

impl StateDir {
    /// Opens the state directory of the repository whose common git directory this is, and makes it if needed.
    pub fn open(common_dir: &Path) -> Result<Self, StateError> {
        let state_home = state_home()?;
        let host = short_hash(host_name()?.as_bytes());
        let common = common_dir.canonicalize().unwrap_or_else(|_| common_dir.to_owned());
        let name = common
            .parent()
            .and_then(Path::file_name)
            .map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned());
        let repository = format!("{name}-{}", short_hash(common.as_os_str().as_encoded_bytes()));
        let ours = state_home.join("ostler");
        for dir in [&state_home, &ours] {
            make(dir)?;
        }
        ensure_ours(&state_home)?;
        ensure_private(&ours)?;
        let root = ours.join("v1").join(host).join(repository);
        let dir = Self { root };
        dir.make(&common)?;
        Ok(dir)
    }

    /// Opens a state directory at this path for a supervisor that is an attempt itself, and makes it if needed.
    ///
    /// The directory that it is in must be one of ours.
    pub fn within(root: PathBuf, common_dir: &Path) -> Result<Self, StateError> {
        let dir = Self { root };
        dir.make(common_dir)?;
        Ok(dir)
    }

    /// Returns the state directory that an attempt's directory is in, and which attempt that is; none for what is no
    /// attempt's directory.
    pub fn around(attempt_dir: &Path) -> Option<(Self, WorkstreamId, AttemptId)> {
        let attempt = attempt_dir.file_name()?.to_str()?.parse().map(AttemptId).ok()?;
        let workstream = attempt_dir.parent()?;
        let id = WorkstreamId::from(workstream.file_name()?.to_str()?);
        let root = workstream.parent()?.parent()?.to_owned();
        let dir = Self { root };
        (dir.attempt(&id, attempt) == attempt_dir && dir.path().join(MARKER).is_file())
            .then_some((dir, id, attempt))
    }

    /// Makes what is missing of it.
    pub fn make(&self, common_dir: &Path) -> Result<(), StateError> {
        make(&self.root)?;
        ensure_private(&self.root)?;
        for sub in ["ws", "slots", "hosts", "heir", "log"] {
            make(&self.root.join(sub))?;
        }
        self.mark(common_dir)
    }

    fn mark(&self, common: &Path) -> Result<(), StateError> {
        let path = self.root.join(MARKER);
        let io = |source| StateError::Io { path: path.clone(), source };
        if let Ok(bytes) = fs::read(&path)
            && let Ok(marker) = serde_json::from_slice::<Marker>(&bytes)
        {
            if marker.version > FORMAT {
                return Err(StateError::Newer { path, found: marker.version });
            }
            return Ok(());
        }
        let marker = Marker { version: FORMAT, repository: common.to_owned() };
        let bytes = serde_json::to_vec_pretty(&marker).map_err(|error| io(error.into()))?;
        // Not synced: it is written again when a crash has torn it, and the first frame waits for it.
        super::durable::replace_unsynced(&path, &bytes).map_err(io)
    }

    /// Returns the directory itself.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Returns the directory of a workstream.
    pub fn workstream(&self, id: &WorkstreamId) -> PathBuf {
        self.root.join("ws").join(id.as_str())
    }

    /// Returns the directory of an attempt's own files.
    pub fn attempt(&self, id: &WorkstreamId, attempt: AttemptId) -> PathBuf {
        self.workstream(id).join(attempt.to_string())
    }

    /// Returns the run directory of an attempt's keeper.
    pub fn run(&self, id: &WorkstreamId, attempt: AttemptId) -> PathBuf {
        self.attempt(id, attempt).join("run")
    }

    /// Returns the run directory of the keeper of an attempt's check.
    pub fn check(&self, id: &WorkstreamId, attempt: AttemptId) -> PathBuf {
        self.attempt(id, attempt).join("check")
    }

    /// Returns the directory of the lock files that are slots.
    pub fn slots(&self) -> PathBuf {
        self.root.join("slots")
    }

    /// Returns the log of what has become of alerts.
    pub fn alerts(&self) -> PathBuf {
        self.root.join("alerts.jsonl")
    }

    /// Returns the log of what has become of attempts.
    pub fn outcomes(&self) -> PathBuf {
        self.root.join("outcomes.jsonl")
    }

    /// Returns the directory of the lock files that are the places of replicas.
    pub fn replicas(&self) -> PathBuf {
        self.root.join("replicas")
    }

    /// Returns the directory of the sockets of supervisors.
    pub fn hosts(&self) -> PathBuf {
        self.root.join("hosts")
    }

    /// Returns the directory of the lock of the one worker that looks after all that nobody owns.
    pub fn heir(&self) -> PathBuf {
        self.root.join("heir")
    }

    /// Returns the directory of our own log.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// Returns the file that keeps space for when the disk is full.
    pub fn ballast(&self) -> PathBuf {
        self.root.join("ballast")
    }

    /// Returns the file that holds the last valid configuration.
    pub fn plan(&self) -> PathBuf {
        self.root.join("plan.json")
    }
}

fn state_home() -> Result<PathBuf, StateError> {
    use etcetera::BaseStrategy as _;
    let strategy = etcetera::base_strategy::Xdg::new().map_err(|_| StateError::NoHome)?;
    strategy.state_dir().ok_or(StateError::NoHome)
}

fn make(path: &Path) -> Result<(), StateError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StateError::Io { path: path.to_owned(), source })
}

/// Makes sure that nobody else can put something else in the place of our directory in this one.
fn ensure_ours(path: &Path) -> Result<(), StateError> {
    const STICKY: u32 = 0o1000;
    let refuse = |why, fix| Err(StateError::Unsafe { path: path.to_owned(), why, fix });
    let meta =
        fs::metadata(path).map_err(|source| StateError::Io { path: path.to_owned(), source })?;
    if ![rustix::process::geteuid().as_raw(), 0].contains(&meta.uid()) {
        return refuse(
            "it belongs to another user",
            "set XDG_STATE_HOME to a directory of your own".to_owned(),
        );
    }
    if meta.mode() & 0o002 != 0 && meta.mode() & STICKY == 0 {
        let fix = format!("run: chmod o-w {}", path.display());
        return refuse("others may replace what is in it", fix);
    }
    Ok(())
}

fn ensure_private(path: &Path) -> Result<(), StateError> {
    let refuse = |why, fix| Err(StateError::Unsafe { path: path.to_owned(), why, fix });
    let meta = fs::symlink_metadata(path)
        .map_err(|source| StateError::Io { path: path.to_owned(), source })?;
    if !meta.is_dir() {
        return refuse("it is not a directory", format!("move {} away", path.display()));
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return refuse(
            "it belongs to another user",
            "set XDG_STATE_HOME to a directory of your own".to_owned(),
        );
    }
    if meta.mode() & 0o077 != 0 {
        return refuse("others may enter it", format!("run: chmod 700 {}", path.display()));
    }
    Ok(())
}

/// Names the machine: a home directory may be shared by several, pids and locks are not.
///
/// A machine whose own name cannot be read just now must not be taken for another one: that would have a state of its own,
/// and owners of its own.
fn host_name() -> Result<String, StateError> {
    let path = Path::new("/etc/machine-id");
    let machine = match fs::read_to_string(path) {
        Ok(machine) => machine,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
            ) =>
        {
            String::new()
        }
        Err(source) => return Err(StateError::Io { path: path.to_owned(), source }),
    };
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Ok(format!("{}{name}", machine.trim()))
}

/// Shortens bytes to a name (FNV-1a).
fn short_hash(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}").split_off(6)
}
