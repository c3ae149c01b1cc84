//! What can be done about a workstream now, as a list to choose from.

use super::Context;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::{Action, Group, TABLE};
use crate::tui::state::{Choice, Modal, UiState};

/// The columns of a word.
const WORD: usize = 14;

/// What chooses workstreams, rather than deciding about them.
const OTHERS: &[Action] = &[Action::Mark, Action::MarkAll, Action::MarkFailed, Action::Menu];

/// Returns the menu: what applies now, with its key.
pub(super) fn opened(ui: &UiState, ws: &WorkstreamFacts, context: Context<'_>) -> Modal {
    let applies = |action: Action| action.applies(context.facts, ui).is_ok();
    let decide = TABLE.iter().filter(|entry| entry.group == Group::Decide);
    let look = [Action::Why, Action::Detail, Action::Diff].map(Action::entry);
    let entries = decide.chain(look).filter(|entry| !OTHERS.contains(&entry.action));
    let choices = entries.filter(|entry| applies(entry.action)).map(|entry| {
        let key = context.keymap.label(entry.action);
        let word = entry.action.word(context.facts, ui);
        let several = ui.is_about_many(entry.action);
        let how_many = if several { format!(" all {}", ui.marked.len()) } else { String::new() };
        (format!("{:<WORD$}{key}", format!("{word}{how_many}")), Choice::Act(entry.action))
    });
    Modal::Choose {
        workstream: ws.id.clone(),
        title: format!("{} · {}", ws.id, ws.title),
        about: String::new(),
        choices: choices.collect(),
        selected: 0,
    }
}
