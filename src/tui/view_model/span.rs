//! How what a workstream is at is drawn in a column of the timeline.

use super::mark;
use super::text::Line;
use super::timeline::Axis;
use crate::core::course::{Gait, Turn};
use crate::core::forecast::Left;
use crate::core::{Attempt, AttemptOutcome, PhaseWord, Timestamp};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// A column of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// A character of one column.
    pub sign: char,
    /// What it is.
    pub role: Role,
}

/// What a bar is made of, and what the legend calls it.
const LEGEND: &[(PhaseWord, Gait, &str)] = &[
    (PhaseWord::Running, Gait::Steady, "running"),
    (PhaseWord::Running, Gait::Slow, "slow"),
    (PhaseWord::Backoff, Gait::Steady, "backoff"),
    (PhaseWord::Checking, Gait::Steady, "check"),
    (PhaseWord::Escalated, Gait::Steady, "you"),
    (PhaseWord::Probing, Gait::Steady, "probe, start"),
    (PhaseWord::Queued, Gait::Steady, "queued"),
    (PhaseWord::Stopping, Gait::Steady, "stopping"),
    (PhaseWord::Draining, Gait::Steady, "saving"),
];

/// Returns the columns of a workstream's bar.
///
/// A column shows what took most of its time, but the end of an attempt always shows.
pub fn bar(ws: &WorkstreamFacts, axis: &Axis, now: Timestamp) -> Vec<Cell> {
    let nothing = Cell { sign: ' ', role: Role::Text };
    let mut cells = vec![nothing; axis.columns];
    let mut most = vec![0; axis.columns];
    let spans = spans(ws, now);
    for span in &spans {
        let Some(cell) = cell(span.phase, span.gait) else { continue };
        let end = axis.from.0.saturating_add(axis.cell.saturating_mul(axis.columns as u64));
        let (from, to) = (span.from.0.clamp(axis.from.0, end), span.to.0.clamp(axis.from.0, end));
        let mut at = from;
        while at < to {
            let column = (at - axis.from.0) / axis.cell;
            let next = (axis.from.0 + (column + 1) * axis.cell).min(to);
            let place = usize::try_from(column).unwrap_or(usize::MAX);
            if let (Some(drawn), Some(most)) = (cells.get_mut(place), most.get_mut(place))
                && next - at >= *most
            {
                (*drawn, *most) = (cell, next - at);
            }
            at = next;
        }
    }
    for attempt in &ws.attempts {
        let Some(mark) = outcome(attempt) else { continue };
        let Some(ended) = over(attempt, &spans) else { continue };
        // What ended in the last moment of a column ended in that column.
        let column = axis.column(Timestamp(ended.0.saturating_sub(1)));
        if let Some(drawn) = column.and_then(|column| cells.get_mut(column)) {
            *drawn = mark;
        }
    }
    cells
}

/// What is to come.
const TO_COME: Cell = Cell { sign: '┄', role: Role::Estimate };

/// Draws for how long a running agent is likely to go on working, behind what it has done.
pub fn to_come(
    cells: &mut [Cell],
    (ws, left): (&WorkstreamFacts, Option<Left>),
    axis: &Axis,
    now: Timestamp,
) {
    let Some(Left::About { likely, .. }) = left.filter(|_| ws.phase == PhaseWord::Running) else {
        return;
    };
    let done = now + likely;
    for (place, cell) in cells.iter_mut().enumerate() {
        let from = axis.from.0.saturating_add(axis.cell.saturating_mul(place as u64));
        if from >= now.0 && from < done.0 && cell.sign == ' ' {
            *cell = TO_COME;
        }
    }
}

/// A stretch of time in which a workstream was at one thing.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    phase: PhaseWord,
    gait: Gait,
    attempt: Option<crate::core::AttemptId>,
}

/// Returns what is known of a workstream's time: its course, and before that its attempts.
fn spans(ws: &WorkstreamFacts, now: Timestamp) -> Vec<Span> {
    let begin = ws.course.first().map_or(now, |turn| turn.at);
    let mut spans = Vec::new();
    for attempt in ws.attempts.iter().filter(|attempt| attempt.begun < begin) {
        let to = attempt.ended.unwrap_or(begin).min(begin);
        let started = attempt.started.unwrap_or(to).min(to);
        for (from, to, phase) in
            [(attempt.begun, started, PhaseWord::Starting), (started, to, PhaseWord::Running)]
        {
            spans.push(Span { from, to, phase, gait: Gait::Steady, attempt: Some(attempt.id) });
        }
    }
    for (place, Turn { at, phase, gait, attempt }) in ws.course.iter().enumerate() {
        let to = ws.course.get(place + 1).map_or(now, |next| next.at);
        spans.push(Span { from: *at, to, phase: *phase, gait: *gait, attempt: *attempt });
    }
    spans
}

/// Returns when an attempt was over, its check included; none while it is not.
fn over(attempt: &Attempt, spans: &[Span]) -> Option<Timestamp> {
    let of_attempt = |span: &&Span| {
        span.attempt == Some(attempt.id)
            && !matches!(span.phase, PhaseWord::Queued | PhaseWord::Backoff | PhaseWord::Lost)
    };
    let last = spans.iter().rev().find(of_attempt).map(|span| span.to);
    last.max(attempt.ended)
}

/// Returns what is drawn for what a workstream is at; none for nothing.
fn cell(phase: PhaseWord, gait: Gait) -> Option<Cell> {
    let (sign, role) = match (phase, gait) {
        (PhaseWord::Running, Gait::Steady) => ('━', Role::Info),
        (PhaseWord::Running, Gait::Slow) => ('╍', Role::Warning),
        (PhaseWord::Running, Gait::Waiting) => ('◐', Role::Waiting),
        (PhaseWord::Queued, _) => ('·', Role::Quiet),
        (PhaseWord::Backoff, _) => ('╌', Role::Warning),
        (
            PhaseWord::Preparing
            | PhaseWord::Probing
            | PhaseWord::Starting
            | PhaseWord::Stopping
            | PhaseWord::Draining
            | PhaseWord::Checking
            | PhaseWord::Escalated
            | PhaseWord::Lost,
            _,
        ) => {
            let mark = mark::phase(phase);
            (mark.sign.chars().next().unwrap_or(' '), mark.role)
        }
        (PhaseWord::Done | PhaseWord::Failed | PhaseWord::Stopped, _) => return None,
    };
    Some(Cell { sign, role })
}

/// Returns the mark at the end of an attempt; none while it is open.
fn outcome(attempt: &Attempt) -> Option<Cell> {
    let mark = mark::outcome(&attempt.outcome);
    let sign = mark.sign.chars().next()?;
    (attempt.outcome != AttemptOutcome::Open).then_some(Cell { sign, role: mark.role })
}

/// Returns an attempt's agent and what became of it, in the longest form that fits; none if none does.
pub fn label(attempt: &Attempt, columns: usize) -> Option<Line> {
    let mark = mark::outcome(&attempt.outcome);
    let agent = Line::of(attempt.agent.as_str(), Role::Dim);
    let ending = Line::of(format!("{}{}", mark.sign, mark.word), mark.role);
    let both = {
        let mut both = agent.clone().with(" ", Role::Dim);
        both.append(ending.clone());
        both
    };
    let short = agent.clone().with(mark.sign, mark.role);
    let forms = match attempt.outcome {
        AttemptOutcome::Open => vec![agent],
        AttemptOutcome::Skipped
        | AttemptOutcome::Failed(_)
        | AttemptOutcome::Stopped
        | AttemptOutcome::Succeeded => vec![both, ending, short],
    };
    forms.into_iter().find(|line| line.width() <= columns)
}

/// Returns what the bars are made of, as far as it fits.
pub fn legend(columns: usize) -> Line {
    let mut line = Line::new();
    let known = LEGEND.iter().filter_map(|(phase, gait, word)| Some((cell(*phase, *gait)?, *word)));
    let mut all: Vec<(Cell, &str)> = known.collect();
    // Before those that are seldom seen.
    all.insert(5, (TO_COME, "estimate"));
    for (cell, word) in all {
        let next = Line::of(" ", Role::Dim)
            .with(cell.sign.to_string(), cell.role)
            .with(format!(" {word} "), Role::Dim);
        if line.width() + next.width() <= columns {
            line.append(next);
        }
    }
    line
}
