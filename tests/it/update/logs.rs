//! Keys that are about the text of logs.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::phase::PhaseWord;
use ostler::tui::log::{Fold, Form, Moment};
use ostler::tui::state::{Confirmed, Focus, MarkedBy, Marking, Modal, Purpose, Scroll};
use ostler::tui::update::seen::LogShape;
use ostler::tui::update::{Command, Direction, Input, Over, Viewer};

use super::desk::Desk;
use super::moves::draw;

/// A desk on which lines 90 to 99 of a hundred are in sight.
fn read() -> Desk {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.seen.log = LogShape {
        top: Some(90),
        lines: Some(100),
        at_end: true,
        height: 10,
        ..LogShape::default()
    };
    desk.seen.rows = (90..100).collect();
    desk
}

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

#[test]
fn lines_are_marked_by_keys_and_copied() {
    let mut desk = read();
    desk.key('V');
    let by = MarkedBy::Keys;
    assert_eq!(desk.ui.marking, Some(Marking { anchor: 99, head: 99, by }));
    // A log that is followed is held, and the keys go to it.
    assert_eq!((desk.ui.scroll, desk.ui.focus), (Scroll::At(90), Focus::Log));
    desk.keys("kkj");
    assert_eq!(desk.ui.marking, Some(Marking { anchor: 99, head: 98, by }));
    assert_eq!(desk.key('y'), [Command::Copy(98..=99)]);
    assert_eq!(desk.ui.marking, None);
    // What goes out of sight is followed.
    desk.key('V');
    desk.key('g');
    assert_eq!(desk.ui.scroll, Scroll::At(0));
    assert_eq!(desk.key('y'), [Command::Copy(0..=90)]);
    desk.key('V');
    assert!(desk.ui.marking.is_some());
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.marking, None);
    // Another log has other lines.
    desk.key('V');
    desk.key('[');
    assert_eq!(desk.ui.marking, None);
}

#[test]
fn marking_begins_where_a_search_has_led() {
    let mut desk = read();
    desk.seen.log.at = Some(95);
    desk.ui.scroll = Scroll::At(90);
    desk.keys("Vj");
    assert_eq!(desk.key('y'), [Command::Copy(95..=96)]);
    desk.seen.log.at = Some(5);
    desk.key('V');
    assert_eq!(desk.key('y'), [Command::Copy(90..=90)]);
}

#[test]
fn without_a_mark_what_is_in_sight_is_copied() {
    let mut desk = read();
    assert_eq!(desk.key('y'), [Command::Copy(90..=99)]);
    desk.seen.rows.clear();
    for key in ['y', 'V'] {
        assert_eq!(desk.key(key), []);
        assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("counted")));
    }
}

#[test]
fn events_are_marked_as_a_whole() {
    let mut desk = read();
    desk.seen.log.form = Form::Readable;
    desk.seen.log.row = 2;
    desk.seen.rows = [90, 90, 95, 95, 95, 99].into();
    desk.keys("Vk");
    assert_eq!(desk.ui.scroll, Scroll::Rows { line: 90, rows: 2 });
    assert_eq!(desk.key('y'), [Command::Copy(98..=99)]);
}

#[test]
fn lines_are_marked_by_dragging_and_copied_when_the_button_is_let_go() {
    let mut desk = read();
    draw(&mut desk);
    let area = desk.seen.log_area().expect("a log");
    let mouse = |desk: &mut Desk, kind, row: u16| {
        let modifiers = KeyModifiers::NONE;
        desk.input(&Input::Mouse(MouseEvent { kind, column: area.x, row, modifiers }))
    };
    let button = MouseButton::Left;
    let (down, up) = (MouseEventKind::Down(button), MouseEventKind::Up(button));
    let drag = MouseEventKind::Drag(button);
    // A click alone marks nothing.
    mouse(&mut desk, down, area.y + 2);
    assert_eq!(mouse(&mut desk, up, area.y + 2), []);
    mouse(&mut desk, down, area.y + 2);
    mouse(&mut desk, drag, area.y + 5);
    mouse(&mut desk, drag, area.y + 4);
    let by = MarkedBy::Mouse;
    assert_eq!(desk.ui.marking, Some(Marking { anchor: 92, head: 94, by }));
    assert_eq!(mouse(&mut desk, up, area.y + 4), [Command::Copy(92..=94)]);
    assert_eq!(desk.ui.marking, None);
    // Beyond the upper edge it goes on.
    mouse(&mut desk, down, area.y);
    mouse(&mut desk, drag, area.y.saturating_sub(1));
    mouse(&mut desk, drag, area.y.saturating_sub(1));
    assert_eq!(mouse(&mut desk, up, 0), [Command::Copy(88..=90)]);
}

#[test]
fn the_log_is_saved_where_one_says_and_over_a_file_only_after_a_yes() {
    let mut desk = read();
    desk.key('S');
    let command = Command::Save { name: "ws-01-2.log".to_owned(), over: Over::Nothing };
    assert_eq!(desk.enter(), [command]);
    desk.key('S');
    for _ in 0..20 {
        desk.code(KeyCode::Backspace);
    }
    assert_eq!(desk.enter(), []);
    // The file was there.
    let then = Confirmed::SaveOver("x.log".to_owned());
    let asked = || Some(Modal::Confirm { question: "Over it?".to_owned(), then: then.clone() });
    desk.ui.modal = asked();
    assert_eq!(desk.key('n'), []);
    desk.ui.modal = asked();
    assert_eq!(desk.key('y'), [Command::Save { name: "x.log".to_owned(), over: Over::What }]);
}

#[test]
fn the_log_is_opened_with_the_operators_programs() {
    let mut desk = read();
    assert_eq!(desk.key('P'), [Command::View(Viewer::Pager)]);
    let ctrl_e = KeyEvent::new(KeyCode::Char('e'), KeyModifiers::CONTROL);
    assert_eq!(desk.input(&Input::Key(ctrl_e)), [Command::View(Viewer::Editor)]);
}
