//! Choosing a theme: each is seen at once on the screen behind the list.

use crossterm::event::{KeyCode, KeyEvent};

use super::modal::{along, moved};
use crate::tui::state::{Modal, UiState};

/// Opens the list, at the theme that is seen now.
pub(super) fn open(ui: &mut UiState) {
    let before = ui.themes.chosen.clone();
    let is_seen = |known: &crate::tui::state::themes::Known| Some(&known.source) == before.as_ref();
    let selected = ui.themes.known.iter().position(is_seen).unwrap_or(0);
    ui.modal = Some(Modal::Themes { selected, before });
}

/// Goes back to the theme that was there before, if the list is what is being closed.
pub(super) fn take_back(ui: &mut UiState) {
    if let Some(Modal::Themes { before, .. }) = &ui.modal {
        ui.themes.chosen.clone_from(before);
    }
}

pub(super) fn key(ui: &mut UiState, modal: Modal, event: &KeyEvent) {
    let Modal::Themes { selected, before } = modal else { return };
    let of = ui.themes.known.len();
    let at = match event.code {
        KeyCode::Enter => {
            show(ui, selected);
            let name = ui.themes.known.get(selected).map(|known| known.name.clone());
            ui.hint = name.map(|name| {
                format!("seen in {name} until you leave; `theme: {name}` in ostler.yaml keeps it")
            });
            return;
        }
        KeyCode::Char('q') => {
            ui.themes.chosen = before;
            return;
        }
        KeyCode::Char('j') => moved(selected, 1, of),
        KeyCode::Char('k') => moved(selected, -1, of),
        KeyCode::Char(digit @ '1'..='9') => {
            usize::from(digit as u8 - b'1').min(of.saturating_sub(1))
        }
        _other => along(event).map_or(selected, |way| moved(selected, way, of)),
    };
    if at != selected {
        show(ui, at);
    }
    ui.modal = Some(Modal::Themes { selected: at, before });
}

/// Chooses the one at a place, to be seen.
pub(super) fn point_at(ui: &mut UiState, at: usize) {
    show(ui, at);
    if let Some(Modal::Themes { selected, .. }) = &mut ui.modal {
        *selected = at;
    }
}

fn show(ui: &mut UiState, at: usize) {
    ui.themes.chosen = ui.themes.known.get(at).map(|known| known.source.clone());
}
