//! Keys in the view of a change.

use super::seen::DiffShape;
use super::{Context, ask, diff_search, scrolling, views};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::{Action, selected};
use crate::tui::state::{Choice, Compared, Diff, Focus, Modal, Point, Purpose, UiState, View};
use crate::tui::view_model::diff_rows::Pages;

/// The columns that one key moves to the side.
const ASIDE: usize = 8;

/// Opens the view at the lines, or goes back from it.
pub(super) fn open(ui: &mut UiState) {
    views::open(ui, View::Diff);
    if ui.view == View::Diff {
        ui.focus = Focus::Log;
        let Diff { compared, divided, .. } = ui.diff;
        let asked = ui.diff.asked.wrapping_add(1);
        ui.diff = Diff { compared, divided, asked, ..Diff::default() };
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
                | Action::Search
                | Action::Compare
                | Action::Divide
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
        Action::NextMatch if ui.diff.search.is_some() => diff_search::next(ui, shape, 1),
        Action::PreviousMatch if ui.diff.search.is_some() => diff_search::next(ui, shape, -1),
        Action::NextMatch => hunk(ui, shape, 1),
        Action::PreviousMatch => hunk(ui, shape, -1),
        Action::Search => {
            let asked = |ws: &WorkstreamFacts| ask::line(ws.id.clone(), Purpose::SearchDiff);
            ui.modal = selected(context.facts, ui).map(asked);
        }
        Action::Compare => ui.modal = selected(context.facts, ui).map(ask_from),
        Action::Divide => {
            let divided = ui.diff.divided.next();
            let Diff { compared, asked, .. } = ui.diff;
            ui.diff = Diff { compared, divided, asked, ..Diff::default() };
            ui.hint = Some(divided.told().to_owned());
        }
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
        show(ui, compared);
    }
}

/// Shows the change from one state of the files to another.
pub(super) fn show(ui: &mut UiState, compared: Compared) {
    let Diff { divided, asked, .. } = ui.diff;
    ui.diff = Diff { compared, divided, asked, ..Diff::default() };
}

/// Asks for the older of two states.
fn ask_from(ws: &WorkstreamFacts) -> Modal {
    let points = Point::all(ws).into_iter().filter(|point| *point != Point::Now);
    let choices = points.map(|point| (point.to_string(), Choice::CompareFrom(point)));
    asked(ws, "Compare: from …", choices.collect())
}

/// Asks for the newer one: any but the older, the newest chosen.
pub(super) fn ask_to(ws: &WorkstreamFacts, from: Point) -> Modal {
    let points = Point::all(ws).into_iter().rev().filter(|point| *point != from);
    let choices = points.map(|point| (point.to_string(), Choice::Compare(from, point)));
    asked(ws, &format!("Compare: from {from} to …"), choices.collect())
}

fn asked(ws: &WorkstreamFacts, title: &str, choices: Vec<(String, Choice)>) -> Modal {
    let (workstream, about) = (ws.id.clone(), String::new());
    Modal::Choose {
        workstream: Some(workstream),
        title: title.to_owned(),
        about,
        choices,
        selected: 0,
    }
}
