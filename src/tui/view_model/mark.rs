//! How states are told: always by a mark and a word, and by a colour where there are colours.

use crate::core::alert;
use crate::core::notice::Severity;
use crate::core::{AttemptOutcome, PhaseWord};
use crate::ipc::facts::{LinkState, WorkstreamFacts};
use crate::tui::theme::Role;

/// How a state is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// A character of one column.
    pub sign: &'static str,
    /// The word.
    pub word: &'static str,
    /// The colour.
    pub role: Role,
}

/// Past its soft timeout.
pub const SLOW: Mark = Mark { sign: "⚠", word: "slow", role: Role::Warning };

/// At work, and waiting for an answer of the operator's.
pub const NEEDS_YOU: Mark = Mark { sign: "◐", word: "needs you", role: Role::Waiting };

/// Returns how the state of a workstream is told.
pub fn state(workstream: &WorkstreamFacts) -> Mark {
    match workstream.phase {
        PhaseWord::Running if workstream.waiting.is_some() => NEEDS_YOU,
        phase => self::phase(phase),
    }
}

/// Returns how a phase is told.
pub fn phase(phase: PhaseWord) -> Mark {
    let (sign, role) = match phase {
        PhaseWord::Queued => ("○", Role::Quiet),
        PhaseWord::Preparing | PhaseWord::Probing | PhaseWord::Starting => ("◌", Role::Info),
        PhaseWord::Running => ("●", Role::Info),
        PhaseWord::Stopping => ("□", Role::Warning),
        PhaseWord::Draining => ("◇", Role::Info),
        PhaseWord::Checking => ("◆", Role::Info),
        PhaseWord::Backoff => ("↻", Role::Warning),
        PhaseWord::Escalated => ("◐", Role::Waiting),
        PhaseWord::Done => ("✔", Role::Good),
        PhaseWord::Failed => ("✖", Role::Bad),
        PhaseWord::Stopped => ("■", Role::Quiet),
        PhaseWord::Lost => ("⊘", Role::Bad),
    };
    Mark { sign, word: phase.as_str(), role }
}

/// Returns how a tier's state is told.
pub fn link(state: LinkState) -> Mark {
    let (sign, word, role) = match state {
        LinkState::Untried => ("", "not tried", Role::Dim),
        LinkState::Probing => ("◌", "probing", Role::Info),
        LinkState::Running => ("▶", "running", Role::Info),
        LinkState::Waiting => ("↻", "waiting", Role::Warning),
        LinkState::Failed => ("✖", "failed", Role::Bad),
        LinkState::Skipped => ("»", "skipped", Role::Dim),
        LinkState::Succeeded => ("✔", "succeeded", Role::Good),
        LinkState::Stopped => ("■", "stopped", Role::Dim),
    };
    Mark { sign, word, role }
}

/// Returns how the end of an attempt is told: a failure by its class.
pub fn outcome(outcome: &AttemptOutcome) -> Mark {
    let state = match outcome {
        AttemptOutcome::Open => LinkState::Running,
        AttemptOutcome::Skipped => LinkState::Skipped,
        AttemptOutcome::Failed(_) => LinkState::Failed,
        AttemptOutcome::Stopped => LinkState::Stopped,
        AttemptOutcome::Succeeded => LinkState::Succeeded,
    };
    let mark = link(state);
    let word = match outcome {
        AttemptOutcome::Open => "at work",
        AttemptOutcome::Failed(class) => class.word(),
        AttemptOutcome::Skipped | AttemptOutcome::Stopped | AttemptOutcome::Succeeded => mark.word,
    };
    Mark { word, ..mark }
}

/// Returns how the severity of an alert is told.
pub fn alert(severity: alert::Severity) -> Mark {
    let (sign, role) = match severity {
        alert::Severity::Low => ("◦", Role::Quiet),
        alert::Severity::Medium => ("△", Role::Warning),
        alert::Severity::High => ("▲", Role::Bad),
        alert::Severity::Critical => ("✱", Role::Bad),
    };
    Mark { sign, word: severity.word(), role }
}

/// Returns how the weight of a notice is told.
pub fn severity(severity: Severity) -> Mark {
    let (sign, word, role) = match severity {
        Severity::Info => ("·", "info", Role::Dim),
        Severity::Good => ("✔", "good", Role::Good),
        Severity::Warning => ("⚠", "warning", Role::Warning),
        Severity::Bad => ("✖", "bad", Role::Bad),
    };
    Mark { sign, word, role }
}
