//! Decisions about a workstream: what is sent at once, what is asked first.

use std::time::Duration;

use tui_input::Input;

use super::{Command, Order, questions, rewrite};
use crate::core::event::{Request, Target};
use crate::core::ledger::Left;
use crate::core::phase::{PhaseWord, StartFrom};
use crate::core::{Timestamp, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::tui::action::{Action, waits};
use crate::tui::state::{Choice, Confirmed, Leaving, Modal, Purpose, UiState};

/// The time that is added where there is no soft timeout to go by.
const MORE_TIME: Duration = Duration::from_secs(300);
/// No key adds more at once.
const MOST_TIME: Duration = Duration::from_secs(3600);

pub(super) fn act(
    ui: &mut UiState,
    action: Action,
    ws: &WorkstreamFacts,
    now: Timestamp,
) -> Vec<Command> {
    let id = ws.id.clone();
    let again = Request::Retry { tier: None, from: StartFrom::Current, note: None };
    ui.modal = match action {
        Action::Retry => match questions::at_work(ws, now) {
            Some(who) => Some(confirm(questions::retry(ws, &who), id, again)),
            None => return send(id, again),
        },
        Action::RetryFrom => Some(retry_from(ws, now)),
        Action::RetryWith => Some(rewrite::opened(ws, None, now)),
        Action::Escalate if waits(ws) => Some(decide(ws)),
        Action::Escalate => Some(escalate(ws, now)),
        Action::Extend => return send(id, Request::Extend(more_time(ws))),
        Action::SendInput => Some(line(id, Purpose::AgentInput)),
        Action::Stop => Some(confirm(questions::stop(ws, now), id, Request::Stop)),
        Action::Kill => Some(confirm(questions::kill(ws, now), id, Request::Kill)),
        Action::Accept => Some(confirm(questions::accept(ws), id, Request::Accept)),
        Action::GiveUp => Some(confirm(questions::give_up(ws), id, Request::GiveUp)),
        Action::Detach => return vec![Command::Order(Order::Detach(id))],
        Action::Attach => return vec![Command::Order(Order::Attach(id))],
        Action::Shell => return shell(ws),
        _elsewhere => None,
    };
    Vec::new()
}

/// Asks before everything is ended.
pub(super) fn stop_all(facts: &Facts, leaving: Leaving) -> Modal {
    let question = questions::stop_all(facts, leaving);
    Modal::Confirm { question, then: Confirmed::StopAllAndQuit }
}

/// Asks for a line of text.
pub(super) fn line(workstream: WorkstreamId, purpose: Purpose) -> Modal {
    Modal::Line { workstream, purpose, input: Input::default() }
}

/// Asks what becomes of a workstream that waits for the operator.
pub(super) fn decide(ws: &WorkstreamFacts) -> Modal {
    let mut choices = take(ws);
    choices.extend([
        ("try again, with a note to the agent".to_owned(), Choice::Note { tier: None }),
        ("choose the agent, or a checkpoint".to_owned(), Choice::Tier),
    ]);
    if ws.phase == PhaseWord::Running {
        let more = Choice::Send(Request::Extend(more_time(ws)));
        choices.push(("give it more time".to_owned(), more));
    }
    if ws.worktree.is_some() {
        choices.push(("open a shell in the worktree, then decide".to_owned(), Choice::Shell));
    }
    choices.push(("accept the work as it is".to_owned(), Choice::Send(Request::Accept)));
    choices.push(("give it up".to_owned(), Choice::Send(Request::GiveUp)));
    let question = ws.question.as_deref().unwrap_or_default();
    choose(ws, "What next for", question.to_owned(), choices)
}

/// Returns what can be taken of what several made side by side, if that is what is asked.
fn take(ws: &WorkstreamFacts) -> Vec<(String, Choice)> {
    let last = ws.attempts.last().filter(|attempt| attempt.contest.is_some());
    let left = last.map(|attempt| (attempt.id, attempt.left()));
    let choice = |attempt, left: Left<'_>| {
        let (contestant, change) = (left.contestant, left.made.diff);
        let label = format!("take what {} made ({change})", left.name);
        (label, Choice::Send(Request::Take { attempt, contestant }))
    };
    let each =
        left.into_iter().flat_map(|(id, left)| left.into_iter().map(move |it| choice(id, it)));
    each.collect()
}

/// Asks with which agent, and from which state of the worktree, it is tried again.
pub(super) fn retry_from(ws: &WorkstreamFacts, now: Timestamp) -> Modal {
    let mut choices: Vec<(String, Choice)> = ws
        .chain
        .iter()
        .enumerate()
        .map(|(tier, link)| (questions::tier(link), again(tier, StartFrom::Current)))
        .collect();
    let current = ws.tier.unwrap_or(0);
    if let Some(link) = ws.chain.get(current) {
        let label = format!("{}, with another prompt", link.agent);
        choices.push((label, Choice::Rewrite { tier: Some(current) }));
    }
    if let (Some(link), Some(_)) = (ws.chain.get(current), &ws.worktree) {
        let agent = &link.agent;
        let clean = again(current, StartFrom::Clean);
        choices.push((format!("{agent}, from a clean worktree"), clean));
        for attempt in ws.attempts.iter().rev().filter(|a| a.ended.is_some() && a.diff.is_some()) {
            let label = format!("{agent}, from what attempt {} left", attempt.id);
            choices.push((label, again(current, StartFrom::Attempt(attempt.id))));
            for left in attempt.left() {
                let from = StartFrom::Contestant(attempt.id, left.contestant);
                let label =
                    format!("{agent}, from what {} left in attempt {}", left.name, attempt.id);
                choices.push((label, again(current, from)));
            }
        }
    }
    let mut modal = choose(ws, "Retry", questions::ends_first(ws, now), choices);
    if let Modal::Choose { selected, .. } = &mut modal {
        *selected = current;
    }
    modal
}

fn escalate(ws: &WorkstreamFacts, now: Timestamp) -> Modal {
    let next = ws.tier.unwrap_or(0) + 1;
    let ask = Request::Escalate { to: Target::Person, note: None };
    let note = Choice::EscalationNote { to: Target::Person };
    let you = [
        ("to you: it waits in the inbox".to_owned(), Choice::Send(ask)),
        ("to you, with a note".to_owned(), note),
    ];
    let mut choices = Vec::new();
    if let Some(link) = ws.chain.get(next) {
        let (label, to) = (format!("to {} now, the next one", link.agent), Target::Next);
        choices.push((label, Choice::Send(Request::Escalate { to: to.clone(), note: None })));
        let label = format!("to {} now, with a note", link.agent);
        choices.push((label, Choice::EscalationNote { to }));
    }
    let others = ws.chain.iter().enumerate().filter(|(tier, _)| *tier != next);
    let others = others.filter(|(tier, _)| *tier != ws.tier.unwrap_or(0)).map(|(tier, link)| {
        let to = Target::Tier(tier);
        let label = format!("to {}", questions::tier(link));
        (label, Choice::Send(Request::Escalate { to, note: None }))
    });
    // The first is what Enter chooses: where the chain ends, that is the operator, and not an agent of before.
    if choices.is_empty() {
        choices.extend(you.into_iter().chain(others));
    } else {
        choices.extend(others.chain(you));
    }
    choose(ws, "Escalate", questions::ends_first(ws, now), choices)
}

/// Opens a shell in the worktree, if there is one.
pub(super) fn shell(ws: &WorkstreamFacts) -> Vec<Command> {
    let open = |worktree: &std::path::PathBuf| Command::Shell {
        workstream: ws.id.clone(),
        worktree: worktree.clone(),
    };
    ws.worktree.iter().map(open).collect()
}

fn again(tier: usize, from: StartFrom) -> Choice {
    Choice::Send(Request::Retry { tier: Some(tier), from, note: None })
}

pub(super) fn more_time(ws: &WorkstreamFacts) -> Duration {
    let soft = ws.soft_at.zip(ws.started).map(|(soft, started)| soft.since(started));
    soft.filter(|soft| !soft.is_zero()).unwrap_or(MORE_TIME).min(MOST_TIME)
}

fn confirm(question: String, id: WorkstreamId, request: Request) -> Modal {
    Modal::Confirm { question, then: Confirmed::Send(id, request) }
}

fn choose(
    ws: &WorkstreamFacts,
    verb: &str,
    about: String,
    choices: Vec<(String, Choice)>,
) -> Modal {
    let title = format!("{verb} {}", ws.id);
    Modal::Choose { workstream: Some(ws.id.clone()), title, about, choices, selected: 0 }
}

fn send(id: WorkstreamId, request: Request) -> Vec<Command> {
    vec![Command::Order(Order::Send(id, request))]
}
