//! In the terminal of an agent: everything is the agent's, apart from one key.

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::{Command, Context, Gesture, Input};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::state::{Attached, Focus, Scroll, Shown, UiState, View};
use crate::tui::view_model::{Hit, log_window, terminal_area};

/// In fewer rows and columns than these the pane fills the screen by itself: programs that draw count on so much.
const ROOMY: (usize, usize) = (20, 80);

/// Opens the terminal of the agent that is at work.
pub(super) fn open(ui: &mut UiState, ws: &WorkstreamFacts, context: Context<'_>) {
    let Some(attempt) = ws.attempt else { return };
    let before = (ui.zoom, ui.focus);
    ui.view = View::Workstreams;
    ui.focus = Focus::Log;
    ui.shown = Shown::Latest;
    ui.scroll = Scroll::Follow;
    let size = context.seen.model.as_ref().map_or((0, 0), |model| model.size);
    let window = log_window(context.facts, ui, size).unwrap_or_default();
    ui.zoom |= window.0 < ROOMY.0 || window.1 < ROOMY.1;
    ui.terminal = Some(Attached { workstream: ws.id.clone(), attempt, before });
}

/// Takes an input while the terminal of an agent is open.
pub(super) fn input(
    ui: &mut UiState,
    attached: &Attached,
    input: &Input,
    context: Context<'_>,
) -> Vec<Command> {
    let gesture = match input {
        Input::Key(event) if is_exit(event) => {
            leave(ui);
            return Vec::new();
        }
        Input::Mouse(event) if leaves(*event, context) => {
            leave(ui);
            return Vec::new();
        }
        // What it would do could not be seen.
        _unseen if context.seen.is_too_small() => None,
        Input::Key(event) => Some(Gesture::Key(*event)),
        Input::Paste(text) => Some(Gesture::Paste(text.clone())),
        Input::Mouse(event) => within(*event, context).map(Gesture::Mouse),
        Input::Act(_) => None,
    };
    // Nobody reads what is typed for an agent that has ended; least of all does this program.
    let is_there = attached.is_at_work(context.facts);
    gesture.filter(|_| is_there).map(Command::Gesture).into_iter().collect()
}

fn leave(ui: &mut UiState) {
    if let Some(Attached { before, .. }) = ui.terminal.take() {
        (ui.zoom, ui.focus) = before;
    }
    ui.hint = None;
}

fn is_exit(event: &KeyEvent) -> bool {
    event.kind != KeyEventKind::Release
        && event.modifiers == KeyModifiers::CONTROL
        && event.code == KeyCode::Char('q')
}

fn leaves(event: MouseEvent, context: Context<'_>) -> bool {
    event.kind == MouseEventKind::Down(MouseButton::Left)
        && context.seen.hit(event.column, event.row) == Some(Hit::Key(0))
}

/// Returns the event with its place within the agent's terminal; none if it is beside that.
fn within(event: MouseEvent, context: Context<'_>) -> Option<MouseEvent> {
    let area = terminal_area(context.seen.model.as_ref()?)?;
    area.contains((event.column, event.row).into()).then(|| MouseEvent {
        column: event.column - area.x,
        row: event.row - area.y,
        ..event
    })
}
