//! Showing only some of the workstreams.

use super::facts::select;
use crate::core::WorkstreamId;
use crate::ipc::facts::Facts;
use crate::tui::listed::matches;
use crate::tui::state::{Focus, Modal, Purpose, UiState};

/// Asks which.
pub(super) fn open(ui: &mut UiState) {
    ui.focus = Focus::List;
    let workstream = ui.selected.clone().unwrap_or_else(|| WorkstreamId::from(""));
    let input = ui.filter.clone().unwrap_or_default().into();
    ui.modal = Some(Modal::Line { workstream, purpose: Purpose::Filter, input });
}

/// Shows those that match what is typed so far, the first of them selected if the one that was is none of them.
pub(super) fn typed(ui: &mut UiState, text: &str, facts: &Facts) {
    ui.filter = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let all = || facts.workstreams.iter().filter(|ws| matches(ui, ws));
    let is_selected = all().any(|ws| ui.selected.as_ref() == Some(&ws.id));
    let first = all().next().filter(|_| !is_selected).map(|ws| ws.id.clone());
    if let Some(id) = first {
        select(ui, &id);
    }
}
