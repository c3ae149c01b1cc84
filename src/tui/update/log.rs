//! Keys that are about the text of logs.

use super::{Command, Context, Direction, ask};
use crate::tui::action::{Action, selected};
use crate::tui::state::{Purpose, UiState};

/// Says whether an action is about the text of logs.
pub(super) fn takes(action: Action) -> bool {
    matches!(action, Action::Search | Action::SearchAll | Action::NextMatch | Action::PreviousMatch)
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) -> Vec<Command> {
    let mut ask = |purpose: Purpose| {
        ui.modal = selected(context.facts, ui).map(|ws| ask::line(ws.id.clone(), purpose));
    };
    match action {
        Action::Search => ask(Purpose::Search),
        Action::SearchAll => ask(Purpose::SearchAll),
        Action::NextMatch => return vec![Command::Find(Direction::Down)],
        Action::PreviousMatch => return vec![Command::Find(Direction::Up)],
        _elsewhere => {}
    }
    Vec::new()
}
