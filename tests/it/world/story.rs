//! What happened in a world, to be judged afterwards.

use std::fmt::Write as _;

use ostler::core::{Effect, Event, Timestamp, Workstream};

use super::trace;

/// One event and what came of it.
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What came in.
    pub event: Event,
    /// What the core asked for.
    pub effects: Vec<Effect>,
    /// How many of these, from the end, nobody carried out, since the owner died.
    pub undone: usize,
    /// What a new owner asked for again; empty but for a change of owners.
    pub resumed: Vec<Effect>,
    /// The state before.
    pub before: Workstream,
    /// The state after.
    pub after: Workstream,
}

/// What happened in a world.
#[derive(Default)]
pub struct Story {
    /// All events, oldest first.
    pub moments: Vec<Moment>,
    /// What the world saw that must never be.
    pub broken: Vec<String>,
    /// What still lived at the end.
    pub alive: Vec<String>,
    /// Whether the world came to rest by itself.
    pub rests: bool,
}

impl Story {
    /// Returns the last moments as lines, for a message.
    pub fn tail(&self) -> String {
        let mut text = String::new();
        for moment in self.moments.iter().rev().take(60).rev() {
            let _ = writeln!(text, "{}", trace::line(moment));
        }
        text
    }
}
