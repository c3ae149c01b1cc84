//! The exit record, which must land even when the disk is full.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::time::{ClockId, clock_gettime};

use super::complaint;
use super::files::{self, EXIT, EXIT_PREPARED, private};
use super::record::ExitRecord;
use super::sealed;

/// The space that is kept; a record is smaller, since its longest text is cut at [`WORDS`].
const SPACE: u64 = 8192;
/// The longest text in a record, in bytes, before JSON escapes it.
pub const WORDS: usize = 1024;

/// Writes the exit record into the working directory, which is the run directory.
#[derive(Debug)]
pub struct Recorder {
    /// Space on the disk; none once it was used.
    prepared: Option<File>,
}

impl Recorder {
    /// Takes the space.
    pub fn prepare() -> io::Result<Self> {
        let file = private().write(true).truncate(true).open(EXIT_PREPARED)?;
        if fallocate(&file, FallocateFlags::empty(), 0, SPACE).is_err() {
            // Not every file system can; zeros take the space as well.
            file.write_all_at(&[0; SPACE as usize], 0)?;
        }
        Ok(Self { prepared: Some(file) })
    }

    /// Records an exit durably; a second one replaces the first.
    pub fn record(&mut self, exit: &ExitRecord) -> io::Result<()> {
        let here = Path::new(".");
        let Some(file) = &self.prepared else {
            return files::replace_durably(here, EXIT, exit);
        };
        let bytes = sealed::seal(exit)?;
        file.write_all_at(&bytes, 0)?;
        file.set_len(bytes.len() as u64)?;
        file.sync_data()?;
        fs::rename(EXIT_PREPARED, EXIT)?;
        self.prepared = None;
        if let Err(error) = files::sync_directory(here) {
            complaint::note(&format!("the run directory cannot be synced: {error}"));
        }
        Ok(())
    }
}

/// Returns the time on the machine's monotonic clock, in milliseconds.
pub fn monotonic_ms() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1000 + u64::try_from(now.tv_nsec).unwrap_or(0) / 1_000_000
}
