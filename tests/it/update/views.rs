//! The keys of the views beside the list and the inbox.

use std::time::Duration;

use crossterm::event::KeyCode;
use ostler::core::phase::PhaseWord;
use ostler::tui::state::{Focus, Timeline, View};

use super::desk::{Desk, NOW};

/// Three workstreams, of which the second works and the others have ended.
fn desk() -> Desk {
    Desk::with(&[PhaseWord::Done, PhaseWord::Running, PhaseWord::Failed])
}

#[test]
fn a_view_is_left_by_its_key_and_by_escape_to_where_one_was() {
    for (key, view) in [
        ('T', View::Timeline),
        ('L', View::Grid),
        ('E', View::Inbox),
        ('D', View::Diff),
        ('I', View::Detail),
        ('H', View::Notices),
        ('b', View::Agents),
        ('!', View::Alerts),
    ] {
        let mut desk = desk();
        desk.key(key);
        assert_eq!(desk.ui.view, view);
        desk.code(KeyCode::Esc);
        assert_eq!(desk.ui.view, View::Workstreams);
        desk.key('T');
        desk.key(key);
        desk.code(KeyCode::Esc);
        let before = if view == View::Timeline { View::Workstreams } else { View::Timeline };
        assert_eq!(desk.ui.view, before, "{key}");
    }
}

#[test]
fn a_log_opened_from_a_view_leads_back_to_it() {
    for (key, view) in [('T', View::Timeline), ('L', View::Grid), ('I', View::Detail)] {
        let mut desk = desk();
        desk.key(key);
        desk.enter();
        assert_eq!((desk.ui.view, desk.ui.zoom), (View::Workstreams, true));
        assert_eq!(desk.ui.focus, Focus::Log);
        desk.code(KeyCode::Esc);
        assert_eq!((desk.ui.view, desk.ui.zoom), (view, false));
    }
}

#[test]
fn the_timeline_is_zoomed_and_moved_and_goes_on_with_the_time() {
    let mut desk = desk();
    desk.key('T');
    let whole = desk.ui.timeline.window(&desk.facts, NOW);
    desk.key('h');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("in sight")));
    desk.key('+');
    let (from, span) = desk.ui.timeline.window(&desk.facts, NOW);
    assert_eq!(span, whole.1 / 2);
    assert_eq!(from + span, whole.0 + whole.1, "its end stays");
    desk.key('h');
    let (earlier, _) = desk.ui.timeline.window(&desk.facts, NOW);
    assert_eq!(from.since(earlier), span / 4);
    // Further than to the beginning there is nothing.
    desk.keys("hhhhhhhh");
    assert_eq!(desk.ui.timeline.window(&desk.facts, NOW), (whole.0, span));
    desk.key('f');
    assert_eq!(desk.ui.timeline, Timeline { span: Some(span), end: None });
    desk.keys("--");
    assert_eq!(desk.ui.timeline, Timeline::default());
    desk.keys("++++++++++++");
    let (_, least) = desk.ui.timeline.window(&desk.facts, NOW);
    assert_eq!(least, Duration::from_secs(10));
}

#[test]
fn the_selection_moves_in_the_timeline() {
    let mut desk = desk();
    desk.keys("Tj");
    assert_eq!(desk.selected(), "ws-02");
    desk.key('G');
    assert_eq!(desk.selected(), "ws-03");
}

#[test]
fn the_grid_shows_what_works_first_and_keeps_what_is_held() {
    let mut desk = desk();
    desk.key('L');
    desk.keys("++++");
    assert_eq!(desk.ui.grid.count, 1);
    let members = |desk: &Desk| -> Vec<String> {
        desk.ui.grid.members(&desk.facts).iter().map(ToString::to_string).collect()
    };
    assert_eq!(members(&desk), ["ws-02"]);
    desk.key('f');
    desk.facts = super::desk::facts(&[PhaseWord::Running, PhaseWord::Done, PhaseWord::Failed]);
    assert_eq!(members(&desk), ["ws-02"]);
    desk.key('f');
    assert_eq!(members(&desk), ["ws-01"]);
    desk.key('-');
    assert_eq!(members(&desk), ["ws-01", "ws-02"]);
    desk.keys("-----");
    assert_eq!(desk.ui.grid.count, 9);
    assert_eq!(members(&desk).len(), 3);
}

#[test]
fn the_grid_turns_its_pages_with_the_selection() {
    let mut desk = Desk::with(&[PhaseWord::Running; 5]);
    desk.key('L');
    desk.key('+');
    assert_eq!(desk.ui.grid.count, 2);
    let shown = |desk: &Desk| desk.ui.grid.in_sight(&desk.facts, desk.ui.selected.as_ref());
    assert_eq!(shown(&desk), ["ws-01".into(), "ws-02".into()]);
    desk.keys("ll");
    assert_eq!(desk.selected(), "ws-03");
    assert_eq!(shown(&desk), ["ws-03".into(), "ws-04".into()]);
    desk.key('G');
    assert_eq!(shown(&desk), ["ws-05".into()]);
}
