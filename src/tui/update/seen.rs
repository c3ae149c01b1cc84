//! What was drawn last, which the next input refers to.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::diff::{Change, Patch};
use crate::tui::log::{Form, LogPage};
use crate::tui::state::Scroll;
use crate::tui::view_model::diff_rows::Pages;
use crate::tui::view_model::layout::log_inner;
use crate::tui::view_model::{Hit, PaneKind, ViewModel, scroll_limit};

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
    /// How many rows of the line at the top lie above it.
    pub row: usize,
    /// How the log is shown.
    pub form: Form,
    /// What was asked for when it was drawn.
    pub drawn: Scroll,
    /// The line in sight that was gone to last, because it was looked for.
    pub at: Option<usize>,
}

impl LogShape {
    /// Returns how this page stands in a pane of so many rows.
    pub fn of(page: &LogPage, height: usize, drawn: Scroll) -> Self {
        let LogPage { first: top, total: lines, at_end, row, form, .. } = *page;
        Self { top, lines, at_end, height, row, form, drawn, at: None }
    }
}

/// How a change stands in its pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffShape {
    /// What was read of it; none if nothing was yet.
    pub patch: Option<Arc<Patch>>,
    /// How many rows the pane has.
    pub height: usize,
    /// How its lines stand.
    pub pages: Pages,
}

impl DiffShape {
    /// Returns how a change stands in a pane of so many rows.
    pub fn of(change: &Change, window: Option<(usize, Pages)>) -> Self {
        let (height, pages) = window.unwrap_or_default();
        Self { patch: change.patch().cloned(), height, pages }
    }
}

/// How the list of what was found in all logs stands in its pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundShape {
    /// The lines that are listed.
    pub lines: usize,
    /// How many of them are in sight.
    pub height: usize,
    /// Whether the search goes on.
    pub is_going: bool,
}

/// What was drawn last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// What was where.
    pub model: Option<ViewModel>,
    /// The actions of the footer, in its order.
    pub footer: Vec<Action>,
    /// How the log stood.
    pub log: LogShape,
    /// The number of the line that each of its rows was of; empty while lines are being counted.
    pub rows: Vec<usize>,
    /// How the change stood.
    pub diff: DiffShape,
    /// How the list of what was found stood.
    pub found: FoundShape,
}

impl Seen {
    /// Returns what lies under a place on the screen.
    pub fn hit(&self, column: u16, row: u16) -> Option<Hit> {
        self.model.as_ref().and_then(|model| model.hit(column, row))
    }

    /// Returns the part of the screen that has the text of the log.
    pub fn log_area(&self) -> Option<Rect> {
        let panes = &self.model.as_ref()?.panes;
        panes.iter().find(|pane| pane.kind == PaneKind::Log).map(|pane| log_inner(pane.area))
    }

    /// Returns the number of the line of the log that is in this row of the screen, or the last one above it.
    pub fn line_in_row(&self, row: u16) -> Option<usize> {
        let area = self.log_area()?;
        let place = usize::from(row.checked_sub(area.y)?);
        self.rows.get(place).or(self.rows.last()).copied()
    }

    /// Says whether the screen was too small to show anything.
    pub fn is_too_small(&self) -> bool {
        self.model.as_ref().is_some_and(|model| !model.too_small.is_empty())
    }

    /// Returns how far the open text can be scrolled, in rows.
    pub fn scroll_limit(&self) -> usize {
        self.model.as_ref().map_or(0, scroll_limit)
    }
}
