//! The only clock.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
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
        let path = file(dir, &boot);
        if let Some(base) = read(&path, &boot) {
            return Ok(Self { base_ms: base });
        }
        if path.exists() {
            // A damaged one is set aside, so that all start from the same one again.
            fs::rename(&path, path.with_extension("bad"))?;
        }
        let base_ms = wall_ms().saturating_sub(monotonic_ms());
        write(dir, &path, &Base { boot: boot.clone(), base_ms })?;
        Ok(Self { base_ms: read(&path, &boot).unwrap_or(base_ms) })
    }

    /// Writes this clock down again, after its file was removed.
    pub fn put_back(self, dir: &Path) -> io::Result<()> {
        let boot = identity::boot();
        write(dir, &file(dir, &boot), &Base { boot, base_ms: self.base_ms })
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
        let written = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let written = u64::try_from(written.as_millis()).unwrap_or(u64::MAX);
        self.wall().written(written, self.now())
    }

    /// Returns how far the wall clock is away from this one now.
    pub fn wall(self) -> Wall {
        Wall { ahead_ms: wall_ms().cast_signed().saturating_sub(self.now().0.cast_signed()) }
    }
}

/// How far the wall clock is away from the project's: it was set since, or the machine slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    ahead_ms: i64,
}

impl Wall {
    /// A wall clock that is further away than this has been set, or the machine has slept.
    const TRUSTED_MS: u64 = 60_000;

    /// Returns what the wall clock shows at a time of the project's clock.
    pub fn shows(self, at: Timestamp) -> Timestamp {
        Timestamp(at.0.saturating_add_signed(self.ahead_ms))
    }

    /// Returns the time of the project's clock at which the wall clock shows this.
    pub fn when(self, shown: Timestamp) -> Timestamp {
        Timestamp(shown.0.saturating_add_signed(self.ahead_ms.saturating_neg()))
    }

    /// Returns when a file was written that has this time of the wall clock, in milliseconds.
    ///
    /// Nobody knows how the clock stood then if it has been set; so as not to do harm it was written just now.
    fn written(self, written_ms: u64, now: Timestamp) -> Timestamp {
        if self.ahead_ms.unsigned_abs() > Self::TRUSTED_MS {
            return now;
        }
        self.when(Timestamp(written_ms)).min(now)
    }
}

/// How long the machine had slept when it was last asked.
#[derive(Clone, Copy, Debug)]
pub struct Sleep {
    known_ms: u64,
}

impl Sleep {
    /// Less than this is no sleep.
    const LEAST_MS: u64 = 1_000;

    /// Begins now: what was slept before does not count.
    pub fn from_now() -> Self {
        Self { known_ms: asleep_ms() }
    }

    /// Returns how long the machine has slept since this was last asked, given how long it has slept in all.
    pub fn since_last(&mut self, asleep_ms: u64) -> Option<Duration> {
        let span = asleep_ms.saturating_sub(self.known_ms);
        if span < Self::LEAST_MS {
            return None;
        }
        self.known_ms = asleep_ms;
        Some(Duration::from_millis(span))
    }
}

/// Returns the milliseconds that the machine has slept since it was started.
pub fn asleep_ms() -> u64 {
    let running = monotonic_ms();
    reading_ms(ClockId::Boottime).saturating_sub(running)
}

/// Returns the milliseconds that the machine has been running, sleep not counted.
pub fn monotonic_ms() -> u64 {
    reading_ms(ClockId::Monotonic)
}

fn reading_ms(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds * 1000 + nanos / 1_000_000
}

fn file(dir: &Path, boot: &str) -> PathBuf {
    dir.join(format!("clock-{}.json", boot.get(..8).unwrap_or("unknown")))
}

/// Writes a base, unless there is one: that of the first process counts for all.
fn write(dir: &Path, path: &Path, base: &Base) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    // Not synced: what a loss of power may take away counts for this boot only.
    file.write_all(&sealed::seal(base)?)?;
    match file.persist_noclobber(path) {
        Ok(_) => remove_others(dir, path),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error),
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;
    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn the_wall_clock_is_asked_only_where_it_can_be_trusted() {
        let right = Wall { ahead_ms: 20 };
        assert_eq!(right.written(NOW.0 - 5_000 + 20, NOW), Timestamp(NOW.0 - 5_000));
        // A time to come is not believed.
        assert_eq!(right.written(NOW.0 + 90_000, NOW), NOW);
        for ahead_ms in [DAY, -DAY] {
            let set = Wall { ahead_ms };
            assert_eq!(set.written(NOW.0 - 5_000, NOW), NOW);
        }
    }

    #[test]
    fn a_sleep_is_told_once() {
        let mut sleep = Sleep { known_ms: 7_000 };
        assert_eq!(sleep.since_last(7_000), None);
        // The two clocks are not read at the same instant.
        assert_eq!(sleep.since_last(7_003), None);
        assert_eq!(sleep.since_last(6_990), None);
        assert_eq!(sleep.since_last(28_800_000 + 7_000), Some(Duration::from_secs(8 * 3600)));
        assert_eq!(sleep.since_last(28_800_000 + 7_000), None);
    }

    #[test]
    fn what_the_wall_clock_shows_can_be_told_and_found() {
        for ahead_ms in [0, DAY, -DAY, i64::MAX, i64::MIN] {
            let wall = Wall { ahead_ms };
            let shown = wall.shows(NOW);
            if ahead_ms.unsigned_abs() <= DAY.unsigned_abs() {
                assert_eq!(shown.0.cast_signed() - NOW.0.cast_signed(), ahead_ms);
                assert_eq!(wall.when(shown), NOW);
            }
        }
    }
}
