//! Slots: lock files that are shared by all supervisors of a project and freed by the kernel when a holder dies.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::ownership::{is_held, try_lock};
use crate::core::AgentName;

/// The lock of whoever takes several.
const ALONE: &str = "several";

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

    /// Takes the one trial of an agent if nobody has it.
    pub fn take_trial(&self, agent: &AgentName) -> io::Result<Option<Slot>> {
        self.lock(&format!("trial-{agent}"))
    }

    /// Takes the one place of whoever passes on alerts that are about no workstream, if nobody has it.
    pub fn take_teller(&self) -> io::Result<Option<Slot>> {
        self.lock("alerts")
    }

    /// Says whether somebody has the one trial of an agent.
    pub fn is_on_trial(&self, agent: &AgentName) -> io::Result<bool> {
        is_held(&self.dir.join(format!("trial-{agent}")))
    }

    /// Takes `needed` of `count` slots, or none of them.
    pub fn take_several(&self, count: usize, needed: usize) -> io::Result<Option<Vec<Slot>>> {
        self.several((0..count).map(|number| number.to_string()).collect(), needed)
    }

    /// Takes `needed` of the `count` places of an agent, or none of them.
    pub fn take_several_of(
        &self,
        agent: &AgentName,
        count: usize,
        needed: usize,
    ) -> io::Result<Option<Vec<Slot>>> {
        let names = (0..count).map(|number| format!("agent-{agent}.{number}"));
        self.several(names.collect(), needed)
    }

    fn several(&self, mut names: Vec<String>, needed: usize) -> io::Result<Option<Vec<Slot>>> {
        let mut alone = None;
        if needed > 1 {
            // To look takes nothing, while what is taken and given back wakes all that wait, this process among them.
            let mut free = Vec::new();
            for name in names {
                if !is_held(&self.dir.join(&name))? {
                    free.push(name);
                }
            }
            names = free;
            // Two that take several at once would each hold what the other one lacks.
            if names.len() >= needed {
                alone = self.lock(ALONE)?;
            }
            if alone.is_none() {
                return Ok(None);
            }
        }
        let mut taken = Vec::new();
        for name in names {
            taken.extend(self.lock(&name)?);
            if taken.len() >= needed {
                return Ok(Some(taken));
            }
        }
        drop(alone);
        Ok(None)
    }

    fn lock(&self, name: &str) -> io::Result<Option<Slot>> {
        Ok(try_lock(&self.dir.join(name))?.map(|lock| Slot { _lock: lock }))
    }

    /// Takes one of `count` slots if one is free.
    pub fn take(&self, count: usize) -> io::Result<Option<Slot>> {
        Ok(self.take_several(count, 1)?.and_then(|mut taken| taken.pop()))
    }
}
