//! Which of the waiting workstreams may go.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::bar::Bar;
use super::budget::Overspent;
use super::id::{AgentName, WorkstreamId};
use super::phase::{Launch, Phase, PhaseWord};
use super::room::Room;
use super::time::{Timestamp, clock};
use super::workstream::Workstream;

/// What a fleet may take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Workstreams that work at the same time.
    pub parallel: usize,
    /// So many of these are kept for workstreams that have begun, so that a fallback finds a place.
    pub standby: usize,
    /// Why nothing goes at all.
    pub hold: Option<Hold>,
    /// So many may go now; none for as many as there are slots.
    pub launches: Option<Launches>,
}

/// How many may go now, although there may be more slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launches {
    /// So many.
    pub left: u32,
    /// Why the others wait.
    pub why: Apart,
}

/// Why launches are kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// They are staggered; the next one may go then.
    Staggered(Timestamp),
    /// One goes first, to see whether a storm is over; the text says what the storm was.
    Trial(String),
    /// They resume after a storm; the next one may go then.
    Resuming(Timestamp),
}

/// Why nothing goes at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The operator has paused launches.
    Paused,
    /// The disk has no room for work.
    Room(Room),
    /// There is too little memory.
    Memory(Room),
    /// The budget is used up.
    Budget(Overspent),
    /// A storm.
    Storm {
        /// Until when.
        until: Timestamp,
        /// What happened.
        why: String,
    },
}

impl Hold {
    /// Says in words that follow `nothing starts` why, without times that pass.
    pub fn cause(&self) -> String {
        match self {
            Self::Budget(over) => format!("because the budget is used up ({})", over.what),
            Self::Storm { why, .. } => format!("because of a storm ({why})"),
            Self::Paused | Self::Room(_) | Self::Memory(_) => self.words(Timestamp::default()),
        }
    }

    /// Says in words that follow `it waits` why nothing goes.
    pub fn words(&self, now: Timestamp) -> String {
        match self {
            Self::Paused => "because launches are paused".to_owned(),
            Self::Room(room) => {
                format!("for room on the disk ({})", room.words().unwrap_or_default())
            }
            Self::Memory(room) => format!("for memory ({})", room.words().unwrap_or_default()),
            Self::Budget(over) => format!(
                "because the budget is used up ({}) for {} more",
                over.what,
                clock(over.until.since(now))
            ),
            Self::Storm { until, why } => format!(
                "for {} more because all launches are held ({why})",
                clock(until.since(now))
            ),
        }
    }
}

/// Why a queued workstream does not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It may go as soon as a slot is free; this is its place in the queue, from 1.
    Slot(usize),
    /// The free slots are kept for workstreams that have begun; this is its place in the queue, from 1.
    Standby(usize),
    /// So many agents work side by side, and there are fewer free slots; this is its place in the queue, from 1.
    Slots {
        /// So many slots.
        needs: usize,
        /// So many are free.
        free: usize,
        /// Its place.
        place: usize,
    },
    /// Its agent works for as many workstreams as it may.
    Capacity {
        /// The agent.
        agent: AgentName,
        /// For so many.
        capacity: usize,
    },
    /// It waits for these, in these phases.
    After(Vec<(WorkstreamId, PhaseWord)>),
    /// No agent of its chain may be used now.
    Barred {
        /// The first of them.
        agent: AgentName,
        /// Why that one may not.
        bar: Bar,
    },
    /// Nothing goes.
    Held(Hold),
    /// Launches are kept apart.
    Apart(Apart),
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
            Self::Barred { bar: Bar::Shut { until: None, .. }, .. } => true,
            Self::Slot(_)
            | Self::Standby(_)
            | Self::Slots { .. }
            | Self::Capacity { .. }
            | Self::Barred { .. }
            | Self::Held(_)
            | Self::Apart(_) => false,
        }
    }

    /// Says in a sentence what it waits for.
    pub fn explain(&self, now: Timestamp) -> String {
        match self {
            Self::Slot(place) => format!("waits for a free slot (place {place} in the queue)"),
            Self::Standby(place) => format!(
                "waits for a slot (place {place} in the queue); the free ones are kept for fallbacks"
            ),
            Self::Slots { needs, free, place } => format!(
                "waits for {needs} free slots, of which there are {free} (place {place} in the queue)"
            ),
            Self::Capacity { agent, capacity } => {
                let attempts = if *capacity == 1 { "attempt" } else { "attempts" };
                format!("waits for {agent}, which may make {capacity} {attempts} at a time")
            }
            Self::Barred { agent, bar } => format!("waits for {agent}: {}", bar.words(now)),
            Self::Held(hold) => format!("waits {}", hold.words(now)),
            Self::Apart(Apart::Staggered(next)) => format!(
                "waits its turn: launches are staggered, the next one is in {}",
                clock(next.since(now))
            ),
            Self::Apart(Apart::Trial(why)) => {
                format!("waits for one trial after a storm ({why})")
            }
            Self::Apart(Apart::Resuming(next)) => format!(
                "waits its turn after a storm; the next launch is in {}",
                clock(next.since(now))
            ),
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
                    Blocked::Barred { .. } => !blocked.is_stuck(),
                    Blocked::Slot(_)
                    | Blocked::Standby(_)
                    | Blocked::Slots { .. }
                    | Blocked::Capacity { .. }
                    | Blocked::Held(_)
                    | Blocked::Apart(_) => true,
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
/// Those that have begun go before those that have not, then the higher priority, then the declared order. One that has
/// to wait for something of its own holds up nobody behind it; but one whose agents work side by side keeps what it waits
/// for from those behind it, who would otherwise take it one by one for ever.
pub fn admit<'a>(fleet: impl IntoIterator<Item = &'a Workstream>, limits: &Limits) -> Admission {
    let fleet: Vec<&Workstream> = fleet.into_iter().collect();
    let mut gate = Gate::new(&fleet, limits);
    let mut admission = Admission::default();
    for (ws, launch) in queue(&fleet) {
        let id = ws.definition.id.clone();
        match gate.keeps_out(ws, launch) {
            None => admission.go.push(id),
            Some(blocked) => {
                admission.blocked.insert(id, blocked);
            }
        }
    }
    admission
}

/// Returns those that are queued, in the order in which they go.
fn queue<'a>(fleet: &[&'a Workstream]) -> Vec<(&'a Workstream, &'a Launch)> {
    let queued = fleet.iter().enumerate().filter_map(|(place, ws)| match &ws.phase {
        Phase::Queued { launch } => Some((place, *ws, launch)),
        _elsewhere => None,
    });
    let mut queue: Vec<(usize, &Workstream, &Launch)> = queued.collect();
    queue.sort_by_key(|(place, ws, _)| {
        (ws.attempts.is_empty(), Reverse(ws.definition.priority), *place)
    });
    queue.into_iter().map(|(_, ws, launch)| (ws, launch)).collect()
}

/// What is taken while those that wait are let through one after the other.
struct Gate<'a> {
    limits: &'a Limits,
    phases: BTreeMap<&'a WorkstreamId, PhaseWord>,
    taken: usize,
    launched: usize,
    waiting: usize,
    /// So many slots are kept for those in front that wait for several.
    kept: usize,
    used: BTreeMap<AgentName, usize>,
}

impl<'a> Gate<'a> {
    fn new(fleet: &[&'a Workstream], limits: &'a Limits) -> Self {
        let phases: BTreeMap<&WorkstreamId, PhaseWord> =
            fleet.iter().map(|ws| (&ws.definition.id, ws.phase.word())).collect();
        let at_work = || fleet.iter().filter(|ws| ws.phase.word().holds_slot());
        let mut used = BTreeMap::new();
        for (ws, launch) in at_work().filter_map(|ws| Some((ws, ws.phase.launch()?))) {
            for agent in ws.agents_at(launch) {
                *used.entry(agent).or_default() += 1;
            }
        }
        let is_staggered =
            matches!(limits.launches, Some(Launches { why: Apart::Staggered(_), .. }) | None);
        // Those are not in the outcome log yet.
        let is_underway = |phase: PhaseWord| {
            matches!(phase, PhaseWord::Preparing | PhaseWord::Probing | PhaseWord::Starting)
        };
        let underway = at_work().filter(|ws| is_underway(ws.phase.word())).count();
        let launched = if is_staggered { 0 } else { underway };
        let taken = at_work().map(|ws| ws.slots()).sum();
        Self { limits, phases, taken, launched, waiting: 0, kept: 0, used }
    }

    /// Says what keeps a workstream out; lets it through if nothing does.
    fn keeps_out(&mut self, ws: &Workstream, launch: &Launch) -> Option<Blocked> {
        let unmet = self.unmet(ws);
        if !unmet.is_empty() {
            return Some(Blocked::After(unmet));
        }
        if let Some(hold) = &self.limits.hold {
            return Some(Blocked::Held(hold.clone()));
        }
        if let Some((agent, bar)) = ws.shut_out(launch, |agent| self.used.contains_key(agent)) {
            return Some(Blocked::Barred { agent, bar: bar.clone() });
        }
        let agents = ws.agents_at(launch);
        if let Some(full) = self.full(ws, launch, &agents) {
            if agents.len() > 1 {
                self.use_up(agents);
            }
            return Some(full);
        }
        let has_begun = !ws.attempts.is_empty();
        let standby = if has_begun { 0 } else { self.limits.standby };
        if let Some(blocked) = self.short_of(agents.len(), standby) {
            if agents.len() > 1 {
                self.kept += agents.len();
                self.use_up(agents);
            }
            return Some(blocked);
        }
        if let Some(launches) = &self.limits.launches
            && self.launched >= launches.left as usize
        {
            return Some(Blocked::Apart(launches.why.clone()));
        }
        self.taken += agents.len();
        self.launched += 1;
        self.use_up(agents);
        None
    }

    /// Says which of these agents has no place for it.
    fn full(&self, ws: &Workstream, launch: &Launch, agents: &[AgentName]) -> Option<Blocked> {
        agents.iter().find_map(|agent| {
            let used = self.used.get(agent).copied().unwrap_or_default();
            let wants = agents.iter().filter(|other| *other == agent).count();
            let capacity = ws.capacity_at(launch, agent).filter(|most| used + wants > *most)?;
            Some(Blocked::Capacity { agent: agent.clone(), capacity })
        })
    }

    /// Says what keeps it from getting so many slots.
    fn short_of(&mut self, needs: usize, standby: usize) -> Option<Blocked> {
        let most = self.limits.parallel.saturating_sub(standby).max(1);
        let taken = self.taken + self.kept;
        if taken + needs <= most {
            return None;
        }
        self.waiting += 1;
        let place = self.waiting;
        Some(if needs > 1 {
            Blocked::Slots { needs, free: most.saturating_sub(taken), place }
        } else if taken < self.limits.parallel {
            Blocked::Standby(place)
        } else {
            Blocked::Slot(place)
        })
    }

    fn use_up(&mut self, agents: Vec<AgentName>) {
        for agent in agents {
            *self.used.entry(agent).or_default() += 1;
        }
    }

    fn unmet(&self, ws: &Workstream) -> Vec<(WorkstreamId, PhaseWord)> {
        let after = ws.definition.after.iter();
        let known = after.filter_map(|id| self.phases.get(id).map(|phase| (id.clone(), *phase)));
        known.filter(|(_, phase)| *phase != PhaseWord::Done).collect()
    }
}
