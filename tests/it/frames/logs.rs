//! The log pane with all that can lie over it: times, marks, matches, long lines, and where it stands.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::fmt::Write as _;
use std::fs::FileTimes;
use std::time::{Duration, SystemTime};

use jiff::tz::TimeZone;
use ostler::tui::log::{Finder, Fold, LogFile, LogTimes, Refreshed, Top, Window};
use ostler::tui::state::{Focus, MarkedBy, Marking, Scroll, Search, Tally, UiState};
use ostler::tui::theme::Role;
use ostler::tui::view_model::{self, Scene};
use ratatui::buffer::Buffer;

use super::fixture::{LOG, facts, ui};
use super::picture::{draw, look_at, scene, text, theme};

/// 2026-03-01, 12:00:00 UTC.
const NOON: u64 = 1_772_366_400_000;

/// Draws the screen with the log of the fixtures, which was written a line each 7 seconds; nobody looked while the sixth to
/// the ninth were.
fn frame(ui: &UiState, size: (u16, u16)) -> Buffer {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.log");
    std::fs::write(&path, LOG).unwrap();
    let (mut looks, mut length) = (format!("{NOON} 0\n"), 0);
    for (line, at) in LOG.split_inclusive('\n').zip(1..) {
        length += line.len();
        let unsure = if at == 9 { " ~" } else { "" };
        if !(6..9).contains(&at) {
            writeln!(looks, "{} {length}{unsure}", NOON + at * 7000).unwrap();
        }
    }
    std::fs::write(path.with_extension("times"), looks).unwrap();
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(NOON + 60_000);
    let file = std::fs::File::options().append(true).open(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(end)).unwrap();
    let mut log = LogFile::open(&path).unwrap();
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
    let mut times = LogTimes::beside(&path).in_zone(TimeZone::UTC);
    times.refresh(&path).unwrap();

    let facts = facts();
    let (rows, width) = view_model::log_window(&facts, ui, size).unwrap();
    let top = match ui.scroll {
        Scroll::Follow => Top::End,
        Scroll::At(line) | Scroll::Rows { line, .. } => Top::Line(line),
    };
    let finder = ui.search.as_ref().and_then(|search| Finder::new(&search.pattern));
    let times = ui.times.then_some(&times);
    let window = Window { rows, width, fold: ui.fold, find: finder.as_ref(), stream: None, times };
    let page = log.page(top, &window).unwrap();
    let made = scene(&facts, ui, size);
    draw(&view_model::project(&Scene { log: Some(&page), ..made }), &theme("dark")).0
}

/// Returns the pieces of each row that have a ground of their own: «what matches», and [what is marked].
fn grounds(buffer: &Buffer) -> String {
    let dark = theme("dark");
    let (mark, found) = (dark.selection().bg, dark.style(Role::Found).bg);
    let of = |x: u16, y: u16| match Some(buffer[(x, y)].bg) {
        ground if ground == found => Some(["«", "»"]),
        ground if ground == mark => Some(["[", "]"]),
        _none => None,
    };
    let mut out = String::new();
    for y in 2..buffer.area.height - 2 {
        let (mut row, mut last) = (String::new(), None);
        for x in 1..buffer.area.width - 1 {
            let signs = of(x, y);
            if signs != last {
                row.push_str(last.map_or("", |[_, end]| end));
                row.push_str(signs.map_or("", |[begin, _]| begin));
            }
            if signs.is_some() {
                row.push_str(buffer[(x, y)].symbol());
            }
            last = signs;
        }
        if !row.is_empty() {
            writeln!(out, "{y:>2} {}", row.trim_end()).unwrap();
        }
    }
    out
}

fn check(name: &str, ui: &UiState) {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let name = format!("log_{name}_{columns}x{rows}");
        let buffer = frame(ui, (columns, rows));
        look_at(&name, &buffer);
        insta::assert_snapshot!(name, format!("{}{}", text(&buffer), grounds(&buffer)));
    }
}

fn log() -> UiState {
    UiState { zoom: true, focus: Focus::Log, ..ui() }
}

#[test]
fn when_its_lines_were_written() {
    check("timed", &UiState { times: true, ..log() });
    let beside = UiState { times: true, focus: Focus::List, zoom: false, ..log() };
    check("timed_beside_the_list", &beside);
    let cut = UiState { times: true, fold: Fold::Cut { left: 8 }, ..log() };
    check("timed_and_cut", &cut);
}

#[test]
fn what_is_marked_and_what_matches() {
    let tally = Tally { count: 3, place: Some(2), percent: None };
    let search = Some(Search { pattern: "pars(er|e)|価格".to_owned(), tally });
    let found = UiState { search: search.clone(), times: true, scroll: Scroll::At(1), ..log() };
    check("searched", &found);
    let going = Tally { count: 1, place: None, percent: Some(41) };
    let going = Search { pattern: "parser".to_owned(), tally: going };
    check("being_searched", &UiState { search: Some(going), ..log() });
    let marking = Some(Marking { anchor: 4, head: 2, by: MarkedBy::Keys });
    check("marked", &UiState { marking, scroll: Scroll::At(1), times: true, search, ..log() });
}

#[test]
fn where_it_stands() {
    check("not_followed", &UiState { scroll: Scroll::At(2), zoom: false, ..log() });
    check("at_the_end", &UiState { scroll: Scroll::At(15), ..log() });
    let hint = Some("12:00:49 claude-api is slow: 5:00 and still running".to_owned());
    check("at_an_incident", &UiState { scroll: Scroll::At(2), hint, times: true, ..log() });
}
