//! Which logs are in sight at once.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::core::{PhaseWord, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};

/// How many logs can be in sight at once.
const COUNTS: &[usize] = &[1, 2, 4, 6, 9];

/// Which logs are in sight at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// How many at most.
    pub count: usize,
    /// Those that stay in sight whatever happens; none if what is at work is followed.
    pub held: Option<BTreeSet<WorkstreamId>>,
}

impl Default for Grid {
    fn default() -> Self {
        Self { count: 4, held: None }
    }
}

impl Grid {
    /// Returns the next smaller or larger number of logs; the same at either end.
    pub fn count_beside(&self, way: isize) -> usize {
        let place = COUNTS.iter().position(|count| *count == self.count).unwrap_or(0);
        let place = place.saturating_add_signed(way).min(COUNTS.len() - 1);
        COUNTS.get(place).copied().unwrap_or(1)
    }

    /// Returns the workstreams that may be in sight, in their declared order: those that are held; else those at work,
    /// and as many of the others as there is room for, the last to change first.
    pub fn members(&self, facts: &Facts) -> Vec<WorkstreamId> {
        let all = || facts.workstreams.iter().map(AsRef::as_ref);
        let shown: BTreeSet<&WorkstreamId> = if let Some(held) = &self.held {
            held.iter().collect()
        } else {
            let mut shown: BTreeSet<_> =
                all().filter(|ws| is_at_work(ws)).map(|ws| &ws.id).collect();
            let mut others: Vec<_> = all().filter(|ws| !is_at_work(ws)).collect();
            // What has written something before what has not.
            others.sort_by_key(|ws| (ws.log.is_none(), Reverse(ws.since)));
            let room = self.count.saturating_sub(shown.len());
            shown.extend(others.into_iter().take(room).map(|ws| &ws.id));
            shown
        };
        all().map(|ws| &ws.id).filter(|id| shown.contains(id)).cloned().collect()
    }

    /// Returns those of them that are in sight: the page on which the selected one is.
    pub fn in_sight(&self, facts: &Facts, selected: Option<&WorkstreamId>) -> Vec<WorkstreamId> {
        let members = self.members(facts);
        let place = members.iter().position(|id| Some(id) == selected).unwrap_or(0);
        let count = self.count.max(1);
        members.into_iter().skip(place / count * count).take(count).collect()
    }
}

fn is_at_work(ws: &WorkstreamFacts) -> bool {
    ws.phase.has_agent() || ws.phase == PhaseWord::Checking
}
