//! What can be done about a workstream now, as a list to choose from.

use super::Context;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::{Action, Group, TABLE, selected};
use crate::tui::state::{Choice, Modal, UiState};

/// The columns of a word.
const WORD: usize = 14;

/// What chooses workstreams, rather than deciding about them.
const OTHERS: &[Action] = &[Action::Mark, Action::MarkAll, Action::MarkFailed, Action::Menu];

/// Opens the menu of the selected workstream.
pub(super) fn open(ui: &mut UiState, context: Context<'_>) {
    ui.modal = selected(context.facts, ui).map(|ws| opened(ui, ws, context));
}

/// Returns the menu: what applies now, with its key.
fn opened(ui: &UiState, ws: &WorkstreamFacts, context: Context<'_>) -> Modal {
    let applies = |action: Action| action.applies(context.facts, ui).is_ok();
    let decide = TABLE.iter().filter(|entry| entry.group == Group::Decide);
    let look = [Action::Why, Action::Detail, Action::Diff, Action::Undo].map(Action::entry);
    let entries = decide.chain(look).filter(|entry| !OTHERS.contains(&entry.action));
    Modal::Choose {
        workstream: Some(ws.id.clone()),
        title: format!("{} · {}", ws.id, ws.title),
        about: String::new(),
        choices: choices(ui, entries.map(|entry| entry.action).filter(|it| applies(*it)), context),
        selected: 0,
    }
}

/// Returns these actions, each with its key, to choose from.
pub(super) fn choices(
    ui: &UiState,
    actions: impl Iterator<Item = Action>,
    context: Context<'_>,
) -> Vec<(String, Choice)> {
    let choice = |action: Action| {
        let key = context.keymap.label(action);
        let word = action.word(context.facts, ui);
        let several = ui.is_about_many(action);
        let how_many = if several { format!(" all {}", ui.marked.len()) } else { String::new() };
        (format!("{:<WORD$}{key}", format!("{word}{how_many}")), Choice::Act(action))
    };
    actions.map(choice).collect()
}
