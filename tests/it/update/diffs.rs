//! The view of a change: how a patch is read, and what its keys do.

use std::sync::Arc;

use crossterm::event::KeyCode;
use ostler::core::AttemptId;
use ostler::core::phase::PhaseWord;
use ostler::tui::diff::{Change, Fate, Kind, Patch, Place, parse};
use ostler::tui::state::{Compared, Divided, Focus, Modal, Point, View};
use ostler::tui::update::seen::DiffShape;
use ostler::tui::view_model::diff_rows::Pages;

use super::desk::Desk;
use crate::frames::picture::PATCH;

/// A desk on which this patch is shown in so many rows.
fn desk(patch: &str, pages: Pages) -> (Desk, Arc<Patch>) {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    let patch = Arc::new(parse(patch));
    let change = Change::Read(Arc::clone(&patch), super::desk::NOW);
    desk.key('D');
    assert_eq!(desk.ui.view, View::Diff);
    desk.seen.diff = DiffShape::of(&change, Some((5, pages)));
    (desk, patch)
}

#[test]
fn a_patch_is_read_as_git_wrote_it() {
    let patch = parse(PATCH);
    let told: Vec<_> =
        patch.files.iter().map(|it| (it.path.as_str(), it.fate, it.added, it.removed)).collect();
    let expected = [
        ("src/error.rs", Fate::Modified, 4, 4),
        ("src/error/parse.rs", Fate::Added, 2, 0),
        ("new name.txt", Fate::Renamed, 0, 0),
        ("logo.png", Fate::Deleted, 0, 0),
    ];
    assert_eq!(told, expected);
    let lines = &patch.files[0].hunks[0].lines;
    let numbers: Vec<_> = lines.iter().map(|line| (line.old, line.new)).collect();
    assert_eq!(numbers[1], (Some(2), Some(2)));
    assert_eq!(numbers[2], (Some(3), None));
    assert_eq!(numbers[5], (None, Some(3)));
    assert_eq!(lines[6].text, "    Empty,");
    let last = patch.files[0].hunks[1].lines.last().expect("a line");
    assert_eq!((last.kind, last.text.as_str()), (Kind::Remark, "No newline at end of file"));
    // A removed line that looks like a header is a line.
    assert_eq!(patch.files[1].hunks[0].lines[1].text, "-- a comment that looks like a header");
    assert!(patch.files[3].remarks[0].contains("binary"));
    assert_eq!(patch.cut, None);
}

#[test]
fn names_that_git_quotes_are_read() {
    let patch = parse(
        "diff --git \"a/\\303\\274n \\\"x\\\"\" \"b/\\303\\274n \\\"x\\\"\"\n\
         diff --git a/with space.txt b/with space.txt\n--- a/with space.txt\t\n+++ b/with space.txt\t\n",
    );
    let paths: Vec<_> = patch.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["ün \"x\"", "with space.txt"]);
}

#[test]
fn every_line_stands_once_in_either_form() {
    let patch = parse(PATCH);
    let lines = |places: Vec<Place>| {
        let mut lines: Vec<_> =
            places.into_iter().filter(|place| matches!(place, Place::Line(..))).collect();
        lines.sort_by_key(|place| format!("{place:?}"));
        lines
    };
    let sides = patch.sides.iter();
    let mut beside: Vec<Place> = sides.flat_map(|it| it.left.into_iter().chain(it.right)).collect();
    // A line that has not changed stands at both sides.
    beside.sort_by_key(|place| format!("{place:?}"));
    beside.dedup();
    assert_eq!(lines(patch.rows.clone()), lines(beside));
    for row in 0..patch.rows.len() {
        let side = patch.side_of(row);
        assert!(patch.sides[side].row <= row);
    }
}

#[test]
fn whatever_is_read_as_a_patch_does_no_harm() {
    for cut in 0..PATCH.len() {
        if let (Some(head), Some(tail)) = (PATCH.get(..cut), PATCH.get(cut..)) {
            let (head, tail) = (parse(head), parse(tail));
            assert!(head.starts.len() == head.files.len() && tail.starts.len() == tail.files.len());
        }
    }
    let many =
        parse(&format!("diff --git a/x b/x\n@@ -0,0 +1,200000 @@\n{}", "+\n".repeat(200_000)));
    assert!(many.rows.len() <= 100_000);
    assert!(many.cut.is_some_and(|cut| cut.contains("first 100000 lines")));
    parse("@@ -99999999999999999999,1 +0 @@\n+x\n@@\n@@ -\n");
}

#[test]
fn the_lines_are_scrolled_no_further_than_to_the_last_page() {
    for pages in [Pages::Unified, Pages::SideBySide] {
        let (mut desk, patch) = desk(PATCH, pages);
        desk.keys("jj");
        assert_eq!(desk.ui.diff.top, 2);
        desk.key('k');
        assert_eq!(desk.ui.diff.top, 1);
        desk.key('G');
        let last = match pages {
            Pages::Unified => patch.rows.len() - 5,
            Pages::SideBySide => patch.sides[patch.sides.len() - 5].row,
        };
        assert_eq!(desk.ui.diff.top, last);
        desk.code(KeyCode::PageDown);
        assert_eq!(desk.ui.diff.top, last);
        desk.key('g');
        assert_eq!(desk.ui.diff.top, 0);
    }
}

#[test]
fn one_goes_from_change_to_change_and_from_file_to_file() {
    let (mut desk, patch) = desk(PATCH, Pages::Unified);
    for hunk in &patch.hunks {
        desk.key('n');
        assert_eq!(desk.ui.diff.top, *hunk);
    }
    desk.key('n');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("no later change")));
    desk.key('N');
    assert_eq!(desk.ui.diff.top, patch.hunks[patch.hunks.len() - 2]);
    desk.key('g');
    desk.code(KeyCode::Tab);
    assert_eq!(desk.ui.focus, Focus::List);
    for start in &patch.starts[1..] {
        desk.key('j');
        assert_eq!(desk.ui.diff.top, *start);
    }
    desk.key('j');
    desk.key('k');
    assert_eq!(desk.ui.diff.top, patch.starts[2]);
}

#[test]
fn attempts_are_compared_one_by_one_and_all_together() {
    let (mut desk, _) = desk(PATCH, Pages::Unified);
    assert_eq!(desk.ui.diff.compared, Compared::Whole);
    desk.key(']');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("all changes")));
    desk.key('[');
    assert_eq!(desk.ui.diff.compared, Compared::Attempt(AttemptId(2)));
    desk.key('[');
    desk.key('[');
    assert_eq!(desk.ui.diff.compared, Compared::Attempt(AttemptId(1)));
    let asked = desk.ui.diff.asked;
    desk.key('f');
    assert_ne!(desk.ui.diff.asked, asked, "it is read again");
    desk.keys("]]");
    assert_eq!(desk.ui.diff.compared, Compared::Whole);
}

#[test]
fn a_change_is_divided_by_what_made_it() {
    let (mut desk, _) = desk(PATCH, Pages::Unified);
    let mut seen = vec![desk.ui.diff.divided];
    for _ in 0..4 {
        desk.key('G');
        desk.key('%');
        assert_eq!(desk.ui.diff.top, 0, "its rows are others now");
        assert!(desk.ui.hint.take().is_some());
        seen.push(desk.ui.diff.divided);
    }
    let all = [Divided::Not, Divided::ByCommit, Divided::ByAttempt, Divided::ByTask, Divided::Not];
    assert_eq!(seen, all);
    desk.key('%');
    // It stays divided where another state is compared.
    desk.key('[');
    assert_eq!(desk.ui.diff.divided, Divided::ByCommit);
    desk.code(KeyCode::Esc);
    desk.key('%');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("no diff in sight")));
    desk.key('D');
    assert_eq!(desk.ui.diff.divided, Divided::ByCommit);
}

#[test]
fn any_two_states_can_be_compared() {
    let (mut desk, _) = desk(PATCH, Pages::Unified);
    let labels = |desk: &Desk| -> Vec<String> {
        let Some(Modal::Choose { choices, .. }) = &desk.ui.modal else { panic!("no choice") };
        choices.iter().map(|(label, _)| label.clone()).collect()
    };
    desk.key('&');
    let from = [
        "what it started from",
        "what attempt 1 found",
        "what attempt 1 left",
        "what attempt 2 found",
        "what attempt 2 left",
    ];
    assert_eq!(labels(&desk), from);
    desk.keys("jj");
    desk.enter();
    let to = [
        "what is there now",
        "what attempt 2 left",
        "what attempt 2 found",
        "what attempt 1 found",
        "what it started from",
    ];
    assert_eq!(labels(&desk), to);
    desk.key('j');
    desk.enter();
    let wanted = Compared::Between(Point::After(AttemptId(1)), Point::After(AttemptId(2)));
    assert_eq!(desk.ui.diff.compared, wanted);
    assert!(desk.ui.modal.is_none());
    // From there the attempts are gone through as from all changes.
    desk.key('[');
    assert_eq!(desk.ui.diff.compared, Compared::Attempt(AttemptId(2)));
    desk.code(KeyCode::Esc);
    desk.key('&');
    assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("no diff in sight")));
}

#[test]
fn a_change_is_searched() {
    for pages in [Pages::Unified, Pages::SideBySide] {
        let (mut desk, patch) = desk(PATCH, pages);
        desk.key('/');
        desk.keys("empty");
        desk.enter();
        let rows: Vec<usize> = (0..patch.rows.len())
            .filter(|row| {
                patch.line(patch.rows[*row]).is_some_and(|line| line.text.contains("Empty"))
            })
            .collect();
        assert_eq!(rows.len(), 3);
        let stands = |desk: &Desk| {
            let found = desk.ui.diff.search.as_ref().and_then(|search| search.found.as_ref());
            found.map(|found| (found.row.0, found.place, found.count))
        };
        assert_eq!(stands(&desk), Some((rows[0], 1, 3)));
        assert_eq!(desk.ui.diff.top, rows[0] - 1);
        desk.key('n');
        assert_eq!(stands(&desk), Some((rows[1], 2, 3)));
        desk.keys("nn");
        assert_eq!(stands(&desk), Some((rows[0], 1, 3)), "it begins anew");
        desk.key('N');
        assert_eq!(stands(&desk), Some((rows[2], 3, 3)));
        // Without a search, n goes from change to change.
        desk.code(KeyCode::Esc);
        assert_eq!((desk.ui.view, &desk.ui.diff.search), (View::Diff, &None));
        desk.keys("gn");
        assert_eq!(desk.ui.diff.top, patch.hunks[0]);
        desk.key('/');
        desk.keys("nowhere");
        desk.enter();
        assert!(desk.ui.hint.take().is_some_and(|hint| hint.contains("nothing in this change")));
    }
}

#[test]
fn nothing_is_read_yet_and_every_key_can_be_pressed() {
    let mut desk = Desk::with(&[PhaseWord::Running]);
    desk.keys("Djkgnh l[]f\tjkGg/x");
    desk.enter();
    desk.keys("nN");
    assert_eq!(desk.ui.view, View::Diff);
}
