//! Space that is kept on the disk of the state and given up when that is full, so that what is decided can be written.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use rustix::fs::{FallocateFlags, fallocate};

/// The space that is kept, in bytes: thousands of decisions.
pub const SIZE: u64 = 8_000_000;
/// The kernel counts blocks of this size.
const BLOCK: u64 = 512;

/// Space that is kept.
#[derive(Clone, Debug)]
pub struct Ballast {
    path: PathBuf,
}

impl Ballast {
    /// Returns the ballast with this path, be it there or not.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Says whether it is there with all of its space.
    pub fn is_there(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.blocks() * BLOCK >= SIZE)
    }

    /// Takes the space, unless it is there; takes nothing if it cannot take all.
    pub fn take(&self) -> io::Result<()> {
        if self.is_there() {
            return Ok(());
        }
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.path)?;
        fallocate(&file, FallocateFlags::empty(), 0, SIZE).map_err(|error| {
            drop(fs::remove_file(&self.path));
            error.into()
        })
    }

    /// Gives the space up; says whether there was any.
    pub fn release(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_space_and_gives_it_up_once() {
        let place = tempfile::tempdir().expect("a directory");
        let ballast = Ballast::new(place.path().join("ballast"));
        assert!(!ballast.is_there() && !ballast.release());
        if ballast.take().is_err() {
            // Not every file system can keep space.
            assert!(!ballast.path.exists());
            return;
        }
        assert!(ballast.is_there());
        ballast.take().expect("it is there already");
        assert!(ballast.release() && !ballast.is_there() && !ballast.release());
        // One that was cut short is made whole.
        fs::write(&ballast.path, "").expect("written");
        ballast.take().expect("taken");
        assert!(ballast.is_there());
    }
}
