//! What is taken up again after a crash, or after a cause that hit many: what is found, and in which order it goes on.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::class::FailureClass;
use super::id::WorkstreamId;
use super::ledger::AttemptOutcome;
use super::phase::PhaseWord;
use super::workstream::Workstream;

/// A workstream, as far as recovery cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its name.
    pub id: WorkstreamId,
    /// Where it is.
    pub phase: PhaseWord,
    /// Why its last attempt failed, if it did.
    pub class: Option<FailureClass>,
    /// Whether it has had an attempt.
    pub has_begun: bool,
    /// Higher goes first.
    pub priority: i32,
    /// What must be done before.
    pub after: Vec<WorkstreamId>,
}

/// What is found of a workstream that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// An agent, a check or git is at work, or was when it was seen last.
    AtWork,
    /// It waits, to begin or to try again.
    Waits,
    /// It has failed, or waits for a person, for something that passes by itself.
    Passing(FailureClass),
    /// A person has to decide.
    NeedsYou,
    /// It failed for something that does not pass, and nobody is asked about it.
    Failed,
    /// Its processes are not accounted for.
    Lost,
}

/// A step of the plan: a workstream, and what it still has to wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The workstream.
    pub id: WorkstreamId,
    /// What was found.
    pub found: Found,
    /// What has to be done before, of what is not done.
    pub after: Vec<WorkstreamId>,
}

impl Piece {
    /// Returns a workstream in this state.
    pub fn of(state: &Workstream) -> Self {
        let class = state.attempts.iter().rev().find_map(|attempt| match attempt.outcome {
            AttemptOutcome::Failed(class) => Some(Some(class)),
            AttemptOutcome::Stopped | AttemptOutcome::Succeeded => Some(None),
            AttemptOutcome::Open | AttemptOutcome::Skipped => None,
        });
        Self {
            id: state.definition.id.clone(),
            phase: state.phase.word(),
            class: class.flatten(),
            has_begun: !state.attempts.is_empty(),
            priority: state.definition.priority,
            after: state.definition.after.clone(),
        }
    }
}

impl Found {
    /// Returns what is found of a workstream; none if nothing is left to do, or the operator has stopped it.
    pub fn of(phase: PhaseWord, class: Option<FailureClass>) -> Option<Self> {
        Some(match phase {
            PhaseWord::Done | PhaseWord::Stopped => return None,
            PhaseWord::Queued | PhaseWord::Backoff => Self::Waits,
            PhaseWord::Preparing
            | PhaseWord::Probing
            | PhaseWord::Starting
            | PhaseWord::Running
            | PhaseWord::Stopping
            | PhaseWord::Draining
            | PhaseWord::Checking => Self::AtWork,
            PhaseWord::Lost => Self::Lost,
            PhaseWord::Escalated | PhaseWord::Failed => match class.filter(|it| passes(*it)) {
                Some(class) => Self::Passing(class),
                None if phase == PhaseWord::Escalated => Self::NeedsYou,
                None => Self::Failed,
            },
        })
    }

    fn words(self) -> &'static str {
        match self {
            Self::AtWork => "at work",
            Self::Waits => "waiting to go",
            Self::Passing(_) => "failed for something that passes",
            Self::NeedsYou => "waiting for you",
            Self::Failed => "failed for good",
            Self::Lost => "lost",
        }
    }
}

/// Says whether a failure has a cause that passes by itself, so that trying again may help.
pub fn passes(class: FailureClass) -> bool {
    class.is_of_the_service() || class.is_of_machine()
}

/// Returns what is not done, in the order in which it goes on: what others wait for before them, then what has begun, then
/// the higher priority, then the declared order.
pub fn plan(pieces: &[Piece]) -> Vec<Step> {
    let mut left: Vec<(usize, &Piece, Found)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(place, piece)| Some((place, piece, Found::of(piece.phase, piece.class)?)))
        .collect();
    let unfinished: BTreeSet<&WorkstreamId> = left.iter().map(|(_, piece, _)| &piece.id).collect();
    let waits_for = |piece: &Piece| -> Vec<WorkstreamId> {
        piece.after.iter().filter(|id| unfinished.contains(id)).cloned().collect()
    };
    let mut steps: Vec<Step> = Vec::new();
    while !left.is_empty() {
        let is_free = |piece: &Piece| {
            waits_for(piece).iter().all(|id| steps.iter().any(|step| step.id == *id))
        };
        // A circle, which no configuration has, is cut where it would go first.
        let next = left.iter().enumerate().min_by_key(|(_, (place, piece, _))| {
            (!is_free(piece), !piece.has_begun, Reverse(piece.priority), *place)
        });
        let Some((at, _)) = next else { break };
        let (_, piece, found) = left.remove(at);
        steps.push(Step { id: piece.id.clone(), found, after: waits_for(piece) });
    }
    steps
}

/// Says in a sentence what a supervisor takes up again; none if nothing had begun.
pub fn words(pieces: &[Piece], parallel: usize) -> Option<String> {
    let begun: Vec<Piece> = pieces.iter().filter(|piece| piece.has_begun).cloned().collect();
    let steps = plan(&begun);
    let kinds = [Found::AtWork, Found::Waits, Found::NeedsYou, Found::Failed, Found::Lost];
    let mut parts = Vec::new();
    for kind in kinds.map(Found::words).into_iter().chain(["failed for something that passes"]) {
        let those: Vec<&str> = steps
            .iter()
            .filter(|step| step.found.words() == kind)
            .map(|step| step.id.as_str())
            .collect();
        if !those.is_empty() {
            parts.push(format!("{} {kind} ({})", those.len(), some(&those)));
        }
    }
    (!parts.is_empty())
        .then(|| format!("taken up again: {}; at most {parallel} work at a time", parts.join(", ")))
}

/// Names a few.
fn some(names: &[&str]) -> String {
    const FEW: usize = 8;
    match names.get(..FEW) {
        Some(few) if names.len() > FEW => {
            format!("{} and {} more", few.join(", "), names.len() - FEW)
        }
        _all => names.join(", "),
    }
}
