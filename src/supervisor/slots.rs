//! Slots: lock files that are shared by all supervisors of a project and freed by the kernel when a holder dies.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::ownership::try_lock;

/// The slots of a project.
#[derive(Clone, Debug)]
pub struct Slots {
    dir: PathBuf,
}

/// A slot that is taken for as long as this lives.
#[derive(Debug)]
pub struct Slot {
    _lock: File,
}

impl Slots {
    /// Returns the slots in this directory.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Takes one of `count` slots if one is free.
    pub fn take(&self, count: usize) -> io::Result<Option<Slot>> {
        for number in 0..count {
            if let Some(lock) = try_lock(&self.dir.join(number.to_string()))? {
                return Ok(Some(Slot { _lock: lock }));
            }
        }
        Ok(None)
    }
}
