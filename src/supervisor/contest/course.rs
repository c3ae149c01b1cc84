//! What is decided while the contestants work.

use super::lineup::Lineup;
use crate::agents::api::report::Report;
use crate::core::contest::Contending;
use crate::core::{PhaseWord, WorkstreamId};
use crate::ipc::facts::Facts;
use crate::supervisor::inner;

/// What is decided while the contestants work.
#[derive(Debug)]
pub(super) struct Course {
    /// How it is decided.
    pub how: Contending,
    /// What they are called.
    names: Vec<String>,
    /// Who was first, by its place; nobody in a vote.
    pub first: Option<usize>,
}

/// Returns the course of a contest.
pub(super) fn of(how: Contending, lineup: &Lineup) -> Course {
    let names = lineup.entrants.iter().map(|entrant| lineup.name(entrant)).collect();
    Course { how, names, first: None }
}

impl inner::Course for Course {
    fn ends(&mut self, facts: &Facts, report: &mut Report<'_>) -> Vec<WorkstreamId> {
        if self.how == Contending::Vote || self.first.is_some() {
            return Vec::new();
        }
        let done = facts.workstreams.iter().enumerate();
        let done = done.filter(|(_, inner)| inner.phase == PhaseWord::Done);
        let Some((first, _)) = done.min_by_key(|(place, inner)| (inner.since, *place)) else {
            return Vec::new();
        };
        self.first = Some(first);
        let at_work = facts.workstreams.iter().enumerate().filter(|(place, inner)| {
            *place != first && !inner.phase.is_final() && inner.phase != PhaseWord::Escalated
        });
        let others: Vec<WorkstreamId> = at_work.map(|(_, inner)| inner.id.clone()).collect();
        let name = self.names.get(first).map_or("one of them", String::as_str);
        let rest = match others.len() {
            0 => "",
            1 => "; the other one is stopped",
            _several => "; the others are stopped",
        };
        report.aside(&format!("{name} is the first whose work passes{rest}"));
        others
    }
}
