//! The views beside the list and the inbox: whole frames at every size.

use std::sync::Arc;
use std::time::Duration;

use ostler::core::course::{Gait, Turn};
use ostler::core::{AttemptId, PhaseWord, Timestamp};
use ostler::ipc::facts::Facts;
use ostler::tui::diff::{Change, Part, PartHead, parse, parse_parts};
use ostler::tui::found::FoundLines;
use ostler::tui::log::Fold;
use ostler::tui::state::{
    Compared, Diff, DiffSearch, Divided, Focus, Found, Grid, MarkedBy, Marking, Modal, Notices,
    Point, Purpose, Scroll, Timeline, UiState, View,
};
use ostler::tui::view_model::{self, Scene};

use super::fixture::{ago, facts, ui};
use super::picture::{PATCH, check, draw, look_at, model, scene, text, theme, tokens};

/// The sizes at which every view is looked at.
const SIZES: &[(u16, u16)] = &[(40, 12), (60, 16), (80, 24), (120, 40), (200, 60)];

fn grid(count: usize) -> UiState {
    let grid = Grid { count, held: None };
    UiState { view: View::Grid, grid, ..ui() }
}

/// Compares a view with what is stored, at every size.
pub fn at_every_size(name: &str, facts: &Facts, ui: &UiState) {
    for (columns, rows) in SIZES {
        check(&format!("{name}_{columns}x{rows}"), facts, ui, (*columns, *rows));
    }
}

fn turn(seconds: u64, phase: PhaseWord, attempt: u32) -> Turn {
    Turn { at: ago(seconds), phase, gait: Gait::Steady, attempt: Some(AttemptId(attempt)) }
}

/// The project of the fixtures with what its workstreams were at.
pub fn timed() -> Facts {
    use PhaseWord::{
        Backoff, Checking, Done, Draining, Escalated, Failed, Preparing, Probing, Queued, Running,
        Starting,
    };
    let slow = |seconds, attempt| Turn { gait: Gait::Slow, ..turn(seconds, Running, attempt) };
    let asks = |seconds, attempt| Turn { gait: Gait::Waiting, ..turn(seconds, Running, attempt) };
    let courses: &[(&str, Vec<Turn>)] = &[
        (
            "ws-01",
            vec![
                turn(2100, Queued, 1),
                turn(2010, Preparing, 1),
                turn(2000, Running, 1),
                turn(1600, Checking, 1),
                turn(1310, Done, 0),
            ],
        ),
        ("ws-02", vec![turn(2100, Queued, 1), turn(99, Starting, 1), turn(95, Running, 1)]),
        (
            "ws-03",
            vec![
                turn(1405, Probing, 1),
                turn(1400, Running, 1),
                turn(1249, Draining, 1),
                turn(1248, Running, 2),
                slow(948, 2),
                turn(860, Checking, 2),
                turn(800, Probing, 3),
                turn(760, Running, 3),
                asks(600, 3),
                turn(540, Running, 3),
                slow(460, 3),
            ],
        ),
        ("ws-04", vec![turn(300, Running, 1), turn(60, Backoff, 2)]),
        ("ws-05", vec![turn(195, Checking, 3), turn(190, Escalated, 0)]),
        ("ws-07", vec![turn(2100, Queued, 1)]),
        ("ws-08", vec![turn(500, Running, 1), turn(450, Failed, 0)]),
    ];
    let mut facts = facts();
    for (id, course) in courses {
        let found = facts.workstreams.iter_mut().find(|ws| ws.id.as_str() == *id);
        if let Some(ws) = found {
            Arc::make_mut(ws).course.clone_from(course);
        }
    }
    facts
}

fn timeline() -> UiState {
    UiState { view: View::Timeline, ..ui() }
}

#[test]
fn the_timeline() {
    at_every_size("timeline", &timed(), &timeline());
}

#[test]
fn a_part_of_the_timeline() {
    let timeline = Timeline { span: Some(Duration::from_secs(300)), end: Some(ago(700)) };
    check("timeline_part_80x24", &timed(), &UiState { timeline, ..self::timeline() }, (80, 24));
    let nothing = Facts { workstreams: Vec::new(), ..facts() };
    check("timeline_empty_80x24", &nothing, &self::timeline(), (80, 24));
}

#[test]
fn a_bar_moves_when_a_column_has_passed_and_not_before() {
    let facts = timed();
    let at = |seconds: u64| {
        let later = Timestamp(super::fixture::NOW.0 + seconds * 1000);
        let ui = timeline();
        let scene = Scene { now: later, ..scene(&facts, &ui, (80, 24)) };
        let shown = text(&draw(&view_model::project(&scene), &theme("dark")).0);
        // What is at rest: its bar does not grow.
        shown.lines().find(|line| line.contains("ws-01")).map(str::to_owned)
    };
    let frames: std::collections::BTreeSet<_> = (0..30).map(at).collect();
    assert!(frames.len() <= 3, "{frames:#?}");
}

#[test]
fn every_state_of_a_bar_has_a_sign_of_its_own() {
    let shown = text(&draw(&model(&timed(), &timeline(), (200, 60)), &theme("mono")).0);
    for sign in ['━', '╍', '╌', '◆', '◐', '·', '✖', '✔', '»'] {
        assert!(shown.contains(sign), "{sign}\n{shown}");
    }
}

#[test]
fn the_grid() {
    at_every_size("grid", &facts(), &grid(4));
    for count in [1, 2, 6, 9] {
        check(&format!("grid_{count}_60x16"), &facts(), &grid(count), (60, 16));
        check(&format!("grid_{count}_160x48"), &facts(), &grid(count), (160, 48));
    }
    let nothing = Facts { workstreams: Vec::new(), ..facts() };
    check("grid_empty_80x24", &nothing, &grid(4), (80, 24));
}

fn diff() -> UiState {
    UiState { view: View::Diff, focus: Focus::Log, ..ui() }
}

#[test]
fn a_change() {
    at_every_size("diff", &facts(), &diff());
    let files = UiState { focus: Focus::List, ..diff() };
    check("diff_files_80x24", &facts(), &files, (80, 24));
    let moved = Diff { top: 20, left: 16, ..Diff::default() };
    check("diff_moved_80x24", &facts(), &UiState { diff: moved, ..diff() }, (80, 24));
    let search = Some(DiffSearch { pattern: "empty|error".to_owned(), found: None });
    let compared = Compared::Between(Point::After(AttemptId(1)), Point::Now);
    let searched = UiState { diff: Diff { search, compared, ..Diff::default() }, ..diff() };
    check("diff_searched_120x40", &facts(), &searched, (120, 40));
    check("diff_zoomed_160x48", &facts(), &UiState { zoom: true, ..diff() }, (160, 48));
}

#[test]
fn a_change_that_is_divided() {
    let facts = facts();
    let part = |title: &str, text: &str| {
        let head = PartHead { title: title.to_owned(), ..PartHead::default() };
        Part { head, text: text.to_owned() }
    };
    let (first, rest) = PATCH.split_at(PATCH.find("diff --git a/old").unwrap());
    let patch = Arc::new(parse_parts(vec![
        part("task 1: move the types · 3f1a2b3c Move the types out of the one file", first),
        part("task 2: keep the re-exports · 9c8d7e6f Nothing in it", ""),
        part("task not known · in no commit", rest),
    ]));
    let (change, tokens) = (Change::Read(Arc::clone(&patch), ago(7)), tokens(&patch));
    let shown = |name: &str, focus: Focus, size: (u16, u16)| {
        let ui = UiState { focus, diff: divided(), ..diff() };
        let scene = Scene { change: &change, tokens: &tokens, ..scene(&facts, &ui, size) };
        let (buffer, _) = draw(&view_model::project(&scene), &theme("dark"));
        look_at(name, &buffer);
        insta::assert_snapshot!(name, text(&buffer));
    };
    shown("diff_divided_80x24", Focus::Log, (80, 24));
    shown("diff_divided_files_80x24", Focus::List, (80, 24));
    shown("diff_divided_120x40", Focus::Log, (120, 40));
    shown("diff_divided_200x60", Focus::Log, (200, 60));
}

fn divided() -> Diff {
    Diff { divided: Divided::ByTask, ..Diff::default() }
}

#[test]
fn a_change_that_is_not_there_or_not_all_there() {
    let (facts, ui) = (facts(), diff());
    let shown = |change: Change| {
        let scene = Scene { change: &change, ..scene(&facts, &ui, (80, 24)) };
        text(&draw(&view_model::project(&scene), &theme("dark")).0)
    };
    let read = |patch: &str| Change::Read(Arc::new(parse(patch)), ago(7));
    assert!(shown(Change::Reading).contains("Reading what has changed …"));
    assert!(shown(Change::Unread("there is no worktree".to_owned())).contains("no worktree"));
    assert!(shown(read("")).contains("Nothing has changed."));
    let cut = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n\
               [cut after 60 bytes; the rest: git -C /w diff 123]\n";
    let shown = shown(read(cut));
    assert!(shown.contains("only the beginning"), "{shown}");
    assert!(shown.contains("cut after 60 bytes; the rest: git -C /w diff 123"), "{shown}");
}

#[test]
fn a_workstream_in_full() {
    let detail = UiState { view: View::Detail, ..ui() };
    at_every_size("detail", &facts(), &detail);
    check("detail_scrolled_80x24", &facts(), &UiState { page: 12, ..detail.clone() }, (80, 24));
    let untried = UiState { selected: Some("ws-07".into()), ..detail };
    check("detail_untried_80x24", &facts(), &untried, (80, 24));
}

#[test]
fn all_notices() {
    let notices = Notices { before: 1, read: 2 };
    at_every_size("notices", &facts(), &UiState { view: View::Notices, notices, ..ui() });
}

#[test]
fn what_was_found_in_all_logs() {
    let found = Found { pattern: "parser".to_owned(), selected: 2, ..Found::default() };
    let ui = UiState { view: View::Found, found: found.clone(), ..ui() };
    at_every_size("found", &facts(), &ui);
    let given_up = UiState { found: Found { is_given_up: true, ..found }, ..ui.clone() };
    check("found_given_up_80x24", &facts(), &given_up, (80, 24));
    // Nothing was found, and not everything could be read.
    let nothing = FoundLines {
        is_done: true,
        unread: Some((2, "Permission denied (os error 13)".to_owned())),
        ..FoundLines::default()
    };
    let facts = facts();
    let made = scene(&facts, &ui, (80, 24));
    let model = view_model::project(&Scene { found: &nothing, ..made });
    let shown = text(&draw(&model, &theme("dark")).0);
    assert!(shown.contains("Nothing in any log matches."), "{shown}");
    assert!(shown.contains("⚠ 2 not read: Permission denied"), "{shown}");
}

#[test]
fn a_log_that_is_cut() {
    let ui = UiState { fold: Fold::Cut { left: 8 }, focus: Focus::Log, ..ui() };
    check("cut_80x24", &facts(), &ui, (80, 24));
    check("cut_120x40", &facts(), &ui, (120, 40));
}

#[test]
fn lines_that_are_marked() {
    let marking = Some(Marking { anchor: 4, head: 2, by: MarkedBy::Keys });
    let ui = UiState { marking, scroll: Scroll::At(1), zoom: true, focus: Focus::Log, ..ui() };
    check("marked_lines_80x24", &facts(), &ui, (80, 24));
    check("marked_lines_200x60", &facts(), &ui, (200, 60));
    // The mark is as wide as the pane, and reaches no further than the lines, of which the first takes two rows.
    let theme = theme("dark");
    let (buffer, _) = draw(&model(&facts(), &ui, (80, 24)), &theme);
    let ground = theme.selection().bg;
    let marked: Vec<u16> =
        (0..24).filter(|row| Some(buffer[(76, *row)].bg) == ground && ground.is_some()).collect();
    assert_eq!(marked, [4, 5, 6, 7]);
}

#[test]
fn a_pattern_that_is_no_regular_expression() {
    let modal = |purpose: Purpose, typed: &str| Modal::Line {
        workstream: "ws-03".into(),
        purpose,
        input: typed.into(),
    };
    let ui = |modal| UiState { modal: Some(modal), ..ui() };
    check("search_wrong_80x24", &facts(), &ui(modal(Purpose::Search, "println!(")), (80, 24));
    check("search_all_80x24", &facts(), &ui(modal(Purpose::SearchAll, "println!")), (80, 24));
}

#[test]
fn several_selected_together() {
    let marked = ["ws-02".into(), "ws-04".into()].into();
    check("marked_80x24", &facts(), &UiState { marked, ..ui() }, (80, 24));
}

#[test]
fn the_menu_of_a_workstream() {
    let mut desk = crate::update::desk::Desk::with(&[PhaseWord::Running]);
    desk.key('M');
    assert!(matches!(desk.ui.modal, Some(Modal::Choose { .. })));
    check("menu_80x24", &desk.facts, &desk.ui, (80, 24));
}
