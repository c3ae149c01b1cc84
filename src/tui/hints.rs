//! Actions as people read them: in the footer, in the help, in the palette.

use super::action::{Action, Entry, Group, TABLE};
use super::keymap::Keymap;
use super::state::{Attached, Leaving, UiState};
use super::update::palette::entries;
use super::view_model::{Hint, HintGroup};
use crate::ipc::facts::Facts;

/// Returns the keys and words of these actions.
pub fn footer(actions: &[Action], facts: &Facts, ui: &UiState, keymap: &Keymap) -> Vec<Hint> {
    let hint = |action: &Action| Hint {
        key: label(*action, ui, keymap),
        what: action.word(facts, ui).to_owned(),
    };
    actions.iter().map(hint).collect()
}

/// The key for the next match makes a new workstream where nothing was searched for.
fn label(action: Action, ui: &UiState, keymap: &Keymap) -> String {
    let next = keymap.label(Action::NextMatch);
    let is_free = ui.has_nothing_to_match() && !next.is_empty();
    if action == Action::New && is_free { next } else { keymap.label(action) }
}

/// Returns what can be done while there is nothing yet.
pub fn start(ui: &UiState, keymap: &Keymap) -> Vec<Hint> {
    let key = |action| match label(action, ui, keymap) {
        none if none.is_empty() => format!(":{}", action.entry().name),
        key => key,
    };
    [
        (key(Action::New), "make a workstream here"),
        ("ostler init".to_owned(), "writes an ostler.yaml to start from"),
        ("ostler demo".to_owned(), "shows a whole run without any agent"),
        (key(Action::Help), "all keys"),
        (key(Action::Leave), "leave"),
    ]
    .map(|(key, what)| Hint { key, what: what.to_owned() })
    .to_vec()
}

/// Returns the only key that is not the agent's while its terminal is open, and where the others go.
pub fn terminal(attached: &Attached, facts: &Facts) -> Vec<Hint> {
    let others = if attached.is_at_work(facts) {
        "all other keys go to the agent"
    } else {
        "the agent has ended; other keys do nothing"
    };
    [("Ctrl-Q", "back to ostler"), ("", others)]
        .map(|(key, what)| Hint { key: key.to_owned(), what: what.to_owned() })
        .to_vec()
}

/// Returns every action with all its keys.
pub fn help(keymap: &Keymap, leaving: Leaving) -> Vec<HintGroup> {
    let keys = |entry: &Entry| match keymap.labels(entry.action) {
        // Without a key, it is found in the palette.
        none if none.is_empty() => format!(":{}", entry.name),
        keys => keys,
    };
    let hints = |group: Group| {
        let entries = TABLE.iter().filter(|entry| entry.group == group);
        let what = |entry: &Entry| entry.action.doc(leaving).to_owned();
        entries.map(|entry| Hint { key: keys(entry), what: what(entry) }).collect()
    };
    Group::ALL
        .iter()
        .map(|group| HintGroup { title: group.title().to_owned(), hints: hints(*group) })
        .collect()
}

/// Returns what matches what was typed into the palette, best first.
pub fn palette(typed: &str, facts: &Facts, ui: &UiState, keymap: &Keymap) -> Vec<Hint> {
    entries(typed, facts, ui, keymap)
        .into_iter()
        .map(|entry| {
            let what = entry.not_now.map_or(entry.doc, |why| format!("not now: {why}"));
            Hint { key: entry.keys, what: format!("{}  {what}", entry.name) }
        })
        .collect()
}
