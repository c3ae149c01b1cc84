//! Remembering what was done on this screen.

use super::{Command, Launches, Order};
use crate::core::breaker::State;
use crate::core::event::Request;
use crate::core::outcome::Say;
use crate::core::{AgentName, WorkstreamId, alert};
use crate::ipc::facts::Facts;
use crate::tui::state::deeds::{Deed, Part};
use crate::tui::state::{Asked, UiState};

/// Remembers what these commands do, if they do anything that changes the work.
pub(super) fn remember(ui: &mut UiState, commands: &[Command], facts: &Facts) {
    let orders = || {
        commands.iter().filter_map(|command| match command {
            Command::Order(order) => Some(order),
            _other => None,
        })
    };
    let parts: Vec<Part> = orders().flat_map(|order| parts(order, facts)).collect();
    if let Some(first) = orders().next().filter(|_| !parts.is_empty()) {
        let what = what(first, &parts);
        ask(ui, what.clone(), facts);
        ui.deeds.push(Deed { what, parts });
    }
}

/// Answers the key at once: with what was asked for, until it is told what came of it.
pub(super) fn ask(ui: &mut UiState, what: String, facts: &Facts) {
    let after = facts.notices.back().map_or(0, |told| told.number);
    ui.asked = Some(Asked { what, after });
}

fn parts(order: &Order, facts: &Facts) -> Vec<Part> {
    let part = match order {
        Order::Send(id, request) => return asked(id, request, facts).into_iter().collect(),
        Order::Detach(id) => Part::Detach(id.clone()),
        Order::Attach(id) => Part::Attach(id.clone()),
        Order::Launches(launches) => Part::Launches(*launches),
        Order::Breaker(agent, say) => return told(agent, *say, facts).into_iter().collect(),
        Order::Acknowledge(key) => return acknowledged(key.as_ref(), facts),
        Order::Touch(..) | Order::Recall(_) | Order::StopAll => return Vec::new(),
    };
    vec![part]
}

fn asked(id: &WorkstreamId, request: &Request, facts: &Facts) -> Option<Part> {
    let ws = facts.workstreams.iter().find(|ws| ws.id == *id)?;
    Some(Part::Request { id: id.clone(), request: request.clone(), was: ws.phase })
}

fn told(agent: &AgentName, said: Say, facts: &Facts) -> Option<Part> {
    let known = facts.agents.iter().find(|it| it.name == *agent)?;
    let back = match known.breaker {
        State::Closed => Say::Close,
        State::Open { .. } | State::HalfOpen { .. } => Say::Open,
        State::Held { .. } => Say::Hold,
    };
    Some(Part::Breaker { agent: agent.clone(), said, back })
}

fn acknowledged(key: Option<&alert::Key>, facts: &Facts) -> Vec<Part> {
    let open = facts.alerts.iter().filter(|alert| !alert.acknowledged);
    let those = open.filter(|alert| key.is_none_or(|key| alert.key == *key));
    those.map(|alert| Part::Acknowledged(alert.key.clone())).collect()
}

/// Returns what people call it.
fn what(order: &Order, parts: &[Part]) -> String {
    let verb = match order {
        Order::Send(_, request) => request.word(),
        Order::Detach(_) => "detaching",
        Order::Attach(_) => "attaching",
        Order::Launches(Launches::Paused) => return "pausing launches".to_owned(),
        Order::Launches(Launches::Going) => return "letting launches go on".to_owned(),
        Order::Breaker(agent, say) => return format!("{} of {agent}", breaker(*say)),
        Order::Acknowledge(_) | Order::Touch(..) | Order::Recall(_) | Order::StopAll => {
            return match parts.len() {
                1 => "taking note of an alert".to_owned(),
                many => format!("taking note of {many} alerts"),
            };
        }
    };
    let first = parts.iter().find_map(|part| match part {
        Part::Request { id, .. } | Part::Detach(id) | Part::Attach(id) => Some(id.as_str()),
        Part::Launches(_) | Part::Breaker { .. } | Part::Acknowledged(_) => None,
    });
    match (first.unwrap_or_default(), parts.len()) {
        (id, 1) => format!("{verb} of {id}"),
        (id, many) => format!("{verb} of {id} and {} more", many - 1),
    }
}

fn breaker(say: Say) -> &'static str {
    match say {
        Say::Close => "closing the breaker",
        Say::Open => "opening the breaker",
        Say::Hold => "holding",
    }
}
