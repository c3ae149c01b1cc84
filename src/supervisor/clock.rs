//! The only clock.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::core::Timestamp;
use crate::keeper::{files, identity, sealed};

/// The clock that all processes of a project share.
///
/// It starts from the wall clock once a boot, in a file that the first process writes, and from there on follows the
/// monotonic clock: setting the wall clock moves no deadline, and a sleeping machine burns no timeout.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    base_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct Base {
    boot: String,
    base_ms: u64,
}

impl Clock {
    /// Reads the project's clock, or starts it for this boot.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let boot = identity::boot();
        let path = dir.join(format!("clock-{}.json", boot.get(..8).unwrap_or("unknown")));
        if let Some(base) = read(&path, &boot) {
            return Ok(Self { base_ms: base });
        }
        if path.exists() {
            // A damaged one is set aside, so that all start from the same one again.
            fs::rename(&path, path.with_extension("bad"))?;
        }
        let base = Base { boot: boot.clone(), base_ms: wall_ms().saturating_sub(monotonic_ms()) };
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        // Not synced: what a loss of power may take away counts for this boot only.
        file.write_all(&sealed::seal(&base)?)?;
        match file.persist_noclobber(&path) {
            Ok(_) => remove_others(dir, &path),
            // Another process was first, and its base counts for all.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.error),
        }
        Ok(Self { base_ms: read(&path, &boot).unwrap_or(base.base_ms) })
    }

    /// Returns the time.
    pub fn now(self) -> Timestamp {
        self.at(monotonic_ms())
    }

    /// Returns the time at a reading of this boot's monotonic clock, in milliseconds.
    pub fn at(self, monotonic_ms: u64) -> Timestamp {
        Timestamp(self.base_ms.saturating_add(monotonic_ms))
    }

    /// Returns the time at which a file was last written, as far as the wall clock can tell.
    pub fn at_wall(self, time: SystemTime) -> Timestamp {
        let age = SystemTime::now().duration_since(time).unwrap_or(Duration::ZERO);
        let age = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        Timestamp(self.now().0.saturating_sub(age))
    }
}

/// Returns the milliseconds that the machine has been running, sleep not counted.
pub fn monotonic_ms() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds * 1000 + nanos / 1_000_000
}

fn wall_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn read(path: &Path, boot: &str) -> Option<u64> {
    let base: Base = files::read(path).ok()??;
    (base.boot == boot).then_some(base.base_ms)
}

/// Removes the clocks of earlier boots.
fn remove_others(dir: &Path, keep: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("clock-") && entry.path() != keep {
            drop(fs::remove_file(entry.path()));
        }
    }
}
