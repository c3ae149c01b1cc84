//! Which change is shown, and which part of it.

use crate::core::AttemptId;
use crate::ipc::facts::WorkstreamFacts;

/// What is compared with what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// The worktree as it is with what the workstream started from.
    #[default]
    Whole,
    /// What an attempt left with what it found; what it has made so far, while it is at work.
    Attempt(AttemptId),
}

impl Compared {
    /// Returns what stands so many places after this one: the attempts, oldest first, then all of them together.
    pub fn beside(self, ws: &WorkstreamFacts, places: isize) -> Option<Self> {
        let made = ws.attempts.iter().filter(|attempt| attempt.started.is_some());
        let all: Vec<Self> =
            made.map(|attempt| Self::Attempt(attempt.id)).chain([Self::Whole]).collect();
        let place = all.iter().position(|one| *one == self).unwrap_or(all.len() - 1);
        all.get(place.checked_add_signed(places)?).copied()
    }
}

/// Which change is shown, and which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// What is compared with what.
    pub compared: Compared,
    /// The row at the top, one line standing below the other.
    pub top: usize,
    /// The columns that lie beside the left edge.
    pub left: usize,
    /// Grows when it is to be read again.
    pub asked: u32,
}
