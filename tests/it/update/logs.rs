//! Keys that are about the text of logs.

use std::time::Duration;

use ostler::core::phase::PhaseWord;
use ostler::tui::log::{Fold, Moment};
use ostler::tui::state::{Modal, Purpose};
use ostler::tui::update::{Command, Direction};

use super::desk::Desk;

#[test]
fn lines_are_wrapped_or_cut_and_what_is_cut_is_moved_to_the_side() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('l');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("wrapped")));
    desk.key('W');
    assert_eq!(desk.ui.fold, Fold::Cut { left: 0 });
    desk.keys("lll");
    assert_eq!(desk.ui.fold, Fold::Cut { left: 24 });
    desk.keys("hhhhh");
    assert_eq!(desk.ui.fold, Fold::Cut { left: 0 });
    desk.key('W');
    assert_eq!(desk.ui.fold, Fold::Wrap);
}

#[test]
fn times_are_shown_and_hidden() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('#');
    assert!(desk.ui.times);
    desk.key('#');
    assert!(!desk.ui.times);
}

#[test]
fn a_time_is_gone_to_and_what_is_none_is_asked_for_again() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('@');
    desk.keys("five");
    assert_eq!(desk.enter(), []);
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("no time")));
    let Some(Modal::Line { purpose: Purpose::Time, input, .. }) = &desk.ui.modal else {
        panic!("{:?}", desk.ui.modal)
    };
    assert_eq!(input.value(), "five");
    desk.code(crossterm::event::KeyCode::Esc);
    desk.key('@');
    desk.keys("-5m");
    let moment = Moment::BeforeEnd(Duration::from_secs(300));
    assert_eq!(desk.enter(), [Command::GoToTime(moment)]);
    desk.key('@');
    assert_eq!(desk.enter(), []);
    assert!(desk.ui.modal.is_none());
}

#[test]
fn one_goes_from_trouble_to_trouble() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    assert_eq!(desk.key('}'), [Command::FindTrouble(Direction::Down)]);
    assert_eq!(desk.key('{'), [Command::FindTrouble(Direction::Up)]);
    desk.key('L');
    assert_eq!(desk.key('}'), []);
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("go back first")));
}
