//! What was done last is undone by its way back, and nothing else is; without one, it says why.

use std::sync::Arc;

use ostler::core::alert::Severity;
use ostler::core::breaker::State;
use ostler::core::event::Request;
use ostler::core::outcome::Say;
use ostler::core::phase::{PhaseWord, StartFrom};
use ostler::ipc::facts::{Owner, WorkstreamFacts};
use ostler::tui::action::{Action, footer};
use ostler::tui::state::{Confirmed, Modal, View};
use ostler::tui::update::{Command, Launches, Order};

use super::desk::Desk;
use crate::alerts::made::alert;

fn change(desk: &mut Desk, place: usize, change: impl FnOnce(&mut WorkstreamFacts)) {
    change(Arc::make_mut(&mut desk.facts.workstreams[place]));
}

fn again() -> Request {
    Request::Retry { tier: None, from: StartFrom::Current, note: None }
}

fn taken_back(id: &str, request: Request) -> Command {
    Command::TakeBack(Order::Send(id.into(), Request::Undo(Box::new(request))))
}

fn hint(desk: &mut Desk) -> String {
    desk.ui.hint.take().unwrap_or_default()
}

#[test]
fn at_first_there_is_nothing_to_undo() {
    let mut desk = Desk::with(&[PhaseWord::Failed]);
    assert_eq!(desk.key('u'), []);
    assert_eq!(hint(&mut desk), "undo: nothing done on this screen is left to undo");
}

#[test]
fn a_retry_that_still_waits_is_taken_back() {
    let mut desk = Desk::with(&[PhaseWord::Failed]);
    desk.key('r');
    change(&mut desk, 0, |ws| (ws.phase, ws.can_undo) = (PhaseWord::Queued, Some(again())));
    assert!(footer(&desk.facts, &desk.ui).contains(&Action::Undo));
    assert_eq!(desk.key('u'), [taken_back("ws-01", again())]);
    assert_eq!(desk.ui.hint, None, "the notice tells of it");
    // What was undone is not there to be undone, and undoing is no deed.
    assert_eq!(desk.key('u'), []);
    assert_eq!(hint(&mut desk), "undo: nothing done on this screen is left to undo");
}

#[test]
fn a_retry_that_has_begun_is_ended_only_after_a_question() {
    let mut desk = Desk::with(&[PhaseWord::Done]);
    desk.key('r');
    change(&mut desk, 0, |ws| {
        (ws.phase, ws.agent_pid) = (PhaseWord::Running, Some(4711));
    });
    assert!(!footer(&desk.facts, &desk.ui).contains(&Action::Undo));
    assert_eq!(desk.key('u'), []);
    let Some(Modal::Confirm { question, then }) = desk.ui.modal.clone() else {
        panic!("it does not ask")
    };
    for words in ["Undo the retry of ws-01?", "copilot (pid 4711", "TERM", "It was done", "stay in"]
    {
        assert!(question.contains(words), "{words}: {question}");
    }
    assert_eq!(then, Confirmed::All(vec![Order::Send("ws-01".into(), Request::Stop)]));
    assert_eq!(desk.key('y'), [Command::Order(Order::Send("ws-01".into(), Request::Stop))]);
}

#[test]
fn the_stop_of_an_agent_says_how_to_go_on() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.keys("xy");
    change(&mut desk, 0, |ws| ws.phase = PhaseWord::Stopped);
    assert_eq!(desk.key('u'), []);
    assert_eq!(
        hint(&mut desk),
        "stop of ws-01 not undone: its agent has ended; its work is kept, `r` goes on"
    );
    assert!(desk.ui.modal.is_none());
}

#[test]
fn of_several_those_are_taken_back_that_can_be() {
    let mut desk = Desk::with(&[PhaseWord::Queued, PhaseWord::Queued, PhaseWord::Backoff]);
    desk.keys("*xy");
    for place in [0, 2] {
        change(&mut desk, place, |ws| {
            (ws.phase, ws.can_undo) = (PhaseWord::Stopped, Some(Request::Stop));
        });
    }
    let done = desk.key('u');
    assert_eq!(done, ["ws-01", "ws-03"].map(|id| taken_back(id, Request::Stop)));
    let hint = hint(&mut desk);
    assert!(hint.starts_with("undo: stop of ws-01 and 2 more; 1 not: it has gone on"));
}

#[test]
fn what_is_gone_is_not_undone() {
    let mut desk = Desk::with(&[PhaseWord::Queued, PhaseWord::Queued]);
    desk.keys("jxy");
    desk.facts = super::desk::facts(&[PhaseWord::Queued]);
    assert_eq!(desk.key('u'), []);
    assert!(hint(&mut desk).contains("ws-02 is not there any more"));
}

#[test]
fn launches_go_on_again() {
    let mut desk = Desk::with(&[PhaseWord::Queued]);
    desk.key('p');
    desk.facts.paused = true;
    let launches = |wanted| Command::TakeBack(Order::Launches(wanted));
    assert_eq!(desk.key('u'), [launches(Launches::Going)]);
    desk.key('p');
    desk.facts.paused = false;
    assert_eq!(desk.key('u'), [launches(Launches::Paused)]);
    // Somebody else was faster.
    desk.facts.paused = false;
    desk.key('p');
    assert_eq!(desk.key('u'), []);
    assert!(hint(&mut desk).ends_with("that was done already"));
}

#[test]
fn a_breaker_goes_back_to_what_it_was() {
    let mut desk = Desk::with(&[]);
    desk.ui.view = View::Agents;
    for (agent, keys, then, back) in [
        ("aider", "Oy", super::desk::held(), Say::Close),
        ("copilot", "c", State::Closed, Say::Open),
        ("claude-api", "c", State::Closed, Say::Hold),
    ] {
        desk.ui.agent = Some(agent.into());
        desk.keys(keys);
        let place = desk.facts.agents.iter().position(|it| it.name.as_str() == agent).unwrap();
        desk.facts.agents[place].breaker = then;
        let order = Order::Breaker(agent.into(), back);
        assert_eq!(desk.key('u'), [Command::TakeBack(order)], "{agent}");
    }
    desk.ui.agent = Some("aider".into());
    desk.facts.agents[0].breaker = State::Closed;
    desk.keys("Oy");
    assert_eq!(desk.key('u'), [], "it was not held");
    assert!(hint(&mut desk).contains("its breaker has changed since"));
}

#[test]
fn who_runs_it_is_changed_back() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('d');
    change(&mut desk, 0, |ws| ws.owner = Owner::Elsewhere);
    assert_eq!(desk.key('u'), [Command::TakeBack(Order::Attach("ws-01".into()))]);
    desk.key('a');
    change(&mut desk, 0, |ws| ws.owner = Owner::Here);
    assert_eq!(desk.key('u'), [Command::TakeBack(Order::Detach("ws-01".into()))]);
}

#[test]
fn alerts_wait_for_an_answer_again() {
    let mut desk = Desk::with(&[PhaseWord::Failed]);
    desk.facts.alerts = ["ws-01", "ws-02"].map(|id| alert(id, Severity::High)).into();
    desk.act(Action::AcknowledgeAll);
    desk.facts.alerts[0].acknowledged = true;
    let key = desk.facts.alerts[0].key.clone();
    assert_eq!(desk.key('u'), [Command::TakeBack(Order::Recall(key))]);
    let hint = hint(&mut desk);
    assert!(hint.starts_with("undo: taking note of 2 alerts; 1 not"), "{hint}");
}

#[test]
fn what_cannot_be_undone_does_not_stand_before_what_can() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Queued]);
    desk.key('p');
    desk.facts.paused = true;
    desk.keys("xy");
    change(&mut desk, 0, |ws| ws.phase = PhaseWord::Stopped);
    assert_eq!(desk.key('u'), []);
    let told = hint(&mut desk);
    assert!(told.starts_with("stop of ws-01 not undone: its agent has ended"), "{told}");
    assert!(told.ends_with("(again: pausing launches)"), "{told}");
    let going = Command::TakeBack(Order::Launches(Launches::Going));
    assert_eq!(desk.key('u'), [going]);
}
