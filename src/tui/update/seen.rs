//! What was drawn last, which the next input refers to.

use ratatui::layout::{Position, Rect};

use crate::core::WorkstreamId;
use crate::tui::state::Focus;

/// What the mouse can hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The row of a workstream.
    Workstream(WorkstreamId),
    /// Anywhere in a pane.
    Pane(Focus),
    /// One of the choices that are offered.
    Choice(usize),
}

/// How the log stands in its pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogShape {
    /// The line at the top, from 0; none while lines are being counted.
    pub top: Option<usize>,
    /// The lines there are; none while they are being counted.
    pub lines: Option<usize>,
    /// Whether the end is in sight.
    pub at_end: bool,
    /// How many rows the pane has.
    pub height: usize,
}

/// What was drawn last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// What is where; what comes later lies above.
    pub hits: Vec<(Rect, Hit)>,
    /// How the log stands.
    pub log: LogShape,
}

impl Seen {
    /// Returns what lies uppermost at this place.
    pub fn at(&self, column: u16, row: u16) -> Option<&Hit> {
        let place = Position::new(column, row);
        self.hits.iter().rev().find(|(area, _)| area.contains(place)).map(|(_, hit)| hit)
    }
}
