//! The palette: every action and every workstream, found by typing.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use crate::core::WorkstreamId;
use crate::ipc::facts::Facts;
use crate::tui::action::{Action, TABLE};
use crate::tui::keymap::Keymap;
use crate::tui::state::{Modal, UiState};

/// What an entry leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This is done.
    Act(Action),
    /// This is selected.
    Select(WorkstreamId),
}

/// One entry of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it leads to.
    pub target: Target,
    /// Its name: that of the action in the configuration, or of the workstream.
    pub name: String,
    /// What it does, in a line.
    pub doc: String,
    /// Its keys, as people read them; empty if it has none.
    pub keys: String,
    /// Why it does nothing now; none if it does something.
    pub not_now: Option<&'static str>,
}

pub(super) fn opened() -> Modal {
    Modal::Palette { input: Input::default(), selected: 0 }
}

/// Returns the entries that match what was typed, best first; all of them if nothing was typed.
///
/// What does nothing now stands below what does.
pub fn entries(typed: &str, facts: &Facts, ui: &UiState, keymap: &Keymap) -> Vec<Entry> {
    let actions = TABLE.iter().filter(|entry| entry.action != Action::Palette).map(|entry| Entry {
        target: Target::Act(entry.action),
        name: entry.name.to_owned(),
        doc: entry.action.doc(ui.leaving).to_owned(),
        keys: keymap.labels(entry.action),
        not_now: entry.action.applies(facts, ui).err(),
    });
    let workstreams = facts.workstreams.iter().map(|ws| Entry {
        target: Target::Select(ws.id.clone()),
        name: ws.id.to_string(),
        doc: ws.title.clone(),
        keys: String::new(),
        not_now: None,
    });
    let mut found: Vec<(u32, Entry)> = matching(typed, actions.chain(workstreams));
    found.sort_by_key(|(score, entry)| (entry.not_now.is_some(), std::cmp::Reverse(*score)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

fn matching(typed: &str, entries: impl Iterator<Item = Entry>) -> Vec<(u32, Entry)> {
    if typed.trim().is_empty() {
        return entries.map(|entry| (0, entry)).collect();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
    entries
        .filter_map(|entry| {
            let by_name = score(&entry.name).map(|score| score * 2);
            let both = format!("{} {}", entry.name, entry.doc);
            by_name.max(score(&both)).map(|score| (score, entry))
        })
        .collect()
}
