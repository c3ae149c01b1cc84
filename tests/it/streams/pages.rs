//! Pages of a log of events: by rows, from anywhere, without holding the file.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ostler::core::Stream;
use ostler::tui::log::{
    Attributes, Direction, Finder, Fold, Form, LogFile, LogPage, LogSearch, Refreshed, StyledLine,
    Top, Window,
};
use proptest::prelude::*;
use serde_json::json;

fn window(rows: usize, width: usize) -> Window<'static> {
    Window { rows, width, fold: Fold::Wrap, find: None, stream: Some(Stream::Claude), times: None }
}

fn open(directory: &Path, text: &str) -> LogFile {
    let path = directory.join("out.log");
    std::fs::write(&path, text).unwrap();
    let mut log = LogFile::open(&path).unwrap();
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
    log
}

fn texts(page: &LogPage) -> Vec<String> {
    page.lines.iter().map(StyledLine::text).collect()
}

/// An event that says so many lines.
fn says(name: &str, lines: usize) -> String {
    let text: Vec<String> = (0..lines).map(|line| format!("{name}.{line}")).collect();
    let block = json!({ "type": "text", "text": text.join("\n") });
    format!("{}\n", json!({ "type": "assistant", "message": { "content": [block] } }))
}

/// An event that says nothing.
fn noise() -> String {
    format!("{}\n", json!({ "type": "stream_event" }))
}

/// A log of events that say so many lines each; none is noise.
fn log(events: &[usize]) -> String {
    let events = events.iter().enumerate();
    let each = events.map(|(at, lines)| match lines {
        0 => noise(),
        lines => says(&at.to_string(), *lines),
    });
    each.collect()
}

#[test]
fn events_are_shown_as_what_they_say() {
    let directory = tempfile::tempdir().unwrap();
    let text =
        format!("a warning\n{}{}{}{}", noise(), says("a", 2), says("b", 5), "{\"type\":\"torn");
    let log = open(directory.path(), &text);
    let page = log.page(Top::End, &window(4, 40)).unwrap();
    assert_eq!(texts(&page), ["b.2", "b.3", "b.4", "{\"type\":\"torn"]);
    assert_eq!((page.first, page.row, page.form), (Some(3), 2, Form::Readable));
    assert_eq!((page.total, page.below, page.at_end), (Some(5), Some(0), true));
    let page = log.page(Top::Line(0), &window(4, 40)).unwrap();
    assert_eq!(texts(&page), ["a warning", "a.0", "a.1", "b.0"]);
    assert_eq!((page.first, page.row, page.below, page.at_end), (Some(0), 0, Some(2), false));
    // Down by a row, into the middle of an event, and up again.
    let page = log.page(Top::Rows { line: 0, rows: 2 }, &window(4, 40)).unwrap();
    assert_eq!(texts(&page), ["a.1", "b.0", "b.1", "b.2"]);
    assert_eq!((page.first, page.row), (Some(2), 1));
    let page = log.page(Top::Rows { line: 2, rows: -1 }, &window(4, 40)).unwrap();
    assert_eq!(texts(&page), ["a warning", "a.0", "a.1", "b.0"]);
    // Not as events, it is what it is.
    let raw = Window { stream: None, ..window(4, 20) };
    let page = log.page(Top::Line(1), &raw).unwrap();
    assert_eq!(texts(&page)[0], "{\"type\":\"stream_event\"}".get(..20).unwrap());
    assert_eq!(page.form, Form::Text);
}

#[test]
fn the_end_is_shown_before_lines_are_counted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.log");
    std::fs::write(&path, log(&vec![3; 50_000])).unwrap();
    let mut log = LogFile::open(&path).unwrap();
    log.look().unwrap();
    let page = log.page(Top::End, &window(4, 40)).unwrap();
    assert_eq!(texts(&page), ["49998.2", "49999.0", "49999.1", "49999.2"]);
    assert_eq!((page.first, page.row, page.total), (None, 2, None));
}

#[test]
fn long_events_are_read_whole_and_too_long_ones_shown_as_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let log =
        open(directory.path(), &format!("{}{}{}", says("a", 1), says("b", 20_000), says("c", 1)));
    let page = log.page(Top::Line(1), &window(3, 40)).unwrap();
    assert_eq!(texts(&page), ["b.0", "b.1", "b.2"]);
    let page = log.page(Top::Rows { line: 1, rows: 1500 }, &window(1, 40)).unwrap();
    assert_eq!(texts(&page), ["b.1500"]);
    let log =
        open(directory.path(), &format!("{}{}{}", says("a", 1), says("b", 60_000), says("c", 1)));
    let page = log.page(Top::Line(1), &window(5, 40)).unwrap();
    assert!(texts(&page)[0].starts_with("{\"type\":"), "{:?}", texts(&page));
    assert_eq!(texts(&page).last().unwrap(), "c.0");
}

#[test]
fn events_before_a_huge_line_can_be_gone_to_from_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let huge = "x".repeat(10 * 1024 * 1024);
    let log = open(directory.path(), &format!("{}{huge}\n{}", says("a", 9), says("z", 1)));
    let cut = Window { fold: Fold::Cut { left: 0 }, ..window(6, 40) };
    for top in [Top::End, Top::Line(1)] {
        let page = log.page(top, &cut).unwrap();
        let shown = texts(&page);
        assert_eq!((shown.len(), shown[0].as_str(), shown[5].as_str()), (6, "a.5", "z.0"));
        assert_eq!((page.first, page.row, page.below), (Some(0), 5, Some(0)));
        assert_eq!(page.numbers, [0, 0, 0, 0, 1, 2]);
    }
}

#[test]
fn a_flood_of_events_that_say_nothing_holds_up_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let text = format!("{}{}{}", says("a", 1), noise().repeat(200_000), says("z", 1));
    let log = open(directory.path(), &text);
    let begun = Instant::now();
    for top in [Top::End, Top::Line(100_000), Top::Rows { line: 150_000, rows: -10 }] {
        let page = log.page(top, &window(20, 40)).unwrap();
        assert!(page.lines.len() <= 20);
    }
    let page = log.page(Top::End, &window(20, 40)).unwrap();
    assert_eq!(texts(&page).last().unwrap(), "z.0");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(log.places() < 10_000);
}

#[test]
fn a_search_finds_what_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let mut text = log(&[2, 0, 3, 1]);
    let quoted = json!({ "type": "text", "text": "say \"hi\"\tto é" });
    writeln!(text, "{}", json!({ "type": "assistant", "message": { "content": [quoted] } }))
        .unwrap();
    text.push_str("plain é\n");
    let log = open(directory.path(), &text);
    let found = |pattern: &str| {
        let finder = Finder::new(pattern).unwrap();
        let mut search = LogSearch::open(log.path(), finder, Some(Stream::Claude)).unwrap();
        while search.step().unwrap() == Refreshed::MoreToDo {}
        (search.count(), search.next(0, Direction::Forward))
    };
    assert_eq!(found("assistant"), (0, None), "a key is not said");
    assert_eq!(found(r#"say "hi""#), (1, Some(4)));
    assert_eq!(found("é$"), (2, Some(4)));
    assert_eq!(found(r"^2\.2$"), (1, Some(2)));
    let finder = Finder::new("hi").unwrap();
    let window = Window { find: Some(&finder), ..window(3, 40) };
    let page = log.page(Top::Line(4), &window).unwrap();
    let marked = page.lines.iter().flat_map(|line| &line.spans);
    let marked: Vec<&str> = marked
        .filter(|span| span.sgr.attributes.contains(Attributes::FOUND))
        .map(|span| span.text.as_str())
        .collect();
    assert_eq!(marked, ["hi"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever row a page begins with, it is the part of the whole that begins there.
    #[test]
    fn a_page_is_a_part_of_the_whole(
        events in prop::collection::vec(prop_oneof![Just(0), 1..9_usize], 1..120),
        line in 0..120_usize,
        rows in -60..60_isize,
        height in 1..12_usize,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let log = open(directory.path(), &log(&events));
        let all: Vec<(usize, usize)> = events
            .iter()
            .enumerate()
            .flat_map(|(at, lines)| (0..*lines).map(move |row| (at, row)))
            .collect();
        let line = line.min(events.len() - 1);
        let begin = all.iter().position(|(at, _)| *at >= line).unwrap_or(all.len());
        let last = all.len().saturating_sub(height);
        let wanted = begin.saturating_add_signed(rows).min(last);
        let page = log.page(Top::Rows { line, rows }, &window(height, 40)).unwrap();
        let shown: Vec<String> =
            all.iter().skip(wanted).take(height).map(|(at, row)| format!("{at}.{row}")).collect();
        prop_assert_eq!(texts(&page), shown);
        if let Some((at, row)) = all.get(wanted) {
            prop_assert_eq!((page.first, page.row), (Some(*at), *row));
        }
    }
}
