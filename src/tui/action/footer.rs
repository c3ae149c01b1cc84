//! Which actions the footer shows.

use super::{Action, at_rest, needs_you, selected, waits};
use crate::ipc::facts::Facts;
use crate::tui::state::{Focus, Modal, UiState, View};
use crate::tui::update::undo;

/// Which actions the footer prefers, most useful first.
const FOOTER: &[Action] = &[
    Action::Retry,
    Action::Attach,
    Action::Terminal,
    Action::Extend,
    Action::Stop,
    Action::Escalate,
    Action::Detach,
    Action::Zoom,
    Action::Why,
    Action::Search,
];

/// What it prefers of a workstream at which nothing goes on by itself.
const AT_REST: &[Action] = &[
    Action::Escalate,
    Action::Retry,
    Action::RetryFrom,
    Action::Why,
    Action::Diff,
    Action::Attach,
    Action::Zoom,
];

/// What can be decided while it is read why a workstream is where it is.
const KNOWING: &[Action] = &[
    Action::Escalate,
    Action::Retry,
    Action::RetryFrom,
    Action::Extend,
    Action::Stop,
    Action::Back,
];

/// The same of an agent.
const KNOWING_AGENT: &[Action] =
    &[Action::BreakerClose, Action::BreakerHold, Action::BreakerOpen, Action::Back];

/// Returns what the footer shows while something lies over the view: what works there by its own key.
fn over(modal: &Modal, facts: &Facts, ui: &UiState) -> Vec<Action> {
    let keys = match modal {
        Modal::Why { .. } if ui.view == View::Agents => KNOWING_AGENT,
        Modal::Why { .. } => KNOWING,
        // Their keys stand at their own edge.
        _other => &[],
    };
    keys.iter().copied().filter(|action| action.applies(facts, ui).is_ok()).collect()
}

/// Returns what the footer shows: at most seven actions that apply now, help and palette at the end.
pub fn footer(facts: &Facts, ui: &UiState) -> Vec<Action> {
    if let Some(modal) = &ui.modal {
        return over(modal, facts, ui);
    }
    let mut shown = Vec::with_capacity(7);
    if ui.view.is_decided_in() && ui.focus == Focus::List && undo::is_open(ui, facts) {
        shown.push(Action::Undo);
    }
    match (ui.view, ui.focus) {
        (View::Inbox, _) => shown.extend([
            Action::Zoom,
            Action::Retry,
            Action::RetryFrom,
            Action::Shell,
            Action::Back,
        ]),
        (View::Timeline, _) => shown.extend([
            Action::Closer,
            Action::Farther,
            Action::Left,
            Action::Right,
            Action::Follow,
            Action::Zoom,
            Action::Back,
        ]),
        (View::Diff, _) => shown.extend([
            Action::NextMatch,
            Action::PreviousMatch,
            Action::EarlierOutput,
            Action::Compare,
            Action::Divide,
            Action::Search,
            Action::Back,
        ]),
        (View::Detail, _) => shown.extend([
            Action::RetryFrom,
            Action::Diff,
            Action::Zoom,
            Action::Stop,
            Action::Back,
        ]),
        (View::Agents, _) => shown.extend([
            Action::BreakerClose,
            Action::BreakerHold,
            Action::BreakerOpen,
            Action::Why,
            Action::Back,
        ]),
        (View::Found, _) => {
            shown.extend([Action::Zoom, Action::Follow, Action::SearchAll, Action::Back]);
        }
        (View::Notices, _) => shown.extend([Action::Down, Action::Up, Action::Back]),
        (View::Alerts, _) => {
            shown.extend([Action::Zoom, Action::Acknowledge, Action::AcknowledgeAll, Action::Back]);
        }
        (View::Grid, _) => shown.extend([
            Action::Zoom,
            Action::Closer,
            Action::Farther,
            Action::Follow,
            Action::Back,
        ]),
        (View::Workstreams, _) if facts.workstreams.is_empty() => shown.push(Action::New),
        (View::Workstreams, Focus::Log) => shown.extend(of_log(ui)),
        (View::Workstreams, Focus::List) => shown.extend(of_list(facts, ui)),
    }
    shown.retain(|action| action.applies(facts, ui).is_ok());
    shown.truncate(5);
    shown.extend([Action::Palette, Action::Help]);
    shown
}

fn of_log(ui: &UiState) -> Vec<Action> {
    let mut shown = Vec::new();
    if ui.marking.is_some() {
        shown.extend([Action::Copy, Action::MarkLines, Action::Back]);
    }
    shown.extend([Action::Zoom, Action::Follow, Action::Search]);
    if ui.search.is_some() {
        shown.extend([Action::NextMatch, Action::PreviousMatch]);
    } else {
        shown.extend([Action::EarlierOutput, Action::LaterOutput, Action::NextPane]);
    }
    shown
}

fn of_list(facts: &Facts, ui: &UiState) -> Vec<Action> {
    let waiting = facts.workstreams.iter().any(|ws| needs_you(ws));
    let rests = selected(facts, ui).is_some_and(|ws| waits(ws) || at_rest(ws));
    let inbox = waiting.then_some(Action::Inbox);
    inbox.into_iter().chain(if rests { AT_REST } else { FOOTER }.iter().copied()).collect()
}
