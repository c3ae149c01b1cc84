//! Keys in the view of a change.

use super::seen::DiffShape;
use super::{Context, scrolling, views};
use crate::tui::action::{Action, selected};
use crate::tui::state::{Diff, Focus, UiState, View};
use crate::tui::view_model::diff_rows::Pages;

/// The columns that one key moves to the side.
const ASIDE: usize = 8;

/// Opens the view at the lines, or goes back from it.
pub(super) fn open(ui: &mut UiState) {
    views::open(ui, View::Diff);
    if ui.view == View::Diff {
        ui.focus = Focus::Log;
        ui.diff = Diff {
            compared: ui.diff.compared,
            asked: ui.diff.asked.wrapping_add(1),
            ..Diff::default()
        };
    }
}

/// Says whether an action means something of its own here.
pub(super) fn takes(action: Action) -> bool {
    scrolling::of(action).is_some()
        || matches!(
            action,
            Action::Left
                | Action::Right
                | Action::NextMatch
                | Action::PreviousMatch
                | Action::NextPane
                | Action::Zoom
                | Action::EarlierOutput
                | Action::LaterOutput
                | Action::Follow
        )
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) {
    let shape = &context.seen.diff;
    match action {
        Action::Down if ui.focus == Focus::List => file(ui, shape, 1),
        Action::Up if ui.focus == Focus::List => file(ui, shape, -1),
        Action::Left => ui.diff.left = ui.diff.left.saturating_sub(ASIDE),
        Action::Right => {
            let widest = shape.patch.as_ref().map_or(0, |patch| patch.widest);
            ui.diff.left = (ui.diff.left + ASIDE).min(widest);
        }
        Action::NextMatch => hunk(ui, shape, 1),
        Action::PreviousMatch => hunk(ui, shape, -1),
        Action::NextPane => {
            ui.focus = match ui.focus {
                Focus::List => Focus::Log,
                Focus::Log => Focus::List,
            };
        }
        Action::Zoom => {
            ui.zoom = !ui.zoom;
            ui.focus = Focus::Log;
        }
        Action::EarlierOutput => compare(ui, context, -1),
        Action::LaterOutput => compare(ui, context, 1),
        Action::Follow => ui.diff.asked = ui.diff.asked.wrapping_add(1),
        moves => {
            if let Some(step) = scrolling::of(moves) {
                scroll(ui, shape, step.rows(shape.height));
            }
        }
    }
}

/// Moves by so many rows as they are shown, no further down than to the last page.
pub(super) fn scroll(ui: &mut UiState, shape: &DiffShape, by: isize) {
    let Some(patch) = &shape.patch else { return };
    let moved = |at: usize, total: usize| {
        // Whoever went to a file at the very end stays there.
        let last = total.saturating_sub(shape.height.max(1)).max(at);
        at.saturating_add_signed(by).min(last)
    };
    ui.diff.top = match shape.pages {
        Pages::Unified => moved(ui.diff.top, patch.rows.len()),
        Pages::SideBySide => {
            let at = moved(patch.side_of(ui.diff.top), patch.sides.len());
            patch.sides.get(at).map_or(0, |side| side.row)
        }
    };
}

/// Goes to the file so many places after the one at the top.
fn file(ui: &mut UiState, shape: &DiffShape, places: isize) {
    let Some(patch) = &shape.patch else { return };
    let at = patch.file_at(ui.diff.top).unwrap_or(0);
    go_to_file(
        ui,
        shape,
        at.saturating_add_signed(places).min(patch.starts.len().saturating_sub(1)),
    );
}

/// Goes to the file with this number.
pub(super) fn go_to_file(ui: &mut UiState, shape: &DiffShape, number: usize) {
    let start = shape.patch.as_ref().and_then(|patch| patch.starts.get(number).copied());
    if let Some(start) = start {
        ui.diff.top = start;
    }
}

/// Goes to the next hunk, or to the one before.
fn hunk(ui: &mut UiState, shape: &DiffShape, way: isize) {
    let Some(patch) = &shape.patch else { return };
    let top = ui.diff.top;
    let found = if way > 0 {
        patch.hunks.iter().find(|row| **row > top)
    } else {
        patch.hunks.iter().rev().find(|row| **row < top)
    };
    match found {
        Some(row) => ui.diff.top = *row,
        None if way > 0 => ui.hint = Some("there is no later change".to_owned()),
        None => ui.hint = Some("there is no earlier change".to_owned()),
    }
}

fn compare(ui: &mut UiState, context: Context<'_>, places: isize) {
    let beside = selected(context.facts, ui).and_then(|ws| ui.diff.compared.beside(ws, places));
    if let Some(compared) = beside {
        ui.diff = Diff { compared, asked: ui.diff.asked, ..Diff::default() };
    }
}
