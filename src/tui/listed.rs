//! Which workstreams the list shows: all, or those that match what was typed.

use super::action::needs_you;
use super::state::UiState;
use crate::ipc::facts::{Facts, WorkstreamFacts};

/// Returns the workstreams of the list, in its order. The selected one is always among them, so that nothing is decided
/// about what is not in sight.
pub fn listed<'a>(facts: &'a Facts, ui: &UiState) -> Vec<&'a WorkstreamFacts> {
    let all = facts.workstreams.iter().map(AsRef::as_ref);
    let is_selected = |ws: &WorkstreamFacts| ui.selected.as_ref() == Some(&ws.id);
    all.filter(|ws| is_selected(ws) || matches(ui, ws)).collect()
}

/// Says whether a workstream has all that was typed in its name, its title, its state or its agent, and nothing of what
/// stands behind a `!`.
pub fn matches(ui: &UiState, ws: &WorkstreamFacts) -> bool {
    let Some(filter) = &ui.filter else { return true };
    let state = match (needs_you(ws), ws.slow) {
        (true, _) => "waiting",
        (false, true) => "slow",
        (false, false) => "",
    };
    let agent = ws.agent.as_deref().unwrap_or_default();
    let has = |word: &str| {
        let places = [ws.id.as_str(), &ws.title, ws.phase.as_str(), state, agent];
        places.into_iter().any(|text| text.to_lowercase().contains(word))
    };
    filter.to_lowercase().split_whitespace().all(|word| match word.strip_prefix('!') {
        Some("") => true,
        Some(unwanted) => !has(unwanted),
        None => has(word),
    })
}
