//! What the operator did on this screen, so that it can be undone.

use std::collections::VecDeque;

use crate::core::event::Request;
use crate::core::outcome::Say;
use crate::core::phase::PhaseWord;
use crate::core::{AgentName, WorkstreamId, alert};
use crate::tui::update::Launches;

/// So many deeds are remembered.
const MOST: usize = 50;

/// What was asked for just now, shown until whoever does it tells what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What people call it.
    pub what: String,
    /// The number of the last notice before it.
    pub after: u64,
}

/// The deeds, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deeds(VecDeque<Deed>);

/// Something that was done by one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What people call it.
    pub what: String,
    /// What it did, each with its way back.
    pub parts: Vec<Part>,
}

/// A part of a deed, and what there was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Something was asked of a workstream.
    Request {
        /// Of which.
        id: WorkstreamId,
        /// What.
        request: Request,
        /// Where it was then.
        was: PhaseWord,
    },
    /// A workstream was detached.
    Detach(WorkstreamId),
    /// A workstream was attached.
    Attach(WorkstreamId),
    /// Launches were let go on or paused.
    Launches(Launches),
    /// A breaker was told something.
    Breaker {
        /// Of which agent.
        agent: AgentName,
        /// What it was told.
        said: Say,
        /// What brings it back to where it was.
        back: Say,
    },
    /// An alert was acknowledged.
    Acknowledged(alert::Key),
}

impl Deeds {
    /// Remembers a deed.
    pub fn push(&mut self, deed: Deed) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(deed);
    }

    /// Returns the last deed.
    pub fn last(&self) -> Option<&Deed> {
        self.0.back()
    }

    /// Forgets the last deed.
    pub fn pop(&mut self) {
        self.0.pop_back();
    }
}
