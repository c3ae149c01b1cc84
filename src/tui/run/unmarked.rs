//! What is pasted on a terminal that does not say so.

use crossterm::event::Event;

use crate::tui::input::decode::unmarked_paste;
use crate::tui::state::{Modal, UiState};

/// Returns what was read at once as it is meant; nothing if it was pasted where keys are expected, which is said.
pub(super) fn as_meant(ui: &mut UiState, events: Vec<Event>) -> Option<Vec<Event>> {
    if ui.terminal.is_some() {
        return Some(events);
    }
    match &ui.modal {
        Some(Modal::Line { .. } | Modal::Palette { .. }) => Some(events),
        // What Enter or Tab would do there is not meant.
        Some(Modal::New(_) | Modal::Rewrite(_)) => {
            let pasted = unmarked_paste(&events).map(|text| vec![Event::Paste(text)]);
            Some(pasted.unwrap_or(events))
        }
        Some(_) | None if unmarked_paste(&events).is_some() => {
            ui.hint = Some("pasted text is not taken for keys".to_owned());
            None
        }
        Some(_) | None => Some(events),
    }
}
