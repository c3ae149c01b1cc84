//! A new workstream, and another prompt, while they are written down.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ostler::core::draft::Draft;
use ostler::core::event::Request;
use ostler::core::phase::{PhaseWord, StartFrom};
use ostler::tui::action::Action;
use ostler::tui::state::form::{Field, Form, Stage};
use ostler::tui::state::{Modal, Rewrite, Search, View};
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::form::{edited, made};
use ostler::tui::update::{Command, Direction, Input, Order};

use super::desk::{Desk, facts};
use crate::frames::fixture::survey;

fn ctrl(desk: &mut Desk, character: char) -> Vec<Command> {
    desk.input(&Input::Key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL)))
}

fn paste(desk: &mut Desk, text: &str) {
    assert_eq!(desk.input(&Input::Paste(text.to_owned())), []);
}

#[track_caller]
fn form(desk: &Desk) -> &Form {
    match &desk.ui.modal {
        Some(Modal::New(form)) => form,
        other => panic!("no form but {other:?}"),
    }
}

#[track_caller]
fn rewrite(desk: &Desk) -> &Rewrite {
    match &desk.ui.modal {
        Some(Modal::Rewrite(rewrite)) => rewrite,
        other => panic!("no prompt but {other:?}"),
    }
}

/// A desk with an empty form on it, and something to choose from.
fn opened() -> Desk {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    assert_eq!(desk.key('n'), [Command::Survey]);
    desk.ui.survey = Some(Arc::new(survey()));
    desk
}

#[test]
fn the_key_of_the_next_match_makes_a_workstream_where_nothing_was_searched_for() {
    for view in [View::Workstreams, View::Timeline, View::Notices] {
        let mut desk = Desk::with(&[PhaseWord::Running]);
        desk.ui.view = view;
        assert_eq!(desk.key('n'), [Command::Survey], "{view:?}");
    }
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.ui.search = Some(Search::default());
    assert_eq!(desk.key('n'), [Command::Find(Direction::Down)]);
    desk.ui.view = View::Diff;
    desk.key('n');
    assert!(desk.ui.modal.is_none());
    assert_eq!(ctrl(&mut desk, 'n'), [Command::Survey]);
    assert_eq!(Desk::with(&[]).act(Action::New), [Command::Survey]);
}

#[test]
fn every_field_is_filled_in_by_keys() {
    let mut desk = opened();
    desk.keys("Split it");
    desk.enter();
    desk.keys("Move the types.");
    desk.enter();
    desk.keys("Keep qjkX:/?");
    desk.code(KeyCode::Tab);
    desk.keys("error");
    desk.code(KeyCode::Down);
    desk.enter();
    desk.keys("lib");
    desk.enter();
    assert_eq!(form(&desk).files.len(), 2, "{:?}", form(&desk).files);
    desk.code(KeyCode::Backspace);
    assert_eq!(form(&desk).files.len(), 1);
    desk.code(KeyCode::Backspace);
    desk.keys("rdme");
    desk.enter();
    desk.code(KeyCode::Tab);
    desk.key('j');
    desk.key(' ');
    desk.key('k');
    desk.enter();
    desk.key('j');
    desk.key('j');
    desk.key(' ');
    desk.key(' ');
    desk.code(KeyCode::Tab);
    desk.keys("make test");
    let draft = Draft {
        title: "Split it".to_owned(),
        prompt: "Move the types.\nKeep qjkX:/?\n".to_owned(),
        files: vec!["README.md".into()],
        chain: vec!["codex".into(), "claude-code".into()],
        check: Some("make test".to_owned()),
        ..Draft::default()
    };
    assert_eq!(ctrl(&mut desk, 's'), [Command::Create(Box::new(draft))]);
    assert_eq!(form(&desk).stage, Stage::Saving);
    // Nothing is made twice.
    assert_eq!(ctrl(&mut desk, 's'), []);
    desk.keys("xyz");
    assert_eq!(form(&desk).check.value(), "make test");
}

#[test]
fn what_must_be_done_before_is_chosen_from_what_is_not_done() {
    let mut desk = Desk::with(&[PhaseWord::Running, PhaseWord::Done, PhaseWord::Queued]);
    desk.key('n');
    desk.ui.survey = Some(Arc::new(survey()));
    desk.code(KeyCode::Tab);
    desk.keys("do it");
    desk.code(KeyCode::BackTab);
    desk.code(KeyCode::BackTab);
    assert_eq!(form(&desk).field, Field::After);
    paste(&mut desk, " \n ");
    desk.keys(" j j ");
    assert_eq!(form(&desk).after, ["ws-01".into()], "the one below was put in and taken out");
    desk.code(KeyCode::Backspace);
    desk.keys(" k ");
    let done = ctrl(&mut desk, 's');
    let [Command::Create(draft)] = done.as_slice() else { panic!("{done:?}") };
    assert_eq!(draft.after, ["ws-03".into(), "ws-01".into()]);
}

#[test]
fn where_no_agent_is_it_says_what_to_do() {
    let mut desk = opened();
    desk.ui.survey = Some(Arc::default());
    desk.code(KeyCode::Tab);
    desk.keys("do it");
    assert_eq!(ctrl(&mut desk, 's'), []);
    assert!(
        form(&desk).wrong[0].starts_with("No agent is installed here"),
        "{:?}",
        form(&desk).wrong
    );
    assert_eq!(form(&desk).prompt.text(), "do it");
}

#[test]
fn what_is_made_is_selected_when_it_is_there() {
    let mut desk = opened();
    desk.code(KeyCode::Tab);
    desk.keys("do it");
    ctrl(&mut desk, 's');
    made(&mut desk.ui, Ok("ws-02".into()));
    assert!(desk.ui.modal.is_none());
    assert!(desk.ui.hint.as_ref().is_some_and(|hint| hint.starts_with("ws-02 was made")));
    assert_eq!(desk.selected(), "ws-01");
    let both = facts(&[PhaseWord::Running, PhaseWord::Queued]);
    facts_changed(&mut desk.ui, &desk.facts, &both);
    assert_eq!(desk.selected(), "ws-02");
    // Once only: what is selected then is the operator's.
    desk.facts = both;
    desk.key('k');
    facts_changed(&mut desk.ui, &desk.facts.clone(), &desk.facts);
    assert_eq!(desk.selected(), "ws-01");
}

#[test]
fn what_is_wrong_stays_in_the_form_with_all_that_was_typed() {
    let mut desk = opened();
    assert_eq!(ctrl(&mut desk, 's'), [], "without a prompt there is nothing to do");
    assert_eq!((form(&desk).field, form(&desk).wrong.len()), (Field::Prompt, 1));
    desk.keys("do it");
    ctrl(&mut desk, 's');
    made(&mut desk.ui, Err("x.yaml:3:1: unknown agent\nand more".to_owned()));
    let form = form(&desk);
    assert_eq!((form.stage, form.prompt.text().as_str()), (Stage::Open, "do it"));
    assert_eq!(form.wrong, ["x.yaml:3:1: unknown agent", "and more"]);
    // Closed before it is known, it is told all the same.
    ctrl(&mut desk, 's');
    desk.code(KeyCode::Esc);
    assert!(desk.ui.modal.is_none());
    made(&mut desk.ui, Err("no room".to_owned()));
    assert_eq!(desk.ui.hint.as_deref(), Some("nothing was made: no room"));
}

#[test]
fn text_is_not_thrown_away_unasked() {
    let mut desk = opened();
    desk.code(KeyCode::Esc);
    assert!(desk.ui.modal.is_none(), "nothing was typed");
    let mut desk = opened();
    desk.key('x');
    desk.code(KeyCode::Esc);
    assert_eq!(form(&desk).stage, Stage::Asks);
    paste(&mut desk, "y");
    assert_eq!(form(&desk).stage, Stage::Asks);
    desk.code(KeyCode::Esc);
    assert_eq!((form(&desk).stage, form(&desk).title.value()), (Stage::Open, "x"));
    ctrl(&mut desk, 'c');
    ctrl(&mut desk, 'y');
    assert!(desk.ui.modal.is_some());
    desk.code(KeyCode::Esc);
    desk.key('y');
    assert!(desk.ui.modal.is_none());
}

#[test]
fn pasted_text_goes_into_the_field_and_is_never_keys() {
    let mut desk = opened();
    paste(&mut desk, "two\nlines\x13\t");
    assert_eq!(form(&desk).title.value(), "two lines ");
    desk.code(KeyCode::Tab);
    paste(&mut desk, "one\r\ntwo\x1b[31m\n\tthree\x13");
    assert_eq!(form(&desk).prompt.text(), "one\ntwo[31m\n    three");
    assert_eq!(form(&desk).stage, Stage::Open);
    desk.code(KeyCode::Tab);
    paste(&mut desk, "lib.rs\n");
    assert!(form(&desk).files.is_empty());
    assert_eq!(form(&desk).pattern.value(), "lib.rs");
    desk.code(KeyCode::Tab);
    paste(&mut desk, " \n ");
    assert!(form(&desk).chain.is_empty());
}

#[test]
fn a_text_of_several_lines_is_edited_as_such_are() {
    let mut desk = opened();
    desk.code(KeyCode::Tab);
    desk.keys("ab");
    desk.enter();
    desk.keys("cd");
    desk.code(KeyCode::Up);
    desk.code(KeyCode::Home);
    desk.key('x');
    desk.code(KeyCode::End);
    desk.code(KeyCode::Right);
    desk.key('y');
    assert_eq!(form(&desk).prompt.text(), "xab\nycd");
    desk.code(KeyCode::Left);
    desk.code(KeyCode::Backspace);
    assert_eq!(form(&desk).prompt.text(), "xabycd");
    desk.enter();
    desk.code(KeyCode::Left);
    desk.code(KeyCode::Delete);
    assert_eq!(form(&desk).prompt.text(), "xabycd");
    paste(&mut desk, &"long ".repeat(20_000));
    assert_eq!(form(&desk).prompt.text().chars().count() + 1, 64 * 1024);
    desk.keys("more");
    assert_eq!(form(&desk).prompt.text().chars().count() + 1, 64 * 1024);
}

#[test]
fn an_editor_may_write_the_prompt() {
    let mut desk = opened();
    desk.code(KeyCode::Tab);
    desk.keys("so far");
    assert_eq!(ctrl(&mut desk, 'e'), [Command::Edit("so far".to_owned())]);
    edited(&mut desk.ui, Ok("from\nthe editor\n".to_owned()));
    assert_eq!(form(&desk).prompt.text(), "from\nthe editor");
    edited(&mut desk.ui, Err("vi failed".to_owned()));
    assert_eq!(form(&desk).prompt.text(), "from\nthe editor");
    assert_eq!(desk.ui.hint.as_deref(), Some("vi failed"));
}

#[test]
fn a_retry_may_have_another_prompt() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('R');
    desk.keys("4");
    assert_eq!(desk.enter(), []);
    assert_eq!(rewrite(&desk).text.text(), "Do it.");
    assert!(rewrite(&desk).about.contains("copilot (pid 4711"), "{}", rewrite(&desk).about);
    desk.enter();
    desk.keys("And test it.");
    let prompt = "Do it.\nAnd test it.".to_owned();
    let request = Request::RetryWith { tier: Some(1), from: StartFrom::Current, prompt };
    let sent = |request| [Command::Order(Order::Send("ws-01".into(), request))];
    assert_eq!(ctrl(&mut desk, 's'), sent(request));
    assert!(desk.ui.modal.is_none());
    // As it was, it is a plain retry; and without a word there is nothing to try.
    desk.act(Action::RetryWith);
    let plain = Request::Retry { tier: None, from: StartFrom::Current, note: None };
    assert_eq!(ctrl(&mut desk, 's'), sent(plain));
    desk.act(Action::RetryWith);
    for _ in 0..6 {
        desk.code(KeyCode::Backspace);
    }
    assert_eq!(ctrl(&mut desk, 's'), []);
    desk.code(KeyCode::Esc);
    assert!(rewrite(&desk).asks);
    desk.key('n');
    assert!(!rewrite(&desk).asks);
    desk.code(KeyCode::Esc);
    desk.key('y');
    assert!(desk.ui.modal.is_none());
}
