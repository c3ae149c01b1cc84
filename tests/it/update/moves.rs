//! Moving around: the selection follows its workstream, the log stays where it was put, the mouse hits what is drawn.

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ostler::core::AttemptId;
use ostler::core::phase::PhaseWord;
use ostler::tui::action::footer;
use ostler::tui::diff::{Change, Tokens};
use ostler::tui::hints;
use ostler::tui::log::Form;
use ostler::tui::state::{Focus, Modal, Reading, Scroll, Shown, View};
use ostler::tui::update::facts::facts_changed;
use ostler::tui::update::seen::LogShape;
use ostler::tui::update::{Command, Input};
use ostler::tui::view_model::{Scene, ViewModel, project};

use super::desk::{Desk, NOW, facts};

const RUNNING: &[PhaseWord] = &[PhaseWord::Running, PhaseWord::Running, PhaseWord::Running];

#[test]
fn keys_move_the_selection_and_stop_at_the_ends() {
    let mut desk = Desk::with(RUNNING);
    for (keys, selected) in
        [("j", "ws-02"), ("jjj", "ws-03"), ("k", "ws-02"), ("g", "ws-01"), ("k", "ws-01")]
    {
        desk.keys(keys);
        assert_eq!(desk.selected(), selected, "{keys}");
    }
    desk.key('G');
    assert_eq!(desk.selected(), "ws-03");
    desk.key('2');
    assert_eq!(desk.selected(), "ws-02");
    desk.key('9');
    assert_eq!(desk.selected(), "ws-02");
}

#[test]
fn the_selection_follows_its_workstream_not_its_row() {
    let mut desk = Desk::with(RUNNING);
    desk.key('j');
    let before = desk.facts.clone();
    desk.facts.workstreams.rotate_left(1);
    facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.selected(), "ws-02");
    let before = desk.facts.clone();
    desk.facts.workstreams.remove(0);
    facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.selected(), "ws-03", "what stands in its row now");
    let before = desk.facts.clone();
    desk.facts.workstreams.clear();
    facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.ui.selected, None);
    let before = desk.facts.clone();
    desk.facts = facts(RUNNING);
    facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.selected(), "ws-01");
}

#[test]
fn what_came_to_rest_unseen_is_remembered_until_it_is_looked_at() {
    let mut desk = Desk::with(RUNNING);
    let before = desk.facts.clone();
    desk.facts = facts(&[PhaseWord::Done, PhaseWord::Failed, PhaseWord::Running]);
    facts_changed(&mut desk.ui, &before, &desk.facts);
    let unseen: Vec<_> = desk.ui.unseen.iter().map(ostler::core::WorkstreamId::as_str).collect();
    assert_eq!(unseen, ["ws-02"], "the selected one was seen");
    desk.key('j');
    assert!(desk.ui.unseen.is_empty());
}

#[test]
fn the_next_one_that_waits_is_found_round_the_end() {
    let waits = PhaseWord::Escalated;
    let mut desk = Desk::with(&[PhaseWord::Running, waits, PhaseWord::Done, waits]);
    for selected in ["ws-02", "ws-04", "ws-02"] {
        desk.key('w');
        assert_eq!(desk.selected(), selected);
    }
}

#[test]
fn the_inbox_moves_among_what_waits_and_goes_on_when_one_is_decided() {
    let waits = PhaseWord::Escalated;
    let mut desk = Desk::with(&[PhaseWord::Running, waits, PhaseWord::Done, waits]);
    desk.key('E');
    assert_eq!((desk.ui.view, desk.selected()), (View::Inbox, "ws-02"));
    desk.key('j');
    assert_eq!(desk.selected(), "ws-04");
    let before = desk.facts.clone();
    desk.facts = facts(&[PhaseWord::Running, waits, PhaseWord::Done, PhaseWord::Queued]);
    facts_changed(&mut desk.ui, &before, &desk.facts);
    assert_eq!(desk.selected(), "ws-02");
    desk.code(KeyCode::Esc);
    assert_eq!(desk.ui.view, View::Workstreams);
}

#[test]
fn the_log_follows_until_it_is_scrolled_and_again_from_its_end() {
    let mut desk = Desk::with(RUNNING);
    desk.seen.log = LogShape {
        top: Some(80),
        lines: Some(100),
        at_end: true,
        height: 20,
        ..LogShape::default()
    };
    desk.code(KeyCode::PageUp);
    assert_eq!(desk.ui.scroll, Scroll::At(61));
    desk.seen.log = LogShape { top: Some(61), at_end: false, ..desk.seen.log };
    desk.code(KeyCode::PageDown);
    assert_eq!(desk.ui.scroll, Scroll::At(80));
    desk.seen.log = LogShape { top: Some(80), at_end: true, ..desk.seen.log };
    desk.code(KeyCode::PageDown);
    assert_eq!(desk.ui.scroll, Scroll::Follow);
    desk.key('f');
    assert_eq!(desk.ui.scroll, Scroll::At(80));
    desk.key('f');
    assert_eq!(desk.ui.scroll, Scroll::Follow);
    desk.code(KeyCode::Tab);
    desk.keys("kk");
    assert_eq!((desk.ui.scroll, desk.selected()), (Scroll::At(78), "ws-01"));
    desk.key('g');
    assert_eq!(desk.ui.scroll, Scroll::At(0));
    desk.key('G');
    assert_eq!(desk.ui.scroll, Scroll::Follow);
}

#[test]
fn a_log_whose_lines_are_being_counted_says_so() {
    let mut desk = Desk::with(RUNNING);
    desk.code(KeyCode::PageUp);
    assert_eq!(desk.ui.scroll, Scroll::Follow);
    assert_eq!(desk.ui.hint.as_deref(), Some("its lines are still being counted"));
    desk.key('j');
    assert_eq!(desk.ui.hint, None);
}

#[test]
fn outputs_are_gone_through_in_the_order_of_time() {
    let mut desk = Desk::with(RUNNING);
    for (key, shown) in [
        ('[', Shown::Attempt(AttemptId(1))),
        ('[', Shown::Attempt(AttemptId(1))),
        (']', Shown::Latest),
        (']', Shown::Check),
        (']', Shown::Check),
    ] {
        desk.key(key);
        assert_eq!(desk.ui.shown, shown);
    }
    assert_eq!(desk.ui.hint.as_deref(), Some("later: it has no later output"));
    desk.key('j');
    assert_eq!(desk.ui.shown, Shown::Latest);
}

#[test]
fn zoom_fills_the_screen_with_the_log_and_esc_undoes_it() {
    let mut desk = Desk::with(RUNNING);
    desk.enter();
    assert_eq!((desk.ui.zoom, desk.ui.focus), (true, Focus::Log));
    desk.code(KeyCode::Esc);
    assert_eq!((desk.ui.zoom, desk.ui.focus), (false, Focus::List));
}

#[test]
fn esc_never_leaves() {
    let mut desk = Desk::with(RUNNING);
    for _ in 0..5 {
        assert_eq!(desk.code(KeyCode::Esc), []);
    }
    assert_eq!(desk.key('q'), [Command::Leave]);
}

/// Draws the desk, so that there is something to hit.
pub fn draw(desk: &mut Desk) -> &ViewModel {
    let shown = footer(&desk.facts, &desk.ui);
    let keys = hints::footer(&shown, &desk.facts, &desk.ui, &desk.keymap);
    let model = project(&Scene {
        facts: &desk.facts,
        ui: &desk.ui,
        log: None,
        grid: &[],
        change: &Change::Reading,
        tokens: &Tokens::default(),
        found: &crate::frames::picture::found(),
        terminal: None,
        keys: &keys,
        help: &[],
        palette: &[],
        start: &[],
        now: NOW,
        size: (120, 30),
    });
    desk.seen.footer = shown;
    desk.seen.model.insert(model)
}

fn mouse(desk: &mut Desk, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Command> {
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    desk.input(&Input::Mouse(event))
}

/// Finds a place where this is hit.
fn place(desk: &Desk, wanted: &ostler::tui::view_model::Hit) -> (u16, u16) {
    let places = (0..30).flat_map(|row| (0..120).map(move |column| (column, row)));
    places
        .into_iter()
        .find(|(column, row)| desk.seen.hit(*column, *row).as_ref() == Some(wanted))
        .expect("a place")
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

#[test]
fn a_click_selects_a_row_or_a_pane() {
    use ostler::tui::view_model::{Hit, PaneKind};
    let mut desk = Desk::with(RUNNING);
    draw(&mut desk);
    let row = place(&desk, &Hit::Workstream("ws-03".into()));
    mouse(&mut desk, CLICK, row);
    assert_eq!(desk.selected(), "ws-03");
    let log = place(&desk, &Hit::Pane(PaneKind::Log));
    mouse(&mut desk, CLICK, log);
    assert_eq!(desk.ui.focus, Focus::Log);
    mouse(&mut desk, CLICK, row);
    assert_eq!(desk.ui.focus, Focus::List);
}

#[test]
fn the_wheel_moves_what_is_under_it() {
    use ostler::tui::view_model::{Hit, PaneKind};
    let mut desk = Desk::with(RUNNING);
    draw(&mut desk);
    let row = place(&desk, &Hit::Workstream("ws-01".into()));
    mouse(&mut desk, MouseEventKind::ScrollDown, row);
    assert_eq!(desk.selected(), "ws-02");
    let log = place(&desk, &Hit::Pane(PaneKind::Log));
    desk.seen.log = LogShape {
        top: Some(80),
        lines: Some(100),
        at_end: true,
        height: 20,
        ..LogShape::default()
    };
    mouse(&mut desk, MouseEventKind::ScrollUp, log);
    assert_eq!((desk.selected(), desk.ui.scroll), ("ws-02", Scroll::At(77)));
}

#[test]
fn a_click_on_a_key_of_the_footer_presses_it_and_still_asks() {
    use ostler::tui::action::Action;
    use ostler::tui::view_model::Hit;
    let mut desk = Desk::with(RUNNING);
    draw(&mut desk);
    let number = desk.seen.footer.iter().position(|action| *action == Action::Stop);
    let key = place(&desk, &Hit::Key(number.expect("a stop key")));
    assert_eq!(mouse(&mut desk, CLICK, key), []);
    assert!(matches!(desk.ui.modal, Some(Modal::Confirm { .. })));
    draw(&mut desk);
    for row in 0..30 {
        for column in (0..120).step_by(3) {
            assert_eq!(mouse(&mut desk, CLICK, (column, row)), []);
            assert!(desk.ui.modal.is_some(), "a question is answered by a key alone");
        }
    }
}

#[test]
fn a_click_chooses_what_was_clicked_before() {
    use ostler::tui::view_model::Hit;
    let mut desk = Desk::with(RUNNING);
    desk.key('R');
    draw(&mut desk);
    let entry = place(&desk, &Hit::Entry(2));
    assert_eq!(mouse(&mut desk, CLICK, entry), []);
    assert_eq!(mouse(&mut desk, CLICK, entry).len(), 1);
}

#[test]
fn a_log_of_events_moves_by_rows_and_can_be_shown_as_it_was_written() {
    let mut desk = Desk::with(RUNNING);
    desk.ui.focus = Focus::Log;
    let shape = LogShape {
        top: Some(80),
        lines: Some(100),
        at_end: true,
        height: 20,
        row: 3,
        form: Form::Readable,
        drawn: Scroll::Follow,
        at: None,
    };
    desk.seen.log = shape;
    desk.code(KeyCode::PageUp);
    assert_eq!(desk.ui.scroll, Scroll::Rows { line: 80, rows: 3 - 19 });
    // What was asked for and not drawn yet is gone on from.
    desk.key('k');
    assert_eq!(desk.ui.scroll, Scroll::Rows { line: 80, rows: 3 - 20 });
    // What was drawn is where it stands then.
    desk.seen.log =
        LogShape { top: Some(75), row: 1, at_end: false, drawn: desk.ui.scroll, ..shape };
    desk.key('j');
    assert_eq!(desk.ui.scroll, Scroll::Rows { line: 75, rows: 2 });
    desk.key('g');
    assert_eq!(desk.ui.scroll, Scroll::At(0));
    desk.seen.log =
        LogShape { top: Some(80), row: 3, at_end: true, drawn: desk.ui.scroll, ..shape };
    desk.key('j');
    assert_eq!(desk.ui.scroll, Scroll::Follow);

    desk.ui.scroll = Scroll::Rows { line: 75, rows: 2 };
    desk.seen.log =
        LogShape { top: Some(76), row: 1, at_end: false, drawn: desk.ui.scroll, ..shape };
    desk.key('v');
    assert_eq!((desk.ui.reading, desk.ui.scroll), (Reading::Raw, Scroll::At(76)));
    desk.seen.log = LogShape { top: Some(76), row: 0, form: Form::Raw, ..desk.seen.log };
    desk.key('k');
    assert_eq!(desk.ui.scroll, Scroll::At(75));
    desk.key('v');
    assert_eq!((desk.ui.reading, desk.ui.scroll), (Reading::Readable, Scroll::At(76)));
    desk.seen.log = LogShape { form: Form::Text, ..desk.seen.log };
    desk.key('v');
    assert_eq!(desk.ui.reading, Reading::Readable);
    assert!(desk.ui.hint.as_ref().unwrap().contains("this log is text"));
}
