//! Keys in a view that is one long text.

use super::Context;
use crate::tui::action::Action;
use crate::tui::state::UiState;
use crate::tui::view_model::{Scrolled, ViewModel};

/// Says whether an action scrolls.
pub(super) fn takes(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::First
            | Action::Last
            | Action::PageDown
            | Action::PageUp
    )
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) {
    let drawn = context.seen.model.as_ref().and_then(scrolled);
    let page = drawn.map_or(1, |drawn| drawn.shown.saturating_sub(1).max(1));
    let page = isize::try_from(page).unwrap_or(1);
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown => page,
        Action::PageUp => -page,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        _elsewhere => return,
    };
    scroll(ui, context, by);
}

/// Moves by so many rows, no further than to the last page.
pub(super) fn scroll(ui: &mut UiState, context: Context<'_>, by: isize) {
    let drawn = context.seen.model.as_ref().and_then(scrolled);
    let last = drawn.map_or(0, |drawn| drawn.total.saturating_sub(drawn.shown));
    ui.page = ui.page.min(last).saturating_add_signed(by).min(last);
}

fn scrolled(model: &ViewModel) -> Option<Scrolled> {
    model.panes.first().and_then(|pane| pane.scroll)
}
