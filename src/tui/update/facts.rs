//! What new facts change in what the screen remembers.

use crate::core::{PhaseWord, WorkstreamId};
use crate::ipc::facts::Facts;
use crate::tui::action::{at_rest, needs_you, selected};
use crate::tui::state::{Confirmed, Modal, Scroll, Shown, Tally, UiState, View};

/// Fits what the screen remembers to new facts.
///
/// The selection stays with its workstream; if that is gone, it goes to the one that stands in its row now.
pub fn facts_changed(ui: &mut UiState, before: &Facts, now: &Facts) {
    for ws in &now.workstreams {
        let was = before.workstreams.iter().find(|old| old.id == ws.id);
        if !at_rest(ws) {
            ui.unseen.remove(&ws.id);
        } else if was.is_some_and(|old| !at_rest(old)) && ui.selected.as_ref() != Some(&ws.id) {
            ui.unseen.insert(ws.id.clone());
        }
    }
    if ui.alerts.chosen.as_ref().is_some_and(|key| now.alerts.iter().all(|it| it.key != *key)) {
        // What stands in its row now.
        let row = ui.alerts.row(before);
        ui.alerts.choose(row, now);
    }
    let exists = |id: &WorkstreamId| now.workstreams.iter().any(|ws| ws.id == *id);
    ui.unseen.retain(|id| exists(id));
    ui.marked.retain(|id| exists(id));
    let about = match &ui.modal {
        Some(Modal::Line { workstream, .. }) => Some(workstream),
        Some(Modal::Choose { workstream, .. }) => workstream.as_ref(),
        _other => None,
    };
    if about.is_some_and(|id| !exists(id)) {
        ui.modal = None;
    }
    take_back_question(ui, before, now);
    if let Some(id) = ui.awaited.take_if(|id| exists(id)) {
        select(ui, &id);
    }
    if !ui.selected.as_ref().is_some_and(exists) {
        let row = before.workstreams.iter().position(|ws| ui.selected.as_ref() == Some(&ws.id));
        let last = now.workstreams.len().saturating_sub(1);
        ui.selected = None;
        if let Some(ws) = now.workstreams.get(row.unwrap_or(0).min(last)) {
            select(ui, &ws.id);
        }
    }
    if ui.view == View::Inbox
        && ui.modal.is_none()
        && !selected(now, ui).is_some_and(needs_you)
        && let Some(waiting) = now.workstreams.iter().find(|ws| needs_you(ws))
    {
        select(ui, &waiting.id);
    }
}

/// Closes a question about one workstream that has moved on: it names what ends, and that is no longer what would end.
fn take_back_question(ui: &mut UiState, before: &Facts, now: &Facts) {
    let Some(Modal::Confirm { then: Confirmed::Send(id, _), .. }) = &ui.modal else { return };
    let stand = |facts: &Facts| {
        let ws = facts.workstreams.iter().find(|ws| ws.id == *id)?;
        // It is the same agent, of which more is known.
        let phase = if ws.phase == PhaseWord::Starting { PhaseWord::Running } else { ws.phase };
        Some((phase, ws.attempts.last().map(|attempt| attempt.id)))
    };
    let stands = stand(now);
    if stands == stand(before) {
        return;
    }
    let to = stands.map_or_else(|| "gone".to_owned(), |(phase, _)| phase.to_string());
    let hint = format!("{id} is {to} now: nothing was done, ask again if you still mean it");
    (ui.modal, ui.hint) = (None, Some(hint));
}

/// Selects a workstream and shows the end of its latest output.
pub(super) fn select(ui: &mut UiState, id: &WorkstreamId) {
    ui.unseen.remove(id);
    if ui.selected.as_ref() != Some(id) {
        ui.selected = Some(id.clone());
        (ui.shown, ui.scroll) = (Shown::Latest, Scroll::Follow);
        (ui.marking, ui.pressed) = (None, None);
        if let Some(search) = &mut ui.search {
            search.tally = Tally::default();
        }
    }
}

/// Selects the first workstream if none is selected.
pub(super) fn select_something(ui: &mut UiState, facts: &Facts) {
    if let (None, Some(first)) = (&ui.selected, facts.workstreams.first()) {
        select(ui, &first.id);
    }
}
