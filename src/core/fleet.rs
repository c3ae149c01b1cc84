//! Which of the waiting workstreams may go.

use std::collections::{BTreeMap, BTreeSet};

use super::id::WorkstreamId;
use super::phase::{Phase, PhaseWord};
use super::room::Room;
use super::workstream::Workstream;

/// What a fleet may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Workstreams that work at the same time.
    pub parallel: usize,
    /// Whether the operator has paused launches.
    pub paused: bool,
    /// Whether the disk has room for work.
    pub room: Room,
}

/// Why a queued workstream does not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It may go as soon as a slot is free; this is its place in the queue, from 1.
    Slot(usize),
    /// It waits for these, in these phases.
    After(Vec<(WorkstreamId, PhaseWord)>),
    /// The operator has paused launches.
    Paused,
    /// The disk has no room for work.
    Room(Room),
}

impl Blocked {
    /// Says whether one of those that it waits for can only go on after the operator did something.
    ///
    /// [`Admission::stuck`] sees those too that wait for one that is stuck.
    pub fn is_stuck(&self) -> bool {
        match self {
            Self::After(others) => {
                others.iter().any(|(_, phase)| phase.is_final() || *phase == PhaseWord::Escalated)
            }
            Self::Slot(_) | Self::Paused | Self::Room(_) => false,
        }
    }

    /// Says in a sentence what it waits for.
    pub fn explain(&self) -> String {
        match self {
            Self::Slot(place) => format!("waits for a free slot (place {place} in the queue)"),
            Self::Paused => "waits because launches are paused".to_owned(),
            Self::Room(room) => {
                format!("waits for room on the disk ({})", room.words().unwrap_or_default())
            }
            Self::After(others) => {
                let others: Vec<String> =
                    others.iter().map(|(id, phase)| format!("{id} ({phase})")).collect();
                format!("waits for {}", others.join(", "))
            }
        }
    }
}

/// What the fleet says to each queued workstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// These may go now, in this order.
    pub go: Vec<WorkstreamId>,
    /// These wait, and why.
    pub blocked: BTreeMap<WorkstreamId, Blocked>,
}

impl Admission {
    /// Returns those that can only go on after the operator did something, at whatever distance.
    pub fn stuck(&self) -> BTreeSet<WorkstreamId> {
        let mut moving: BTreeSet<&WorkstreamId> = self.go.iter().collect();
        loop {
            let before = moving.len();
            for (id, blocked) in &self.blocked {
                let goes = match blocked {
                    Blocked::Slot(_) | Blocked::Paused | Blocked::Room(_) => true,
                    Blocked::After(others) => others.iter().all(|(other, phase)| {
                        moving.contains(other)
                            || !(self.blocked.contains_key(other)
                                || phase.is_final()
                                || *phase == PhaseWord::Escalated)
                    }),
                };
                if goes {
                    moving.insert(id);
                }
            }
            if moving.len() == before {
                break;
            }
        }
        self.blocked.keys().filter(|id| !moving.contains(id)).cloned().collect()
    }
}

/// Decides which of the queued workstreams may go.
///
/// Those that have begun go before those that have not, then the higher priority, then the declared order.
pub fn admit<'a>(fleet: impl IntoIterator<Item = &'a Workstream>, limits: Limits) -> Admission {
    let fleet: Vec<&Workstream> = fleet.into_iter().collect();
    let phases: BTreeMap<&WorkstreamId, PhaseWord> =
        fleet.iter().map(|ws| (&ws.definition.id, ws.phase.word())).collect();
    let taken = phases.values().filter(|phase| phase.holds_slot()).count();
    let mut queue: Vec<(usize, &Workstream)> = fleet
        .iter()
        .enumerate()
        .filter(|(_, ws)| matches!(ws.phase, Phase::Queued { .. }))
        .map(|(place, ws)| (place, *ws))
        .collect();
    queue.sort_by_key(|(place, ws)| {
        (ws.attempts.is_empty(), std::cmp::Reverse(ws.definition.priority), *place)
    });

    let mut admission = Admission::default();
    let mut waiting = 0;
    for (_, ws) in queue {
        let id = ws.definition.id.clone();
        let unmet: Vec<(WorkstreamId, PhaseWord)> = ws
            .definition
            .after
            .iter()
            .filter_map(|after| phases.get(after).map(|phase| (after.clone(), *phase)))
            .filter(|(_, phase)| *phase != PhaseWord::Done)
            .collect();
        if !unmet.is_empty() {
            admission.blocked.insert(id, Blocked::After(unmet));
        } else if limits.paused {
            admission.blocked.insert(id, Blocked::Paused);
        } else if limits.room != Room::Enough {
            admission.blocked.insert(id, Blocked::Room(limits.room));
        } else if taken + admission.go.len() < limits.parallel {
            admission.go.push(id);
        } else {
            waiting += 1;
            admission.blocked.insert(id, Blocked::Slot(waiting));
        }
    }
    admission
}
