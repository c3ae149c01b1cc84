//! Decisions about several workstreams at once: those that are selected together.

use std::collections::BTreeSet;

use super::{Command, Order, ask, choices, questions};
use crate::core::event::Request;
use crate::core::phase::StartFrom;
use crate::core::recovery::Found;
use crate::core::{Timestamp, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::tui::action::Action;
use crate::tui::listed::matches;
use crate::tui::state::{Confirmed, Modal, UiState};

/// Selects a workstream together with others, or no longer.
pub(super) fn mark(ui: &mut UiState) {
    if let Some(id) = ui.selected.clone()
        && !ui.marked.remove(&id)
    {
        ui.marked.insert(id);
    }
}

/// Selects all workstreams that the list is to show, or none if all are.
pub(super) fn mark_all(ui: &mut UiState, facts: &Facts) {
    let listed = facts.workstreams.iter().filter(|ws| matches(ui, ws));
    let all: BTreeSet<WorkstreamId> = listed.map(|ws| ws.id.clone()).collect();
    ui.marked = if ui.marked == all { BTreeSet::new() } else { all };
}

/// Selects all that failed for something that passes, so that they can be tried again together.
pub(super) fn mark_failed(ui: &mut UiState, facts: &Facts) {
    let failed = facts
        .workstreams
        .iter()
        .filter(|ws| matches(ui, ws))
        .filter(|ws| matches!(Found::of(ws.phase, ws.failure_class), Some(Found::Passing(_))));
    ui.marked = failed.map(|ws| ws.id.clone()).collect();
    if ui.marked.is_empty() {
        ui.hint = Some("nothing has failed for something that passes".to_owned());
    }
}

/// Does it to all that are selected and that it applies to; what ends something is asked first.
pub(super) fn act(ui: &mut UiState, action: Action, facts: &Facts, now: Timestamp) -> Vec<Command> {
    let marked = || facts.workstreams.iter().filter(|ws| ui.marked.contains(&ws.id));
    let (those, others): (Vec<&WorkstreamFacts>, Vec<&WorkstreamFacts>) =
        marked().map(AsRef::as_ref).partition(|ws| action.applies_to(ws, ui).is_ok());
    if matches!(action, Action::RetryFrom | Action::Escalate) {
        let parted = (those.as_slice(), others.as_slice());
        ui.modal = Some(match action {
            Action::Escalate => choices::escalate(parted, now),
            _retry => choices::retry_from(parted, now),
        });
        return Vec::new();
    }
    let orders: Vec<Order> =
        those.iter().filter_map(|ws| Some(order(ws.id.clone(), request(action, ws)?))).collect();
    let ends = match action {
        Action::Stop | Action::Kill | Action::Accept | Action::GiveUp => true,
        Action::Retry => those.iter().any(|ws| questions::at_work(ws, now).is_some()),
        _other => false,
    };
    if ends {
        let question = questions::many(action, (&those, &others), now);
        ui.modal = Some(Modal::Confirm { question, then: Confirmed::All(orders) });
        return Vec::new();
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|ws| ws.id.as_str()).collect();
        ui.hint = Some(format!("{}: not {}", action.entry().word, names.join(", ")));
    }
    ui.marked.clear();
    orders.into_iter().map(Command::Order).collect()
}

/// Says that an action is about one workstream although several are selected together.
pub(super) fn tell_of_one(ui: &mut UiState, action: Action, id: &WorkstreamId) {
    if action.is_decision() && !ui.marked.is_empty() {
        let word = action.entry().word;
        ui.hint = Some(format!("{word}: about {id} alone, not all {}", ui.marked.len()));
    }
}

/// What an action asks of a workstream.
enum Asked {
    Request(Request),
    Detach,
    Attach,
}

fn request(action: Action, ws: &WorkstreamFacts) -> Option<Asked> {
    let asked = match action {
        Action::Retry => {
            Asked::Request(Request::Retry { tier: None, from: StartFrom::Current, note: None })
        }
        Action::Extend => Asked::Request(Request::Extend(ask::more_time(ws))),
        Action::Stop => Asked::Request(Request::Stop),
        Action::Kill => Asked::Request(Request::Kill),
        Action::Accept => Asked::Request(Request::Accept),
        Action::GiveUp => Asked::Request(Request::GiveUp),
        Action::Detach => Asked::Detach,
        Action::Attach => Asked::Attach,
        _other => return None,
    };
    Some(asked)
}

fn order(id: WorkstreamId, asked: Asked) -> Order {
    match asked {
        Asked::Request(request) => Order::Send(id, request),
        Asked::Detach => Order::Detach(id),
        Asked::Attach => Order::Attach(id),
    }
}
