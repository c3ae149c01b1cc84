//! Keys in the list of alerts.

use super::facts::select;
use super::{Command, Context, Order, views};
use crate::core::alert::Subject;
use crate::ipc::facts::Facts;
use crate::tui::action::Action;
use crate::tui::state::{UiState, View};

/// The rows of a page.
const PAGE: isize = 10;

/// Says whether an action is about the list, or about all that is in it.
pub(super) fn takes(ui: &UiState, action: Action) -> bool {
    let in_list = matches!(
        action,
        Action::Down
            | Action::Up
            | Action::First
            | Action::Last
            | Action::PageDown
            | Action::PageUp
            | Action::Zoom
            | Action::Acknowledge
    );
    action == Action::AcknowledgeAll || (ui.view == View::Alerts && in_list)
}

pub(super) fn act(ui: &mut UiState, action: Action, context: Context<'_>) -> Vec<Command> {
    let facts = context.facts;
    match action {
        Action::Down => step(ui, facts, 1),
        Action::Up => step(ui, facts, -1),
        Action::First => ui.alerts.choose(0, facts),
        Action::Last => ui.alerts.choose(usize::MAX, facts),
        Action::PageDown => step(ui, facts, PAGE),
        Action::PageUp => step(ui, facts, -PAGE),
        Action::Zoom => go_there(ui, facts),
        Action::Acknowledge => return acknowledge(ui, facts),
        Action::AcknowledgeAll => return vec![Command::Order(Order::Acknowledge(None))],
        _elsewhere => {}
    }
    Vec::new()
}

/// Moves the choice by so many rows.
pub(super) fn step(ui: &mut UiState, facts: &Facts, rows: isize) {
    let row = ui.alerts.row(facts).saturating_add_signed(rows);
    ui.alerts.choose(row, facts);
}

/// Acknowledges the chosen alert and goes on to the next one, which takes its row.
fn acknowledge(ui: &mut UiState, facts: &Facts) -> Vec<Command> {
    let Some(alert) = ui.alerts.alert(facts) else { return Vec::new() };
    let key = alert.key.clone();
    let next = facts.alerts.get(ui.alerts.row(facts) + 1).filter(|next| !next.acknowledged);
    if let Some(next) = next {
        ui.alerts.chosen = Some(next.key.clone());
    }
    vec![Command::Order(Order::Acknowledge(Some(key)))]
}

/// Goes to the workstream or the agent that the chosen alert is about; to the fleet, which stands above the agents, if
/// it is about all of them.
fn go_there(ui: &mut UiState, facts: &Facts) {
    let Some(alert) = ui.alerts.alert(facts) else { return };
    match &alert.subject {
        Subject::Workstream(id) if facts.workstreams.iter().all(|ws| ws.id != *id) => {
            ui.hint = Some("that workstream is not there any more".to_owned());
        }
        Subject::Workstream(id) => {
            views::leave_for(ui, View::Workstreams);
            select(ui, id);
        }
        Subject::Agent(name) => {
            views::leave_for(ui, View::Agents);
            ui.agent = Some(name.clone());
        }
        Subject::Fleet | Subject::Disk | Subject::Memory => views::leave_for(ui, View::Agents),
    }
}
