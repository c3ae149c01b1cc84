//! What is going to happen, the next thing first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::core::{AttemptId, Event, Timestamp};

/// What is going to happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A piece of work comes.
    Arrives,
    /// Its deadline is there, if it is still the same.
    Deadline,
    /// It is told.
    Report(Event),
    /// The agent of an attempt ends by itself.
    Ends(AttemptId),
    /// Something in what guards the fleet changes.
    Guards,
}

/// What is going to happen, and to which workstream.
#[derive(Debug, Default)]
pub struct Agenda {
    order: BinaryHeap<Reverse<(Timestamp, u64)>>,
    what: HashMap<u64, (usize, Happening)>,
    number: u64,
}

impl Agenda {
    /// Adds something; what is at the same time happens in the order in which it was added.
    pub fn add(&mut self, at: Timestamp, whose: usize, what: Happening) {
        self.number += 1;
        self.order.push(Reverse((at, self.number)));
        self.what.insert(self.number, (whose, what));
    }

    /// Returns when the next thing happens.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.order.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes the next thing, and whose it is.
    pub fn take(&mut self) -> Option<(usize, Happening)> {
        let Reverse((_, number)) = self.order.pop()?;
        self.what.remove(&number)
    }
}
