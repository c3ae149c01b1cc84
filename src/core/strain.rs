//! An agent that takes the whole machine: more than its share of the processors or the memory, for some time.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::AgentName;
use super::time::{Timestamp, millis};

/// When an agent takes too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrainPolicy {
    /// More than so many percent of all processors; 0 for no such limit.
    pub cpu: u32,
    /// More than so many percent of the memory; 0 for no such limit.
    pub memory: u32,
    /// For so long.
    #[serde(with = "millis")]
    pub lasting: Duration,
}

impl Default for StrainPolicy {
    /// Compilers that an agent starts use every processor for minutes, so only memory counts unless it is said otherwise.
    fn default() -> Self {
        Self { cpu: 0, memory: 95, lasting: Duration::from_secs(30) }
    }
}

/// What there may be too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// The processors.
    Cpu,
    /// The memory.
    Memory,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "the processors",
            Self::Memory => "the memory",
        })
    }
}

/// What the processes of an agent take now, in percent of the machine; none where that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Of all processors, since the look before.
    pub cpu: Option<u32>,
    /// Of the memory.
    pub memory: Option<u32>,
}

impl Taken {
    fn of(self, resource: Resource) -> Option<u32> {
        match resource {
            Resource::Cpu => self.cpu,
            Resource::Memory => self.memory,
        }
    }
}

/// Since when agents have taken too much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strain {
    since: BTreeMap<(AgentName, Resource), Timestamp>,
}

impl Strain {
    /// Takes in what agents take now, and returns those that have taken too much for long enough; each anew after as long.
    pub fn look(
        &mut self,
        taken: &BTreeMap<AgentName, Taken>,
        now: Timestamp,
        policy: &StrainPolicy,
    ) -> Vec<(AgentName, Resource, u32)> {
        let mut strained = Vec::new();
        let mut since = BTreeMap::new();
        for (agent, taken) in taken {
            for (resource, most) in [(Resource::Cpu, policy.cpu), (Resource::Memory, policy.memory)]
            {
                let Some(percent) = taken.of(resource).filter(|it| most > 0 && *it > most) else {
                    continue;
                };
                let key = (agent.clone(), resource);
                let begun = self.since.get(&key).copied().unwrap_or(now);
                if now.since(begun) >= policy.lasting {
                    strained.push((agent.clone(), resource, percent));
                    since.insert(key, now);
                } else {
                    since.insert(key, begun);
                }
            }
        }
        self.since = since;
        strained
    }
}
