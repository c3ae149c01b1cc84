//! How much room there is for what is read from files, before it is read.

use ratatui::layout::Rect;

use super::diff_rows::Pages;
use super::layout::{self, Layout};
use super::{PaneKind, ViewModel, diff, grid};
use crate::core::WorkstreamId;
use crate::ipc::facts::Facts;
use crate::tui::state::{UiState, View};

/// Returns the rows and columns that the log pane has for text; none if it is not shown.
pub fn log_window(facts: &Facts, ui: &UiState, size: (u16, u16)) -> Option<(usize, usize)> {
    let area = Layout::new(facts, ui, size).log?;
    let inner = layout::log_inner(area);
    Some((usize::from(inner.height), usize::from(inner.width)))
}

/// Returns the workstreams whose logs are in the grid, and the rows and columns that each has for text.
pub fn grid_windows(
    facts: &Facts,
    ui: &UiState,
    size: (u16, u16),
) -> Vec<(WorkstreamId, (usize, usize))> {
    let layout = Layout::new(facts, ui, size);
    if ui.view != View::Grid || layout.is_too_small() {
        return Vec::new();
    }
    let tiles = grid::tiles(facts, ui, layout.body).into_iter();
    tiles.map(|(id, area)| (id, grid::window(area))).collect()
}

/// Returns the rows that the lines of a change have, and how they stand; none if they are not in sight.
pub fn patch_window(facts: &Facts, ui: &UiState, size: (u16, u16)) -> Option<(usize, Pages)> {
    let layout = Layout::new(facts, ui, size);
    if ui.view != View::Diff || layout.is_too_small() {
        return None;
    }
    let area = diff::Split::new(ui, layout.body).lines?;
    Some((usize::from(layout::inner(area).height), diff::pages(area.width)))
}

/// Returns how many lines of what was found in all logs are in sight; none if that is not.
pub fn found_height(facts: &Facts, ui: &UiState, size: (u16, u16)) -> usize {
    let layout = Layout::new(facts, ui, size);
    if ui.view != View::Found || layout.is_too_small() {
        return 0;
    }
    usize::from(layout::inner(layout.body).height)
}

/// Returns the part of the screen that the terminal of an agent has, if that is open.
pub fn terminal_area(model: &ViewModel) -> Option<Rect> {
    let pane = model.panes.iter().find(|pane| pane.kind == PaneKind::Terminal)?;
    Some(layout::log_inner(pane.area))
}
