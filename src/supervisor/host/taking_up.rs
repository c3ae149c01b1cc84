//! Saying what a supervisor has found when it begins, if work was under way.

use super::Supervisor;
use crate::core::notice::Severity;
use crate::core::recovery::{self, Piece};

impl Supervisor {
    /// Says what is taken up again.
    pub(super) fn tell_what_was_found(&mut self) {
        let ours = self.members.values().filter(|member| member.is_ours());
        let pieces: Vec<Piece> = ours.map(|member| Piece::of(&member.state)).collect();
        if let Some(words) = recovery::words(&pieces, self.plan().limits.parallel) {
            self.tell(None, Severity::Info, words);
        }
    }
}
