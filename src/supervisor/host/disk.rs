//! Looking at the disk while there is work: with too little room nothing starts, and a full one gets its ballast back.

use std::time::Duration;

use super::Supervisor;
use super::handover::is_at_rest;
use crate::core::notice::Severity;
use crate::core::room::Room;
use crate::core::{Timestamp, WorkstreamId};
use crate::supervisor::ballast::{self, Ballast};
use crate::supervisor::disk::{self, Disk};
use crate::supervisor::member::Member;
use crate::supervisor::memory;

/// The time between two looks while there is plenty.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The time between two looks when there is little.
const LOOK_OFTEN: Duration = Duration::from_secs(1);
/// The ballast is not taken again so soon after it was given up.
const NEEDED: Duration = Duration::from_secs(120);
/// So many times the floor is plenty.
const PLENTY: u64 = 4;

/// What is known of the disk.
#[derive(Debug)]
pub(super) struct Known {
    /// Whether there is room.
    pub(super) room: Room,
    /// Whether there is memory.
    pub(super) memory: Room,
    banner: Option<String>,
    next: Option<Timestamp>,
    ballast: Ballast,
    /// When the ballast was given up last.
    given_up: Option<Timestamp>,
}

impl Known {
    pub(super) fn new(ballast: Ballast) -> Self {
        Self {
            room: Room::Enough,
            memory: Room::Enough,
            banner: None,
            next: None,
            ballast,
            given_up: None,
        }
    }

    /// Returns when it is looked at again.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// Says what is wrong with it, if something is.
    pub(super) fn banner(&self) -> Option<&str> {
        self.banner.as_deref()
    }
}

impl Supervisor {
    /// Looks at the disk, if it is time and there is work that needs room.
    pub(super) fn look_at_disk(&mut self, now: Timestamp) {
        let goes_on = |member: &Member| member.is_ours() && !is_at_rest(member.state.phase.word());
        let is_short = self.disk.room != Room::Enough || self.disk.memory != Room::Enough;
        if !is_short && !self.members.values().any(goes_on) {
            self.disk.next = None;
            return;
        }
        if self.disk.next.is_some_and(|at| now < at) {
            return;
        }
        let plan = self.plan();
        let disk = Disk::of(&self.dir, self.executor.project(), &plan);
        let (room, least) = disk.room(self.disk.room);
        let floor = plan.limits.min_free_disk;
        let is_plenty = least.as_ref().is_none_or(|place| place.free >= floor * PLENTY);
        self.disk.next = Some(now + if is_plenty { LOOK_EVERY } else { LOOK_OFTEN });
        let banner = least.as_ref().and_then(|place| place.banner(room));
        if let (Some(place), Some(_)) = (&least, &banner) {
            self.shortage.note(now, place.words());
        }
        self.disk.room = room;
        match (std::mem::replace(&mut self.disk.banner, banner.clone()), banner) {
            (None, Some(new)) => {
                self.tell(None, Severity::Bad, format!("{new}; what runs goes on"));
            }
            (Some(_), None) => {
                self.tell(None, Severity::Info, "there is room again; launches go on".to_owned());
            }
            (old, new) if old != new => self.shown.changed(),
            _same => {}
        }
        self.look_at_memory(plan.limits.min_free_memory, now);
        self.keep_ballast(floor, now);
        self.keep_home();
        self.look_at_load(now);
    }

    /// Decides whether there is memory for more; `floor` is the least that must be available.
    fn look_at_memory(&mut self, floor: u64, now: Timestamp) {
        let before = self.disk.memory;
        let free = if floor == 0 { None } else { memory::available() };
        self.disk.memory = free.map_or(Room::Enough, |free| before.after(free, floor));
        if self.disk.memory != Room::Enough {
            self.disk.next = Some(now + LOOK_OFTEN);
        }
        match (before, self.disk.memory.words()) {
            (Room::Enough, Some(words)) => {
                let text = format!("too little memory: {words}; nothing starts, what runs goes on");
                self.tell(None, Severity::Bad, text);
            }
            (Room::Short { .. }, None) => {
                let text = "there is memory again; launches go on".to_owned();
                self.tell(None, Severity::Info, text);
            }
            (Room::Enough | Room::Short { .. }, _same) => {}
        }
    }

    /// Looks again at once: there may be less than is known, or the floor may be another one.
    pub(super) fn look_now(&mut self) {
        self.disk.next = None;
    }

    /// Looks again soon: something could not be had that may be there then.
    pub(super) fn look_soon(&mut self) {
        self.disk.next = Some(self.clock.now() + LOOK_OFTEN);
    }

    /// Takes the ballast where there is room for it beyond the floor.
    fn keep_ballast(&self, floor: u64, now: Timestamp) {
        // A quota does not show in what is free, so it is not taken again right after it was needed.
        let needed = self.disk.given_up.is_some_and(|at| now.since(at) < NEEDED);
        let has_room = self.disk.room == Room::Enough && floor > 0 && !needed;
        if self.disk.ballast.is_there() || !has_room {
            return;
        }
        let free = disk::free(self.dir.path()).ok().flatten();
        // Twice, so that taking it does not bring the disk near its floor.
        if free.is_some_and(|free| free >= floor + 2 * ballast::SIZE)
            && let Err(error) = self.disk.ballast.take()
        {
            tracing::debug!("no space is kept for a full disk: {error}");
        }
    }

    /// Gives up the ballast, so that what is decided can be written; says whether there was any.
    pub(super) fn release_ballast(&mut self, id: &WorkstreamId) -> bool {
        let released = self.disk.ballast.release();
        if released {
            self.disk.next = None;
            self.disk.given_up = Some(self.clock.now());
            let text = "the disk is full; space that was kept for this was given up";
            self.tell(Some(id.clone()), Severity::Bad, text.to_owned());
        }
        released
    }
}
