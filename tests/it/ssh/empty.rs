//! The empty folder that root's sshd wants to find, made where there is none and shared with other tests.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

const PATH: &str = "/run/sshd";
/// By its mode a folder of ours is told from one of the system's.
const OURS: u32 = 0o711;

/// The folder, for as long as this lives.
pub struct Empty(Option<File>);

impl Empty {
    /// Makes it, or finds it.
    pub fn share() -> Self {
        if !rustix::process::geteuid().is_root() {
            return Self(None);
        }
        loop {
            let _there = DirBuilder::new().mode(OURS).create(PATH);
            let Ok(dir) = File::open(PATH) else { return Self(None) };
            let _shared = flock(&dir, FlockOperation::LockShared);
            // Whoever had it before may have removed it just now.
            let place = |meta: fs::Metadata| (meta.dev(), meta.ino());
            if fs::metadata(PATH).map(place).ok() == dir.metadata().map(place).ok() {
                return Self(Some(dir));
            }
        }
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let Some(dir) = &self.0 else { return };
        let is_ours = dir.metadata().is_ok_and(|meta| meta.mode() & 0o777 == OURS);
        let is_last = || flock(dir, FlockOperation::NonBlockingLockExclusive).is_ok();
        if is_ours && is_last() {
            drop(fs::remove_dir(Path::new(PATH)));
        }
    }
}
