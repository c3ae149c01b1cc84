//! Who waits, kept so that it need not be looked for among ten thousand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::core::{AgentName, Definition, Phase, Workstream, WorkstreamId};

/// The place of a workstream in its queue: those that have begun, then the higher priority, then the declared order.
type Place = (bool, std::cmp::Reverse<i32>, usize);

/// The workstreams that wait for a slot and those that wait for others.
#[derive(Debug, Default)]
pub struct Queue {
    /// By the agents that may come next, since one that has no room must not hide those behind it.
    ready: BTreeMap<Vec<AgentName>, BTreeSet<Place>>,
    /// How many of those that it waits for are not done, by workstream.
    unmet: Vec<usize>,
    /// Who waits for it, by workstream.
    behind: Vec<Vec<usize>>,
}

impl Queue {
    /// Returns the queue of these workstreams, of which none has come.
    pub fn new(definitions: &[Definition]) -> Self {
        let numbers: HashMap<&WorkstreamId, usize> =
            definitions.iter().enumerate().map(|(number, it)| (&it.id, number)).collect();
        let mut queue = Self {
            unmet: vec![0; definitions.len()],
            behind: vec![Vec::new(); definitions.len()],
            ready: BTreeMap::new(),
        };
        for (number, definition) in definitions.iter().enumerate() {
            for other in definition.after.iter().filter_map(|id| numbers.get(id)) {
                queue.unmet[number] += 1;
                queue.behind[*other].push(number);
            }
        }
        queue
    }

    /// Says whether all that it waits for is done.
    pub fn is_free(&self, number: usize) -> bool {
        self.unmet.get(number).is_none_or(|unmet| *unmet == 0)
    }

    /// Puts a workstream into the queue, if it is queued and need not wait for others.
    pub fn join(&mut self, number: usize, workstream: &Workstream) {
        if let Phase::Queued { launch } = &workstream.phase
            && self.is_free(number)
        {
            let rest = workstream.definition.tiers.iter().skip(launch.tier);
            let agents = rest.map(|tier| tier.agent.clone()).collect();
            self.ready.entry(agents).or_default().insert(place(number, workstream));
        }
    }

    /// Takes a workstream out of the queue, as it stood there.
    pub fn leave(&mut self, number: usize, workstream: &Workstream) {
        let place = place(number, workstream);
        for queue in self.ready.values_mut() {
            queue.remove(&place);
        }
    }

    /// Notes that a workstream is done, and returns those that waited for it alone.
    pub fn done(&mut self, number: usize) -> Vec<usize> {
        let behind = self.behind.get_mut(number).map(std::mem::take).unwrap_or_default();
        behind
            .into_iter()
            .filter(|other| {
                self.unmet.get_mut(*other).is_some_and(|unmet| {
                    *unmet = unmet.saturating_sub(1);
                    *unmet == 0
                })
            })
            .collect()
    }

    /// Returns the first few that wait for the same agents, in their declared order: no others can be admitted into so
    /// many slots.
    pub fn first(&self, few: usize) -> Vec<usize> {
        let each = self.ready.values().flat_map(|queue| queue.iter().take(few));
        let mut first: Vec<usize> = each.map(|(_, _, number)| *number).collect();
        first.sort_unstable();
        first
    }

    /// Says whether nobody waits for a slot.
    pub fn is_empty(&self) -> bool {
        self.ready.values().all(BTreeSet::is_empty)
    }
}

fn place(number: usize, workstream: &Workstream) -> Place {
    let priority = std::cmp::Reverse(workstream.definition.priority);
    (workstream.attempts.is_empty(), priority, number)
}
