//! Looking for text in a change.

use std::sync::Arc;

use super::seen::DiffShape;
use crate::tui::diff::{Patch, Place};
use crate::tui::log::Finder;
use crate::tui::state::{DiffFound, DiffSearch, UiState};

/// Begins a search and goes to the first line that matches from the top on; with nothing to look for, ends it.
pub(super) fn begin(ui: &mut UiState, shape: &DiffShape, pattern: &str) {
    ui.diff.search = None;
    if !pattern.is_empty() {
        ui.diff.search = Some(DiffSearch { pattern: pattern.to_owned(), found: None });
        go(ui, shape, (1, From::Here));
    }
}

/// Goes to the next line that matches, or to the one before.
pub(super) fn next(ui: &mut UiState, shape: &DiffShape, way: isize) {
    go(ui, shape, (way, From::Beside));
}

/// Whether the row where one stands counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Here,
    Beside,
}

fn go(ui: &mut UiState, shape: &DiffShape, (way, from): (isize, From)) {
    let (Some(search), Some(patch)) = (&mut ui.diff.search, &shape.patch) else { return };
    let Some(finder) = Finder::new(&search.pattern) else { return };
    let rows = matching(patch, &finder);
    let stands = search.found.as_ref().filter(|found| found.row.1 == ui.diff.top);
    let at = stands.map_or(ui.diff.top, |found| found.row.0);
    let after = match from {
        From::Here => rows.partition_point(|row| *row < at),
        From::Beside => rows.partition_point(|row| *row <= at),
    };
    let before = rows.partition_point(|row| *row < at);
    // Past the end it begins anew.
    let place = if way > 0 {
        if after < rows.len() { after } else { 0 }
    } else {
        before.checked_sub(1).unwrap_or(rows.len().saturating_sub(1))
    };
    let Some(row) = rows.get(place).copied() else {
        search.found = None;
        ui.hint = Some("nothing in this change matches".to_owned());
        return;
    };
    // A third of the pane above it shows what it belongs to.
    let top = row.saturating_sub(shape.height / 3);
    ui.diff.top = top;
    let (patch, count) = (Arc::clone(patch), rows.len());
    search.found = Some(DiffFound { patch, count, place: place + 1, row: (row, top) });
}

/// Returns the rows of lines that match.
fn matching(patch: &Patch, finder: &Finder) -> Vec<usize> {
    let found = patch.rows.iter().enumerate().filter(|(_, place)| {
        let text = match place {
            Place::Line(..) => patch.line(**place).map(|line| line.text.as_str()),
            Place::File(number) => patch.files.get(*number).map(|file| file.path.as_str()),
            Place::Part(number) => patch.parts.get(*number).map(|part| part.title.as_str()),
            Place::Gap | Place::Remark(..) | Place::Hunk(..) => None,
        };
        text.is_some_and(|text| finder.ranges(text).next().is_some())
    });
    found.map(|(row, _)| row).collect()
}
