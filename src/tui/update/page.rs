//! Keys in a view that is one long text.

use super::{Context, scrolling};
use crate::tui::action::Action;
use crate::tui::state::UiState;
use crate::tui::view_model::{Scrolled, ViewModel};

/// Says whether an action scrolls.
pub(super) fn takes(action: Action) -> bool {
    scrolling::of(action).is_some()
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) {
    let drawn = context.seen.model.as_ref().and_then(scrolled);
    if let Some(step) = scrolling::of(action) {
        scroll(ui, context, step.rows(drawn.map_or(1, |drawn| drawn.shown)));
    }
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
