//! What the processes of agents take of the machine.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::thread;
use std::time::Instant;

use super::memory;
use crate::core::AgentName;
use crate::core::strain::Taken;
use crate::keeper::process::Process;

/// What was seen at the last look.
#[derive(Debug, Default)]
pub struct Load {
    last: Option<Look>,
}

#[derive(Debug)]
struct Look {
    at: Instant,
    /// The processor time of each process, in clock ticks.
    ticks: HashMap<(u32, u64), u64>,
}

impl Load {
    /// Looks at all that is below these processes, and says what each agent takes.
    ///
    /// Memory that several processes share is counted for each of them.
    ///
    /// # Errors
    /// If the process table cannot be read now.
    pub fn look(&mut self, roots: &[(AgentName, u32)]) -> io::Result<BTreeMap<AgentName, Taken>> {
        let all = Process::all()?;
        let owners = owners(&all, roots);
        let now = Look { at: Instant::now(), ticks: ticks(&all, &owners) };
        let mut used: BTreeMap<AgentName, (u64, u64)> = BTreeMap::new();
        for process in &all {
            let Some(agent) = owners.get(&process.pid) else { continue };
            let (ticks, bytes) = used.entry((*agent).clone()).or_default();
            let before = self.last.as_ref().and_then(|last| last.ticks.get(&process.key()));
            *ticks += process.ticks.saturating_sub(before.copied().unwrap_or_default());
            *bytes += process.resident;
        }
        let span = self.last.as_ref().map(|last| now.at.duration_since(last.at));
        let room = span.map(|span| span.as_secs_f64() * processors() * ticks_per_second());
        let memory = memory::total();
        self.last = Some(now);
        let taken = |(ticks, bytes): (u64, u64)| Taken {
            cpu: room.filter(|room| *room > 0.0).map(|room| percent(ticks as f64 / room)),
            memory: memory.map(|memory| percent(bytes as f64 / memory as f64)),
        };
        Ok(used.into_iter().map(|(agent, used)| (agent, taken(used))).collect())
    }

    /// Forgets what was seen: nothing is looked at for a while.
    pub fn forget(&mut self) {
        self.last = None;
    }
}

/// Returns to which agent each process belongs.
fn owners<'a>(all: &[Process], roots: &'a [(AgentName, u32)]) -> HashMap<u32, &'a AgentName> {
    let mut owners: HashMap<u32, &AgentName> =
        roots.iter().map(|(agent, root)| (*root, agent)).collect();
    loop {
        let found: Vec<(u32, &AgentName)> = all
            .iter()
            .filter(|process| !owners.contains_key(&process.pid))
            .filter_map(|process| Some((process.pid, *owners.get(&process.parent)?)))
            .collect();
        if found.is_empty() {
            return owners;
        }
        owners.extend(found);
    }
}

fn ticks(all: &[Process], owners: &HashMap<u32, &AgentName>) -> HashMap<(u32, u64), u64> {
    let ours = all.iter().filter(|process| owners.contains_key(&process.pid));
    ours.map(|process| (process.key(), process.ticks)).collect()
}

fn processors() -> f64 {
    thread::available_parallelism().map_or(1.0, |count| count.get() as f64)
}

fn ticks_per_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}
