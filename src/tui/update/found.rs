//! Keys in the list of what was found in all logs.

use super::facts::select;
use super::{Command, Context, views};
use crate::core::WorkstreamId;
use crate::tui::action::Action;
use crate::tui::state::{Found, Scroll, Shown, UiState, View};

/// Begins a search in all logs and opens its list; with nothing to look for, opens the list of the last one.
pub(super) fn search(ui: &mut UiState, pattern: &str) {
    if !pattern.is_empty() {
        let asked = ui.found.asked.wrapping_add(1);
        ui.found = Found { pattern: pattern.to_owned(), asked, ..Found::default() };
    }
    if !ui.found.pattern.is_empty() && ui.view != View::Found {
        views::open(ui, View::Found);
    }
}

/// Says whether an action means something of its own here.
pub(super) fn takes(action: Action) -> bool {
    super::scrolling::of(action).is_some() || matches!(action, Action::Zoom | Action::Follow)
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) -> Vec<Command> {
    let found = &context.seen.found;
    match action {
        Action::Zoom if found.lines == 0 => {
            ui.hint = Some("nothing was found that could be opened".to_owned());
        }
        Action::Zoom => return vec![Command::OpenFound(ui.found.selected)],
        Action::Follow => {
            ui.found.asked = ui.found.asked.wrapping_add(1);
            (ui.found.selected, ui.found.is_given_up) = (0, false);
        }
        moves => {
            if let Some(step) = super::scrolling::of(moves) {
                step_by(ui, context, step.rows(found.height));
            }
        }
    }
    Vec::new()
}

/// Chooses the line so many lines further on.
pub(super) fn step_by(ui: &mut UiState, context: Context<'_>, rows: isize) {
    let last = context.seen.found.lines.saturating_sub(1);
    ui.found.selected = ui.found.selected.min(last).saturating_add_signed(rows).min(last);
}

/// Shows an output of a workstream on the whole screen; going back leads to the list again.
pub fn enter(ui: &mut UiState, id: &WorkstreamId, shown: Shown) {
    select(ui, id);
    (ui.shown, ui.scroll) = (shown, Scroll::Follow);
    views::open_log(ui);
}
