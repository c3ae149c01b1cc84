//! Slots: lock files that are shared by all supervisors of a project and freed by the kernel when a holder dies.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::ownership::try_lock;
use crate::core::AgentName;

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

    /// Takes one of the `count` places of an agent if one is free.
    pub fn take_of(&self, agent: &AgentName, count: usize) -> io::Result<Option<Slot>> {
        for number in 0..count {
            if let Some(slot) = self.lock(&format!("agent-{agent}.{number}"))? {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// Takes the one trial of an agent if nobody has it.
    pub fn take_trial(&self, agent: &AgentName) -> io::Result<Option<Slot>> {
        self.lock(&format!("trial-{agent}"))
    }

    fn lock(&self, name: &str) -> io::Result<Option<Slot>> {
        Ok(try_lock(&self.dir.join(name))?.map(|lock| Slot { _lock: lock }))
    }

    /// Takes one of `count` slots if one is free.
    pub fn take(&self, count: usize) -> io::Result<Option<Slot>> {
        for number in 0..count {
            if let Some(slot) = self.lock(&number.to_string())? {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }
}
