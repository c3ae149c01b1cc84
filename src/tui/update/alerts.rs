//! Keys in the list of alerts.

use super::facts::select;
use super::{Command, Context, Order, views};
use crate::core::WorkstreamId;
use crate::core::alert::Subject;
use crate::ipc::facts::{Facts, WorkstreamFacts};
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

/// Goes to the workstream that the chosen alert is about, or to one that its agent works for.
fn go_there(ui: &mut UiState, facts: &Facts) {
    let Some(alert) = ui.alerts.alert(facts) else { return };
    match concerned(&alert.subject, facts) {
        Some(id) => {
            views::leave_for(ui, View::Workstreams);
            select(ui, &id);
        }
        None => ui.hint = Some("it is about no workstream that is there".to_owned()),
    }
}

/// Returns the workstream that a subject is, or one whose agent it is: one that it works for before one that has it in
/// its chain.
fn concerned(subject: &Subject, facts: &Facts) -> Option<WorkstreamId> {
    let mut all = facts.workstreams.iter();
    let found = match subject {
        Subject::Workstream(id) => all.find(|ws| ws.id == *id),
        Subject::Agent(name) => {
            let works = |ws: &WorkstreamFacts| ws.agent.as_deref() == Some(name.as_str());
            let is_in = |ws: &WorkstreamFacts| {
                ws.chain.iter().any(|link| link.agent.as_str() == name.as_str())
            };
            all.clone().find(|ws| works(ws)).or_else(|| all.find(|ws| is_in(ws)))
        }
        Subject::Fleet | Subject::Disk | Subject::Memory => None,
    };
    found.map(|ws| ws.id.clone())
}
