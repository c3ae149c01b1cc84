//! Several workstreams selected together, and the menu of one.

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::event::{Request, Target};
use ostler::core::phase::{PhaseWord, StartFrom};
use ostler::tui::action::Action;
use ostler::tui::state::{Choice, Modal, View};
use ostler::tui::update::{Command, Input, Order};

use super::desk::Desk;

fn question(desk: &Desk) -> String {
    match &desk.ui.modal {
        Some(Modal::Confirm { question, .. }) => question.clone(),
        other => panic!("no question but {other:?}"),
    }
}

/// The workstreams that a command is sent to.
fn sent(commands: &[Command], wanted: &Request) -> Vec<String> {
    let sent = commands.iter().map(|command| match command {
        Command::Order(Order::Send(id, request)) => {
            assert_eq!(request, wanted);
            id.to_string()
        }
        other => panic!("{other:?}"),
    });
    sent.collect()
}

#[test]
fn all_that_are_selected_are_stopped_after_one_question_that_names_them() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Queued, PhaseWord::Done]);
    desk.keys(" j jj ");
    assert_eq!(desk.ui.marked.len(), 3);
    assert_eq!(desk.key('x'), []);
    let question = question(&desk);
    for words in
        ["Stop 2: ws-01, ws-02?", "ws-01 copilot (pid 4711", "TERM", "stay in their worktrees"]
    {
        assert!(question.contains(words), "{words}: {question}");
    }
    assert!(question.contains("It does not apply to ws-03."), "{question}");
    let done = desk.key('y');
    assert_eq!(sent(&done, &Request::Stop), ["ws-01", "ws-02"]);
    assert!(desk.ui.marked.is_empty());
}

#[test]
fn no_is_an_answer_and_keeps_the_selection() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Running]);
    desk.key('*');
    desk.key('X');
    assert!(question(&desk).contains("KILL"));
    assert_eq!(desk.key('n'), []);
    assert_eq!(desk.ui.marked.len(), 2);
    // Escape lets go of it.
    desk.code(KeyCode::Esc);
    assert!(desk.ui.marked.is_empty());
}

#[test]
fn what_ends_nothing_is_done_at_once_and_says_to_whom_not() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Done]);
    desk.keys("*t");
    assert!(desk.ui.modal.is_none());
    assert!(desk.ui.hint.take().is_some_and(|hint| hint == "more time: not ws-02"));
    let mut desk = Desk::with(&[PhaseWord::Failed, PhaseWord::Failed]);
    desk.key('*');
    let done = desk.key('r');
    assert_eq!(done.len(), 2, "{done:?}");
    let mut desk = Desk::with(&[PhaseWord::Failed, PhaseWord::Running]);
    desk.key('*');
    assert_eq!(desk.key('r'), [], "the second works");
    assert!(question(&desk).contains("Ended first: ws-02 copilot"));
}

#[test]
fn where_it_applies_to_none_nothing_is_done() {
    let mut desk = Desk::with(&[PhaseWord::Done, PhaseWord::Failed, PhaseWord::Running]);
    desk.keys(" j ");
    assert_eq!(desk.key('x'), []);
    assert!(desk.ui.modal.is_none());
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("it has ended already")));
}

#[test]
fn all_that_are_selected_go_on_with_an_agent_of_choice() {
    let mut desk = Desk::with(&[PhaseWord::Failed, PhaseWord::Running, PhaseWord::Done]);
    let mut other = (*desk.facts.workstreams[2]).clone();
    other.chain.truncate(2);
    desk.facts.workstreams[2] = other.into();
    desk.keys("*R");
    let Some(Modal::Choose { about, choices, .. }) = desk.ui.modal.clone() else {
        panic!("no list")
    };
    assert!(about.contains("Ended first: ws-02 copilot"), "{about}");
    let labels: Vec<&str> = choices.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["aider", "copilot", "claude-api (2 of 3)"]);
    desk.keys("jj");
    let again = |tier| Request::Retry { tier: Some(tier), from: StartFrom::Current, note: None };
    assert_eq!(sent(&desk.enter(), &again(2)), ["ws-01", "ws-02"]);
    assert!(desk.ui.marked.is_empty());
}

#[test]
fn all_that_are_selected_are_escalated() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Queued, PhaseWord::Done]);
    desk.keys("*e");
    let Some(Modal::Choose { about, .. }) = &desk.ui.modal else { panic!("no list") };
    assert!(about.contains("It does not apply to ws-03."), "{about}");
    desk.key('j');
    let to_you = Request::Escalate { to: Target::Person, note: None };
    assert_eq!(sent(&desk.enter(), &to_you), ["ws-01", "ws-02"]);
}

#[test]
fn a_workstream_that_is_gone_is_selected_no_more() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Running]);
    desk.key('*');
    let before = desk.facts.clone();
    desk.facts = super::desk::facts(&[PhaseWord::Running]);
    ostler::tui::update::facts::facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.ui.marked.len(), 1);
}

#[test]
fn what_is_selected_together_is_seen_together() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Done, PhaseWord::Done]);
    desk.keys("j j L");
    let shown = desk.ui.grid.members(&desk.facts);
    assert_eq!(shown, ["ws-02".into(), "ws-03".into()]);
}

#[test]
fn the_menu_lists_what_applies_and_does_it() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Done]);
    desk.key('M');
    let Some(Modal::Choose { choices, .. }) = desk.ui.modal.clone() else { panic!("no menu") };
    let actions: Vec<Action> = choices
        .iter()
        .filter_map(|(_, choice)| match choice {
            Choice::Act(action) => Some(*action),
            _other => None,
        })
        .collect();
    for action in &actions {
        assert_eq!(action.applies(&desk.facts, &desk.ui), Ok(()), "{action:?}");
    }
    let stop = actions.iter().position(|action| *action == Action::Stop).expect("stop");
    for _ in 0..stop {
        desk.key('j');
    }
    assert_eq!(desk.enter(), []);
    assert!(question(&desk).starts_with("Stop ws-01?"));
}

#[test]
fn a_right_click_opens_the_menu_of_what_is_under_it() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Done]);
    super::moves::draw(&mut desk);
    let place = (0..30).flat_map(|row| [(5, row)]).find(|(column, row)| {
        desk.seen.hit(*column, *row)
            == Some(ostler::tui::view_model::Hit::Workstream("ws-02".into()))
    });
    let (column, row) = place.expect("the second workstream");
    let kind = MouseEventKind::Down(MouseButton::Right);
    desk.input(&Input::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    assert_eq!(desk.selected(), "ws-02");
    assert!(matches!(&desk.ui.modal, Some(Modal::Choose { title, .. }) if title.contains("ws-02")));
}

#[test]
fn in_the_list_of_notices_nothing_is_decided() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('H');
    assert_eq!(desk.ui.view, View::Notices);
    for key in ['x', 'X', 'r', 'R', 'e', 't', 'm', 'd', 's', 'M'] {
        assert_eq!(desk.key(key), [], "{key}");
        assert!(desk.ui.modal.is_none(), "{key}");
        let hint = desk.ui.hint.take().unwrap_or_default();
        assert!(hint.ends_with("no workstream is in sight; go back first"), "{key}: {hint}");
    }
}
