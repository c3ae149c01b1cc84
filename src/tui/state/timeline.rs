//! Which part of the time the timeline shows.

use std::time::Duration;

use crate::core::forecast::Left;
use crate::core::{PhaseWord, Timestamp};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::ipc::forecast;

/// No less time is shown.
const LEAST: Duration = Duration::from_secs(10);
/// What is past takes at least so many times the room of what is to come.
const PAST_TO_COME: u32 = 3;

/// Which part of the time the timeline shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// How much of it; none if that is all there is.
    pub span: Option<Duration>,
    /// Up to when; none if that is now.
    pub end: Option<Timestamp>,
}

impl Timeline {
    /// Returns what is in sight: from when, and how long.
    pub fn window(self, facts: &Facts, now: Timestamp) -> (Timestamp, Duration) {
        let (begin, end) = extent(facts, now);
        let span = self.span.unwrap_or_else(|| end.since(begin)).max(LEAST);
        (self.end.unwrap_or(end).before(span), span)
    }

    /// Shows half of what is in sight, or twice as much; its end stays where it is.
    #[must_use]
    pub fn zoomed(self, way: Zoom, facts: &Facts, now: Timestamp) -> Self {
        let (begin, end) = extent(facts, now);
        let (_, span) = self.window(facts, now);
        let span = match way {
            Zoom::In => (span / 2).max(LEAST),
            Zoom::Out => span.saturating_mul(2),
        };
        if span >= end.since(begin) { Self::default() } else { Self { span: Some(span), ..self } }
    }

    /// Moves by a quarter of what is in sight; at the end it goes on with the time. None if all there is is in sight.
    pub fn moved(self, way: Way, facts: &Facts, now: Timestamp) -> Option<Self> {
        let (begin, end) = extent(facts, now);
        let span = self.span?;
        let at = self.end.unwrap_or(end);
        let at = match way {
            Way::Earlier => at.before(span / 4).max(begin + span),
            Way::Later => at + span / 4,
        };
        Some(Self { end: (at < end).then_some(at), ..self })
    }
}

/// Whether less time is shown, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Less.
    In,
    /// More.
    Out,
}

/// Where the timeline is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To what was before.
    Earlier,
    /// To what came after.
    Later,
}

/// Returns from when to when anything happened; what still goes on does so until now, and a while into what is to come.
fn extent(facts: &Facts, now: Timestamp) -> (Timestamp, Timestamp) {
    let begin = facts.workstreams.iter().filter_map(|ws| begun(ws)).min();
    let goes_on = facts.workstreams.iter().any(|ws| !ws.phase.is_final());
    let last = facts.workstreams.iter().map(|ws| ws.since).max();
    let end = if goes_on { now } else { last.unwrap_or(now).min(now) };
    let begin = begin.unwrap_or(end).min(end).min(end.before(LEAST));
    (begin, end + ahead(facts, now).min(end.since(begin) / PAST_TO_COME))
}

/// Returns how much of what is to come there is to show.
fn ahead(facts: &Facts, now: Timestamp) -> Duration {
    let working = facts.workstreams.iter().filter(|ws| ws.phase == PhaseWord::Running);
    let left = working.filter_map(|ws| forecast::left(facts, ws, now));
    let likely = left.filter_map(|left| match left {
        Left::About { likely, .. } => Some(likely),
        Left::Unknown | Left::LongerThanEver => None,
    });
    likely.max().unwrap_or_default()
}

/// Returns when something first happened to a workstream but waiting for its turn.
fn begun(ws: &WorkstreamFacts) -> Option<Timestamp> {
    let turn = ws.course.iter().find(|turn| turn.phase != PhaseWord::Queued);
    let attempt = ws.attempts.first().map(|attempt| attempt.begun);
    [turn.map(|turn| turn.at), attempt].into_iter().flatten().min()
}
