//! What a workstream was at, one turn after the other: what is drawn over time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::id::AttemptId;
use super::phase::{Phase, PhaseWord};
use super::time::Timestamp;

/// So many turns are kept; earlier ones are let go, and only the attempts themselves are known of that time.
pub const KEPT: usize = 400;

/// How an agent at work fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gait {
    /// As it should.
    #[default]
    Steady,
    /// It is past its soft timeout.
    Slow,
    /// It waits for an answer of the operator's.
    Waiting,
}

/// What a workstream is at from a moment on, until the next turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// From when on.
    pub at: Timestamp,
    /// Where it is in its life.
    pub phase: PhaseWord,
    /// How its agent fares, while one runs.
    pub gait: Gait,
    /// The attempt that this is about, made or to be made.
    pub attempt: Option<AttemptId>,
}

/// The turns of a workstream, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Course(VecDeque<Turn>);

impl Course {
    /// Returns the course of a workstream that is here now.
    pub fn from(phase: &Phase, at: Timestamp) -> Self {
        let mut course = Self::default();
        course.follow(phase, at);
        course
    }

    /// Takes note of where a workstream is now.
    pub fn follow(&mut self, phase: &Phase, at: Timestamp) {
        let turn = Turn {
            at,
            phase: phase.word(),
            gait: gait(phase),
            attempt: phase.launch().map(|launch| launch.attempt),
        };
        let is_same = |last: &Turn| Turn { at, ..*last } == turn;
        if self.0.back().is_some_and(is_same) {
            return;
        }
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(turn);
    }

    /// Returns the turns, oldest first.
    pub fn turns(&self) -> impl Iterator<Item = &Turn> {
        self.0.iter()
    }
}

fn gait(phase: &Phase) -> Gait {
    match phase {
        Phase::Running(running) if running.waiting.is_some() => Gait::Waiting,
        Phase::Running(running) if running.slow.is_some() => Gait::Slow,
        Phase::Running(_)
        | Phase::Queued { .. }
        | Phase::Preparing { .. }
        | Phase::Probing { .. }
        | Phase::Starting { .. }
        | Phase::Stopping(_)
        | Phase::Draining(_)
        | Phase::Checking { .. }
        | Phase::Backoff { .. }
        | Phase::Escalated { .. }
        | Phase::Done(_)
        | Phase::Failed(_)
        | Phase::Stopped
        | Phase::Lost { .. } => Gait::Steady,
    }
}
