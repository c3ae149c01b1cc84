//! What several workstreams that are selected together can go on with: one list for all of them.

use std::cmp::Reverse;

use super::{Order, questions};
use crate::core::Timestamp;
use crate::core::event::{Request, Target};
use crate::core::phase::StartFrom;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::{Action, waits};
use crate::tui::state::{Choice, Modal};

/// Those that an action applies to, and the others.
type Parted<'a> = (&'a [&'a WorkstreamFacts], &'a [&'a WorkstreamFacts]);

/// Asks with which agent all of them are tried again: any that stands in a chain, each where it stands there.
pub(super) fn retry_from(parted: Parted<'_>, now: Timestamp) -> Modal {
    let (those, _) = parted;
    let mut agents: Vec<&str> = Vec::new();
    for link in those.iter().flat_map(|ws| &ws.chain) {
        if !agents.contains(&link.agent.as_str()) {
            agents.push(&link.agent);
        }
    }
    let choice = |agent: &str| {
        let tier = |ws: &WorkstreamFacts| ws.chain.iter().position(|link| link.agent == agent);
        let again =
            |tier| Request::Retry { tier: Some(tier), from: StartFrom::Current, note: None };
        let orders = those.iter().filter_map(|ws| Some(send(ws, again(tier(ws)?)))).collect();
        (agent.to_owned(), orders)
    };
    let mut choices: Vec<(String, Vec<Order>)> = agents.into_iter().map(choice).collect();
    choices.sort_by_key(|(_, orders)| Reverse(orders.len()));
    choose(Action::RetryFrom, parted, choices, now)
}

/// Asks where all of them go on: with the next agent of each, or with the operator.
pub(super) fn escalate(parted: Parted<'_>, now: Timestamp) -> Modal {
    let (those, _) = parted;
    let to = |target: &Target| Request::Escalate { to: target.clone(), note: None };
    let has_next = |ws: &&&WorkstreamFacts| ws.tier.unwrap_or(0) + 1 < ws.chain.len();
    let next = those.iter().filter(has_next).map(|ws| send(ws, to(&Target::Next))).collect();
    let open = those.iter().filter(|ws| !waits(ws));
    let person = open.map(|ws| send(ws, to(&Target::Person))).collect();
    let choices = vec![
        ("to the next agent of each, now".to_owned(), next),
        ("to you: they wait in the inbox".to_owned(), person),
    ];
    choose(Action::Escalate, parted, choices, now)
}

/// Lists what all of them, or some, can go on with; what none of them can is left out.
fn choose(
    action: Action,
    parted: Parted<'_>,
    choices: Vec<(String, Vec<Order>)>,
    now: Timestamp,
) -> Modal {
    let of = parted.0.len();
    let label = |text: String, count: usize| match of - count {
        0 => text,
        _some => format!("{text} ({count} of {of})"),
    };
    let listed = choices.into_iter().filter(|(_, orders)| !orders.is_empty());
    let choices =
        listed.map(|(text, orders)| (label(text, orders.len()), Choice::All(orders))).collect();
    Modal::Choose {
        workstream: None,
        title: format!("{} {of}", questions::verb(action)),
        about: questions::many(action, parted, now),
        choices,
        selected: 0,
    }
}

fn send(ws: &WorkstreamFacts, request: Request) -> Order {
    Order::Send(ws.id.clone(), request)
}
