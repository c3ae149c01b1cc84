//! The mouse: the wheel moves what is under it, a click selects it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::facts::select;
use super::seen::Hit;
use super::{Command, Context, modal, moves};
use crate::tui::state::{Focus, Modal, UiState};

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

pub(super) fn mouse(ui: &mut UiState, event: MouseEvent, context: Context<'_>) -> Vec<Command> {
    let hit = context.seen.at(event.column, event.row);
    let wheel = match event.kind {
        MouseEventKind::ScrollDown => Some((1, KeyCode::Down)),
        MouseEventKind::ScrollUp => Some((-1, KeyCode::Up)),
        _other => None,
    };
    if let Some(open) = &mut ui.modal {
        if let Some((_, code)) = wheel {
            return modal::key(ui, &KeyEvent::new(code, KeyModifiers::NONE), context);
        }
        if let (Modal::Choose { selected, choices, .. }, Some(Hit::Choice(at)), true) =
            (open, hit, is_click(event))
            && *at < choices.len()
        {
            *selected = *at;
        }
        return Vec::new();
    }
    match (wheel, hit) {
        (Some((way, _)), Some(Hit::Workstream(_) | Hit::Pane(Focus::List))) => {
            moves::step(ui, context.facts, way);
        }
        (Some((way, _)), _) => moves::scroll(ui, context.seen.log, way * NOTCH),
        (None, Some(Hit::Workstream(id))) if is_click(event) => {
            if context.facts.workstreams.iter().any(|ws| ws.id == *id) {
                select(ui, id);
            }
            ui.focus = Focus::List;
        }
        (None, Some(Hit::Pane(focus))) if is_click(event) => ui.focus = *focus,
        (None, _) => {}
    }
    Vec::new()
}

fn is_click(event: MouseEvent) -> bool {
    event.kind == MouseEventKind::Down(MouseButton::Left)
}
