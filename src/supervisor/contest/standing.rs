//! How each contestant stands at the end.

use std::path::Path;
use std::sync::Arc;

use super::lineup::Lineup;
use crate::core::account::Made;
use crate::core::verdict::DiffSize;
use crate::core::{AttemptOutcome, PhaseWord};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::supervisor::inner::verdict::first_line;
use crate::worktree::checkpoint::{after, checkpoint_name};
use crate::worktree::{Checkpoint, Worktree};

/// How a contestant stands at the end.
pub(super) struct Standing<'a> {
    /// Its workstream.
    pub facts: &'a Arc<WorkstreamFacts>,
    /// What it is called.
    pub name: String,
    /// The checkpoint after its last attempt, the worktree that it is of, and the size of its change; none if there is none.
    saved: Option<(Worktree, Checkpoint, DiffSize)>,
}

/// Returns how all contestants stand.
pub(super) fn all<'a>(facts: &'a Facts, lineup: &Lineup) -> Vec<Standing<'a>> {
    let both = facts.workstreams.iter().zip(&lineup.entrants);
    both.map(|(facts, entrant)| Standing { facts, name: lineup.name(entrant), saved: saved(facts) })
        .collect()
}

fn saved(facts: &WorkstreamFacts) -> Option<(Worktree, Checkpoint, DiffSize)> {
    let last = facts.attempts.iter().rev().find(|attempt| attempt.diff.is_some())?;
    let worktree = Worktree::open(facts.worktree.as_deref().unwrap_or(Path::new("")), &facts.id);
    let worktree = worktree.ok()?;
    let checkpoint = worktree.saved(&after(last.id)).ok().flatten()?;
    Some((worktree, checkpoint, last.diff?))
}

impl Standing<'_> {
    /// Says whether its work passed.
    pub fn is_done(&self) -> bool {
        self.facts.phase == PhaseWord::Done
    }

    /// Returns its worktree, and what it made.
    pub fn result(&self) -> Option<(&Worktree, &Checkpoint)> {
        self.saved.as_ref().map(|(worktree, checkpoint, _)| (worktree, checkpoint))
    }

    /// Returns what it has left, and in words what became of it, where `first` may have been first.
    pub fn left(&self, first: Option<&Self>) -> (Option<Made>, String) {
        let last = self.facts.attempts.last();
        let why = match (last.map(|attempt| &attempt.outcome), first) {
            (Some(AttemptOutcome::Stopped), Some(first)) => format!("{} was first", first.name),
            (Some(AttemptOutcome::Stopped), None) => String::new(),
            _other => first_line(last.map_or("", |attempt| &attempt.reason)).to_owned(),
        };
        let saved = self.saved.as_ref().filter(|(.., diff)| diff.files > 0);
        let Some((_, checkpoint, diff)) = saved else { return (None, why) };
        let checkpoint = checkpoint_name(&self.facts.id, &checkpoint.name);
        let semicolon = if why.is_empty() { "" } else { "; " };
        let words = format!("{why}{semicolon}{diff}, kept as {checkpoint}");
        (Some(Made { checkpoint, diff: *diff }), words)
    }

    /// Says in a few words what it made, or why it made nothing that counts.
    pub fn words(&self) -> String {
        let Self { name, .. } = self;
        let last = self.facts.attempts.last().map(|attempt| &attempt.outcome);
        match (last, &self.saved) {
            _ if self.is_done() => {
                let change = self.saved.as_ref().map(|(.., diff)| diff.to_string());
                format!("{name} ({})", change.unwrap_or_else(|| "unknown".to_owned()))
            }
            (Some(AttemptOutcome::Failed(class)), _) => format!("{name} {class}"),
            _other => format!("{name} {}", self.facts.phase),
        }
    }
}
