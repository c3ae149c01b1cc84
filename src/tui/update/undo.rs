//! Undoing what was done last on this screen: its way back is asked for as anything else is, so everybody hears of it.
//!
//! Whether there is one is decided by what is known now, and once more by whoever runs the workstream: what has come of a
//! deed meanwhile is never thrown away. Where a process would have to be ended for it, that is asked first.

use super::{Command, Context, Launches, Order, deeds, questions};
use crate::core::WorkstreamId;
use crate::core::breaker::State;
use crate::core::event::Request;
use crate::core::outcome::Say;
use crate::core::phase::PhaseWord;
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::state::deeds::{Deed, Part};
use crate::tui::state::{Confirmed, Modal, UiState};

/// Why a part of a deed has no way back.
enum No {
    /// For this reason.
    Because(String),
    /// What it began is at work, and would have to be ended.
    Runs(WorkstreamId),
}

/// Says whether what was done last can be undone as it is, all of it.
pub(in crate::tui) fn is_open(ui: &UiState, facts: &Facts) -> bool {
    ui.deeds.last().is_some_and(|deed| deed.parts.iter().all(|part| back(part, facts).is_ok()))
}

pub(super) fn act(ui: &mut UiState, context: Context<'_>) -> Vec<Command> {
    let Some(deed) = ui.deeds.last().cloned() else { return Vec::new() };
    let facts = context.facts;
    let (mut orders, mut running, mut because) = (Vec::new(), Vec::new(), None);
    for part in &deed.parts {
        match back(part, facts) {
            Ok(order) => orders.push(Command::TakeBack(order)),
            Err(No::Runs(id)) => running.push(id),
            Err(No::Because(why)) => because = because.or(Some(worded(&why, context.keymap))),
        }
    }
    let why = because.map_or_else(String::new, |why| format!(": {why}"));
    if orders.is_empty() && running.is_empty() {
        // What has no way back does not stand in the way of what was done before it.
        ui.deeds.pop();
        let before = ui.deeds.last().map(|before| format!(" (again: {})", before.what));
        let before = before.unwrap_or_default();
        ui.hint = Some(format!("{} not undone{why}{before}", deed.what));
    } else if orders.is_empty() {
        ui.modal = Some(ask(&deed, &running, context));
    } else {
        let left = deed.parts.len() - orders.len();
        let but = if left > 0 { format!("; {left} not{why}") } else { String::new() };
        let done = format!("undo: {}{}", deed.what, remark(&deed));
        if left > 0 {
            ui.hint = Some(format!("{done}{but}"));
        }
        deeds::ask(ui, done, facts);
        ui.deeds.pop();
    }
    orders
}

/// Asks before what a deed began is ended.
fn ask(deed: &Deed, running: &[WorkstreamId], context: Context<'_>) -> Modal {
    let those: Vec<&WorkstreamFacts> = context
        .facts
        .workstreams
        .iter()
        .filter(|ws| running.contains(&ws.id))
        .map(AsRef::as_ref)
        .collect();
    let was = deed.parts.iter().find_map(|part| match part {
        Part::Request { id, was, .. } if running.first() == Some(id) => Some(*was),
        _other => None,
    });
    let stops = running.iter().map(|id| Order::Send(id.clone(), Request::Stop)).collect();
    let question = questions::undo(&deed.what, &those, was, context.now);
    Modal::Confirm { question, then: Confirmed::All(stops) }
}

/// Returns what undoes a part of a deed.
fn back(part: &Part, facts: &Facts) -> Result<Order, No> {
    match part {
        Part::Request { id, request, was } => {
            let ws = workstream(id, facts)?;
            if ws.can_undo.as_ref() == Some(request) {
                return Ok(Order::Send(id.clone(), Request::Undo(Box::new(request.clone()))));
            }
            Err(no_way_back(ws, request, *was))
        }
        Part::Detach(id) => {
            let ws = workstream(id, facts)?;
            Action::Attach.applies_to(ws, &UiState::default()).map_err(because)?;
            Ok(Order::Attach(id.clone()))
        }
        Part::Attach(id) => {
            let ws = workstream(id, facts)?;
            Action::Detach.applies_to(ws, &UiState::default()).map_err(because)?;
            Ok(Order::Detach(id.clone()))
        }
        Part::Launches(Launches::Paused) if facts.paused => Ok(Order::Launches(Launches::Going)),
        Part::Launches(Launches::Going) if !facts.paused => Ok(Order::Launches(Launches::Paused)),
        Part::Launches(_) => Err(because("that was done already")),
        Part::Breaker { agent, said, back } => {
            let known = facts.agents.iter().find(|it| it.name == *agent);
            let is_so = known.is_some_and(|it| match said {
                Say::Close => it.breaker == State::Closed,
                Say::Open => matches!(it.breaker, State::Open { .. }),
                Say::Hold => matches!(it.breaker, State::Held { .. }),
            });
            let order = is_so.then(|| Order::Breaker(agent.clone(), *back));
            order.ok_or_else(|| because("its breaker has changed since"))
        }
        Part::Acknowledged(key) => {
            let silent = facts.alerts.iter().any(|alert| alert.key == *key && alert.acknowledged);
            let order = silent.then(|| Order::Recall(key.clone()));
            order.ok_or_else(|| because("that is over, or has become worse"))
        }
    }
}

fn workstream<'a>(id: &WorkstreamId, facts: &'a Facts) -> Result<&'a WorkstreamFacts, No> {
    let found = facts.workstreams.iter().find(|ws| ws.id == *id);
    found.map(AsRef::as_ref).ok_or_else(|| No::Because(format!("{id} is not there any more")))
}

fn because(why: &str) -> No {
    No::Because(why.to_owned())
}

/// Stands for the key of a retry.
const RETRY: &str = "{retry}";

/// Says why a request has no way back.
fn no_way_back(ws: &WorkstreamFacts, request: &Request, was: PhaseWord) -> No {
    let ended = matches!(request, Request::Stop | Request::Kill) && was.holds_slot();
    let is_at_work = ws.phase.has_agent() || ws.phase == PhaseWord::Checking;
    match request {
        Request::Stop | Request::Kill
            if ended && matches!(ws.phase, PhaseWord::Stopping | PhaseWord::Draining) =>
        {
            because(&format!("its agent is being ended; its work is kept, {RETRY} goes on"))
        }
        _stop if ended && ws.phase == PhaseWord::Stopped => {
            because(&format!("its agent has ended; its work is kept, {RETRY} goes on"))
        }
        Request::Retry { .. } | Request::RetryWith { .. } | Request::Escalate { .. }
            if is_at_work =>
        {
            No::Runs(ws.id.clone())
        }
        Request::Accept => {
            because(&format!("what waits for it may have begun; {RETRY} tries again"))
        }
        Request::Input(_) => because("what was sent cannot be called back"),
        _gone_on => No::Because(format!("it has gone on since and is {}", ws.phase)),
    }
}

fn worded(why: &str, keymap: &Keymap) -> String {
    let key = match keymap.label(Action::Retry) {
        none if none.is_empty() => ":retry".to_owned(),
        key => format!("`{key}`"),
    };
    why.replace(RETRY, &key)
}

/// Says what is not as it was although it is undone.
fn remark(deed: &Deed) -> &'static str {
    let anew = deed.parts.iter().any(|part| matches!(part, Part::Breaker { back: Say::Open, .. }));
    if anew { "; its delay begins anew" } else { "" }
}
