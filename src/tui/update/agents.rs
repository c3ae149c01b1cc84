//! Keys in the view of the agents: which one is selected, and what becomes of its breaker.

use super::{Command, Context, Order, menu};
use crate::core::AgentName;
use crate::core::outcome::Say;
use crate::core::time::clock;
use crate::ipc::facts::{AgentFacts, Facts, WorkstreamFacts};
use crate::tui::action::{Action, at_rest, selected_agent};
use crate::tui::keymap::Bound;
use crate::tui::state::{Confirmed, Modal, UiState, View};

/// The agents of a page of the list.
const PAGE: isize = 10;
/// No list in a question names more.
const NAMED: usize = 4;

/// Says whether an action is about agents.
pub(super) fn takes(ui: &UiState, action: Action) -> bool {
    ui.view == View::Agents
        && matches!(
            action,
            Action::Down
                | Action::Up
                | Action::First
                | Action::Last
                | Action::PageDown
                | Action::PageUp
                | Action::Jump
                | Action::Zoom
                | Action::Menu
                | Action::BreakerClose
                | Action::BreakerOpen
                | Action::BreakerHold
        )
}

pub(super) fn act(ui: &mut UiState, bound: Bound, context: Context<'_>) -> Vec<Command> {
    let facts = context.facts;
    match bound.action {
        Action::Down => step(ui, facts, 1),
        Action::Up => step(ui, facts, -1),
        Action::First => step(ui, facts, isize::MIN),
        Action::Last => step(ui, facts, isize::MAX),
        Action::PageDown => step(ui, facts, PAGE),
        Action::PageUp => step(ui, facts, -PAGE),
        Action::Jump => {
            if let Some(agent) = facts.agents.get(bound.nth) {
                ui.agent = Some(agent.name.clone());
            }
        }
        Action::Zoom | Action::Menu => ui.modal = opened(ui, context),
        decides => return decide(ui, decides, context),
    }
    Vec::new()
}

/// Moves the selection by so many agents.
pub(super) fn step(ui: &mut UiState, facts: &Facts, rows: isize) {
    let selected = selected_agent(facts, ui).map(|agent| &agent.name);
    let row = facts.agents.iter().position(|agent| Some(&agent.name) == selected).unwrap_or(0);
    let wanted = row.saturating_add_signed(rows).min(facts.agents.len().saturating_sub(1));
    if let Some(agent) = facts.agents.get(wanted) {
        ui.agent = Some(agent.name.clone());
    }
}

/// Returns what can be done about the selected agent now.
fn opened(ui: &UiState, context: Context<'_>) -> Option<Modal> {
    let agent = selected_agent(context.facts, ui)?;
    let actions =
        [Action::BreakerClose, Action::BreakerHold, Action::BreakerOpen, Action::Why].into_iter();
    let now = actions.filter(|action| action.applies(context.facts, ui).is_ok());
    Some(Modal::Choose {
        workstream: None,
        title: agent.name.to_string(),
        about: String::new(),
        choices: menu::choices(ui, now, context),
        selected: 0,
    })
}

fn decide(ui: &mut UiState, action: Action, context: Context<'_>) -> Vec<Command> {
    let Some(agent) = selected_agent(context.facts, ui) else { return Vec::new() };
    let name = agent.name.clone();
    let say = match action {
        Action::BreakerOpen => Say::Open,
        Action::BreakerHold => Say::Hold,
        _closes => return vec![Command::Order(Order::Breaker(name, Say::Close))],
    };
    let question = question(agent, say, context);
    ui.modal = Some(Modal::Confirm { question, then: Confirmed::Breaker(name, say) });
    Vec::new()
}

/// Asks before launches are stopped, naming what goes on and what waits then.
fn question(agent: &AgentFacts, say: Say, context: Context<'_>) -> String {
    let name = &agent.name;
    let (what, until) = match say {
        Say::Hold => (format!("Hold {name}?"), "until you close its breaker".to_owned()),
        Say::Open | Say::Close => (
            format!("Open the breaker of {name}?"),
            "until its delay is over; one workstream tries it then".to_owned(),
        ),
    };
    let all = || context.facts.workstreams.iter().map(AsRef::as_ref);
    let runs: Vec<String> = all()
        .filter(|ws| ws.phase.holds_slot() && ws.agent.as_deref() == Some(name.as_str()))
        .map(|ws| match ws.started {
            Some(started) => format!("{} ({})", ws.id, clock(context.now.since(started))),
            None => ws.id.to_string(),
        })
        .collect();
    let waits: Vec<String> =
        all().filter(|ws| depends(ws, name)).map(|ws| ws.id.to_string()).collect();
    let goes_on = match runs.as_slice() {
        [] => String::new(),
        runs => format!(" What runs goes on: {}.", listed(runs)),
    };
    let waiting = match waits.as_slice() {
        [] => String::new(),
        waits => format!(" No other agent is left for {}.", listed(waits)),
    };
    format!("{what} Nothing starts with it {until}.{goes_on}{waiting}")
}

/// Says whether a workstream has no other agent than this one from here on.
fn depends(ws: &WorkstreamFacts, agent: &AgentName) -> bool {
    let left = ws.chain.iter().skip(ws.tier.unwrap_or(0));
    !at_rest(ws) && !ws.chain.is_empty() && left.into_iter().all(|it| it.agent == agent.as_str())
}

fn listed(names: &[String]) -> String {
    match names.len().checked_sub(NAMED) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}
