//! What a run directory tells about its attempt, without asking anybody.

use std::path::Path;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::files::{self, AGENT_LOCK, EXIT, FileError, KEEPER_LOCK, SPEC, STATUS};
use super::identity;
use super::record::{ExitRecord, Stage, Status};
use super::recorder::monotonic_ms;
use super::spec::{FORMAT, Spec};
use crate::core::ProcessIdentity;
use crate::core::verdict::{EndedBy, Exit, Tree};

/// What was found in a run directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No attempt was ever meant to be here.
    Absent,
    /// It was meant to be, but nothing was run: it can be launched again.
    NotStarted,
    /// A keeper is at work, or waits to be released; its socket tells more.
    Alive(Status),
    /// The keeper is gone and has left the record.
    Ended(ExitRecord),
    /// The keeper is gone without a record, and the agent still runs; [`super::orphan::end`] ends it.
    Orphan(Status),
    /// Keeper and agent are gone without a record; what the agent started may still be there.
    Gone(Status),
}

impl Found {
    /// Tells whether the machine was started anew since, which explains an attempt that is gone.
    pub fn is_before_reboot(&self) -> bool {
        match self {
            Self::Orphan(status) | Self::Gone(status) => status.keeper.boot != identity::boot(),
            Self::Ended(record) => record.boot != identity::boot(),
            Self::Absent | Self::NotStarted | Self::Alive(_) => false,
        }
    }
}

/// Looks into a run directory; a file that is damaged or too new is named in the error.
pub fn inspect(run_directory: &Path) -> Result<Found, FileError> {
    // Before the files: what is not locked now does not change any more.
    if files::is_locked(&run_directory.join(KEEPER_LOCK))? {
        return at_work(run_directory);
    }
    if let Some(record) = files::read::<ExitRecord>(&run_directory.join(EXIT))? {
        return Ok(Found::Ended(record));
    }
    let Some(status) = files::read::<Status>(&run_directory.join(STATUS))? else {
        let spec = files::read::<Spec>(&run_directory.join(SPEC))?;
        return Ok(if spec.is_some() { Found::NotStarted } else { Found::Absent });
    };
    let same_boot = status.keeper.boot == identity::boot();
    let held = files::is_locked(&run_directory.join(AGENT_LOCK))?;
    let alive = status.agent.as_ref().is_some_and(identity::is_alive);
    Ok(if same_boot && (held || alive) { Found::Orphan(status) } else { Found::Gone(status) })
}

/// Makes sure that an attempt that has not begun never will, and tells what there is.
///
/// A keeper that a former owner started may be on its way: from here on it finds that the run directory was used.
pub fn forbid(run_directory: &Path) -> Result<Found, FileError> {
    loop {
        match inspect(run_directory)? {
            Found::NotStarted => {}
            other => return Ok(other),
        }
        let path = run_directory.join(KEEPER_LOCK);
        let failed = |source| FileError::Write { path: path.clone(), source };
        let lock = files::private().write(true).open(&path).map_err(failed)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                std::thread::sleep(Duration::from_millis(10));
                continue;
            }
            Err(error) => return Err(failed(error.into())),
        }
        let was_used =
            [STATUS, EXIT].iter().any(|name| run_directory.join(name).symlink_metadata().is_ok());
        if was_used {
            continue;
        }
        let record = ExitRecord {
            version: FORMAT,
            exit: Exit::NotStarted("it was given up before it had begun".to_owned()),
            by: EndedBy::Itself,
            tree: Tree::default(),
            monotonic_ms: monotonic_ms(),
            boot: identity::boot(),
            log_bytes: 0,
        };
        let path = run_directory.join(EXIT);
        files::replace_durably(run_directory, EXIT, &record)
            .map_err(|source| FileError::Write { path, source })?;
        return Ok(Found::NotStarted);
    }
}

/// Reads the status of a keeper that holds its lock; one that has just started has written only its identity.
///
/// What is damaged is not waited for: that the lock is held is what counts, and the keeper's socket tells the rest.
fn at_work(run_directory: &Path) -> Result<Found, FileError> {
    let mut tries = 0;
    loop {
        match files::read(&run_directory.join(STATUS)) {
            Ok(Some(status)) => return Ok(Found::Alive(status)),
            Ok(None) | Err(FileError::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
        let alive = |keeper| {
            let stage = Stage::Starting;
            Found::Alive(Status { version: FORMAT, stage, keeper, agent: None })
        };
        match files::read::<ProcessIdentity>(&run_directory.join(KEEPER_LOCK)) {
            Ok(Some(keeper)) => return Ok(alive(keeper)),
            // It takes the lock first and writes then.
            Err(FileError::Damaged { .. }) | Ok(None) if tries < 100 => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(FileError::Damaged { .. }) => {
                return Ok(alive(ProcessIdentity { pid: 0, start: 0, boot: identity::boot() }));
            }
            Err(error) => return Err(error),
            Ok(None) => return inspect(run_directory),
        }
    }
}
