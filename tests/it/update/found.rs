//! Searching all logs: what is asked for, and the list of what was found.

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::phase::PhaseWord;
use ostler::tui::state::{Focus, Modal, Purpose, Scroll, Shown, Tally, View};
use ostler::tui::update::seen::FoundShape;
use ostler::tui::update::{Command, Input, found};
use ostler::tui::view_model::Hit;

use super::desk::Desk;
use super::moves::draw;

/// A desk on which so many lines were found, of which five are in sight.
fn desk(lines: usize) -> Desk {
    let mut desk = Desk::with(&[PhaseWord::Done, PhaseWord::Running]);
    desk.key('F');
    desk.keys("pars.r");
    assert_eq!(desk.enter(), []);
    assert_eq!(desk.ui.view, View::Found);
    desk.seen.found = FoundShape { lines, height: 5, is_going: false };
    desk
}

#[test]
fn all_logs_are_searched_with_few_keys() {
    let mut desk = Desk::with(&[PhaseWord::Done, PhaseWord::Running]);
    desk.key('F');
    let is_asked = matches!(&desk.ui.modal, Some(Modal::Line { purpose: Purpose::SearchAll, .. }));
    assert!(is_asked, "{:?}", desk.ui.modal);
    desk.keys("pars.r");
    desk.enter();
    assert_eq!((desk.ui.view, desk.ui.found.pattern.as_str()), (View::Found, "pars.r"));
    let asked = desk.ui.found.asked;
    desk.key('f');
    assert_ne!(desk.ui.found.asked, asked, "all logs are searched again");
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.view, View::Workstreams);
    // Without a pattern the last list is opened again.
    desk.key('F');
    desk.enter();
    assert_eq!((desk.ui.view, desk.ui.found.pattern.as_str()), (View::Found, "pars.r"));
}

#[test]
fn nothing_was_looked_for_yet_and_nothing_opens() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('F');
    desk.enter();
    assert_eq!(desk.ui.view, View::Workstreams);
}

#[test]
fn one_moves_in_the_list_and_opens_a_line() {
    let mut desk = desk(12);
    desk.keys("jjk");
    assert_eq!(desk.ui.found.selected, 1);
    desk.code(KeyCode::PageDown);
    assert_eq!(desk.ui.found.selected, 5);
    desk.key('G');
    assert_eq!(desk.ui.found.selected, 11);
    desk.key('j');
    assert_eq!(desk.enter(), [Command::OpenFound(11)]);
    desk.key('g');
    assert_eq!(desk.enter(), [Command::OpenFound(0)]);
    found::enter(&mut desk.ui, &"ws-02".into(), Shown::Check);
    assert_eq!(desk.selected(), "ws-02");
    assert_eq!((desk.ui.view, desk.ui.zoom, desk.ui.focus), (View::Workstreams, true, Focus::Log));
    assert_eq!((desk.ui.shown, desk.ui.scroll), (Shown::Check, Scroll::Follow));
    desk.code(KeyCode::Esc);
    assert_eq!((desk.ui.view, desk.ui.found.selected), (View::Found, 0));
}

#[test]
fn esc_gives_up_a_search_that_goes_on_and_then_goes_back() {
    let mut desk = desk(3);
    desk.seen.found.is_going = true;
    desk.code(KeyCode::Esc);
    assert_eq!((desk.ui.view, desk.ui.found.is_given_up), (View::Found, true));
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.view, View::Workstreams);
    // Asked for again, it begins anew.
    desk.key('F');
    desk.enter();
    desk.key('f');
    assert!(!desk.ui.found.is_given_up);

    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.key('/');
    desk.keys("needle");
    desk.enter();
    let going = Tally { count: 2, place: None, percent: Some(41) };
    desk.ui.search.as_mut().unwrap().tally = going;
    desk.enter();
    assert!(desk.ui.zoom);
    desk.code(KeyCode::Esc);
    assert_eq!((desk.ui.search.as_ref(), desk.ui.zoom), (None, true));
    desk.code(KeyCode::Esc);
    assert!(!desk.ui.zoom);
}

#[test]
fn an_empty_list_opens_nothing_and_says_so() {
    let mut desk = desk(0);
    assert_eq!(desk.enter(), []);
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("nothing was found")));
    desk.keys("jGgk");
    // What is not in sight is not decided about.
    desk.key('x');
    assert!(desk.ui.modal.is_none());
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("go back first")));
}

#[test]
fn a_click_chooses_a_line_and_another_opens_it() {
    let mut desk = desk(5);
    let model = draw(&mut desk);
    let place = (0..30).find(|row| model.hit(40, *row) == Some(Hit::Found(2))).expect("a line");
    let mut press = |kind| {
        let modifiers = crossterm::event::KeyModifiers::NONE;
        desk.input(&Input::Mouse(MouseEvent { kind, column: 40, row: place, modifiers }))
    };
    let click = MouseEventKind::Down(MouseButton::Left);
    assert_eq!(press(click), []);
    assert_eq!(press(click), [Command::OpenFound(2)]);
    press(MouseEventKind::ScrollUp);
    assert_eq!(desk.ui.found.selected, 0);
}

#[test]
fn what_is_no_regular_expression_is_looked_for_as_text_and_that_is_told() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    for key in ['/', 'F'] {
        desk.key(key);
        desk.keys("println!(");
        desk.enter();
        let hint = desk.ui.hint.take().unwrap_or_default();
        assert!(hint.contains("plain text") && hint.contains("unclosed group"), "{hint}");
    }
    assert_eq!(desk.ui.search.map(|search| search.pattern).as_deref(), Some("println!("));
    assert_eq!(desk.ui.found.pattern, "println!(");
}
