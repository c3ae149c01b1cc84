//! The mouse: the wheel moves what is under it, a click selects it, a click on what is selected chooses it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::facts::select;
use super::{
    Command, Context, act, agents, alerts, diff, form, found, marking, modal, moves, page, themes,
};
use crate::tui::action::Action;
use crate::tui::keymap::Bound;
use crate::tui::state::{Focus, Modal, UiState};
use crate::tui::view_model::{Hit, PaneKind};

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

pub(super) fn mouse(ui: &mut UiState, event: MouseEvent, context: Context<'_>) -> Vec<Command> {
    let hit = context.seen.hit(event.column, event.row);
    match (event.kind, ui.modal.is_some()) {
        (MouseEventKind::ScrollDown, true) => press(ui, KeyCode::Down, context),
        (MouseEventKind::ScrollUp, true) => press(ui, KeyCode::Up, context),
        (MouseEventKind::Down(MouseButton::Left), true) => click_modal(ui, hit, context),
        (MouseEventKind::ScrollDown, false) => {
            wheel(ui, hit, 1, context);
            Vec::new()
        }
        (MouseEventKind::ScrollUp, false) => {
            wheel(ui, hit, -1, context);
            Vec::new()
        }
        (MouseEventKind::Down(MouseButton::Left), false) => {
            if hit == Some(Hit::Pane(PaneKind::Log)) {
                marking::press(ui, event.row, context.seen);
            }
            click(ui, hit, context)
        }
        (MouseEventKind::Drag(MouseButton::Left), false) => {
            marking::drag(ui, event.row, context.seen);
            Vec::new()
        }
        (MouseEventKind::Up(MouseButton::Left), false) => marking::release(ui),
        (MouseEventKind::Down(MouseButton::Right), false) => open_menu(ui, hit, context),
        _other => Vec::new(),
    }
}

fn press(ui: &mut UiState, code: KeyCode, context: Context<'_>) -> Vec<Command> {
    modal::key(ui, &KeyEvent::new(code, KeyModifiers::NONE), context)
}

fn wheel(ui: &mut UiState, hit: Option<Hit>, way: isize, context: Context<'_>) {
    match hit {
        Some(
            Hit::Workstream(_)
            | Hit::Pane(PaneKind::List | PaneKind::Inbox | PaneKind::Timeline | PaneKind::Tile(_)),
        ) => {
            moves::step(ui, context.facts, way);
        }
        Some(Hit::Agent(_) | Hit::Pane(PaneKind::Agents)) => agents::step(ui, context.facts, way),
        Some(Hit::Pane(PaneKind::Log)) => moves::scroll(ui, context.seen.log, way * NOTCH),
        Some(Hit::Pane(PaneKind::Patch)) => diff::scroll(ui, &context.seen.diff, way * NOTCH),
        Some(Hit::File(_) | Hit::Pane(PaneKind::Files)) => {
            ui.focus = Focus::List;
            let way = if way > 0 { Action::Down } else { Action::Up };
            diff::act(ui, way, context);
        }
        Some(Hit::Alert(_) | Hit::Pane(PaneKind::Alerts)) => {
            alerts::step(ui, context.facts, way);
        }
        Some(Hit::Found(_) | Hit::Pane(PaneKind::Found)) => {
            found::step_by(ui, context, way * NOTCH);
        }
        Some(Hit::Pane(PaneKind::Page)) => page::scroll(ui, context, way * NOTCH),
        _elsewhere => {}
    }
}

fn click(ui: &mut UiState, hit: Option<Hit>, context: Context<'_>) -> Vec<Command> {
    match hit {
        Some(Hit::Workstream(id)) => {
            if context.facts.workstreams.iter().any(|ws| ws.id == id) {
                select(ui, &id);
            }
            ui.focus = Focus::List;
        }
        Some(Hit::Agent(name)) => ui.agent = Some(name),
        Some(Hit::Pane(PaneKind::Tile(place))) => {
            let shown = ui.grid.in_sight(context.facts, ui.selected.as_ref());
            if let Some(id) = shown.get(place) {
                select(ui, id);
            }
        }
        Some(Hit::Alert(key)) if ui.alerts.chosen.as_ref() == Some(&key) => {
            return act(ui, Bound { action: Action::Zoom, nth: 0 }, context);
        }
        Some(Hit::Alert(key)) => ui.alerts.chosen = Some(key),
        Some(Hit::File(number)) => {
            ui.focus = Focus::List;
            diff::go_to_file(ui, &context.seen.diff, number);
        }
        Some(Hit::Found(number)) if ui.found.selected == number => {
            return vec![Command::OpenFound(number)];
        }
        Some(Hit::Found(number)) => ui.found.selected = number,
        Some(Hit::Pane(PaneKind::Log | PaneKind::Patch)) => ui.focus = Focus::Log,
        Some(Hit::Pane(PaneKind::List | PaneKind::Files)) => ui.focus = Focus::List,
        Some(Hit::Key(number)) => {
            if let Some(action) = context.seen.footer.get(number) {
                return act(ui, Bound { action: *action, nth: 0 }, context);
            }
        }
        _elsewhere => {}
    }
    Vec::new()
}

/// Opens the menu of the workstream under the mouse.
fn open_menu(ui: &mut UiState, hit: Option<Hit>, context: Context<'_>) -> Vec<Command> {
    match &hit {
        Some(
            Hit::Workstream(_)
            | Hit::Agent(_)
            | Hit::Pane(PaneKind::Tile(_) | PaneKind::Log | PaneKind::Patch | PaneKind::Page),
        ) => {
            click(ui, hit, context);
            act(ui, Bound { action: Action::Menu, nth: 0 }, context)
        }
        _elsewhere => Vec::new(),
    }
}

fn click_modal(ui: &mut UiState, hit: Option<Hit>, context: Context<'_>) -> Vec<Command> {
    match (hit, &mut ui.modal) {
        (
            Some(Hit::Entry(at)),
            Some(Modal::Choose { selected, .. } | Modal::Palette { selected, .. }),
        ) => {
            if *selected == at {
                return press(ui, KeyCode::Enter, context);
            }
            *selected = at;
        }
        (Some(Hit::Entry(at)), Some(Modal::Themes { selected, .. })) => {
            if *selected == at {
                return press(ui, KeyCode::Enter, context);
            }
            themes::point_at(ui, at);
        }
        (Some(Hit::Key(number)), Some(Modal::Why { .. })) => {
            let action = context.seen.footer.get(number).copied();
            ui.modal = None;
            if let Some(action) = action.filter(|action| action.is_decision()) {
                return act(ui, Bound { action, nth: 0 }, context);
            }
        }
        (Some(Hit::Entry(at)), Some(Modal::New(_))) => return form::click(ui, at),
        // What was typed is not thrown away by a slip of the mouse, and a question is not an answer.
        (
            Some(Hit::Outside),
            Some(Modal::Help { .. } | Modal::Why { .. } | Modal::Palette { .. }),
        ) => {
            ui.modal = None;
        }
        _elsewhere => {}
    }
    Vec::new()
}
