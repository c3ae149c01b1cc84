//! Frames as bytes: one synchronized update, only what changed, nothing if nothing did.

use std::num::NonZeroU16;

use ostler::tui::terminal::canvas::Canvas;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

fn terminal(rows: u16, columns: u16) -> vt100::Parser {
    let some = |number| NonZeroU16::new(number).expect("not zero");
    vt100::Parser::new(some(rows), some(columns), 0)
}

fn text(words: &'static str) -> impl FnOnce(Rect, &mut Buffer) -> Option<Position> {
    move |area, buffer| {
        for (row, line) in words.lines().take(usize::from(area.height)).enumerate() {
            let y = u16::try_from(row).expect("a row");
            buffer.set_stringn(0, y, line, usize::from(area.width), Style::default());
        }
        None
    }
}

#[test]
fn the_terminal_shows_what_was_drawn() {
    let mut canvas = Canvas::default();
    let mut shown = terminal(4, 20);
    for words in ["one\ntwo\nthree", "one\n2\nthree", "", "漢字 wide\n🐎 horse"] {
        shown.process(&canvas.frame((20, 4), "t", text(words)).expect("bytes"));
        let contents = shown.screen().contents();
        let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
        assert_eq!(lines.join("\n").trim_end(), words);
    }
}

#[test]
fn a_frame_is_one_synchronized_update_and_nothing_is_none() {
    let mut canvas = Canvas::default();
    let first = canvas.frame((20, 4), "t", text("one")).expect("bytes");
    assert!(first.starts_with(b"\x1b[?2026h") && first.ends_with(b"\x1b[?2026l"));
    for _ in 0..3 {
        assert!(canvas.frame((20, 4), "t", text("one")).expect("bytes").is_empty());
    }
    let next = canvas.frame((20, 4), "t", text("ons")).expect("bytes");
    assert!(next.starts_with(b"\x1b[?2026h") && next.ends_with(b"\x1b[?2026l"));
    assert!(next.len() < 80, "{} bytes for one letter", next.len());
}

#[test]
fn a_forgotten_screen_is_drawn_whole_and_a_resized_one_too() {
    let mut canvas = Canvas::default();
    canvas.frame((20, 4), "t", text("one\ntwo")).expect("bytes");
    canvas.forget();
    let mut shown = terminal(4, 20);
    shown.process(b"rubbish everywhere on the screen that somebody left");
    shown.process(&canvas.frame((20, 4), "t", text("one\ntwo")).expect("bytes"));
    assert_eq!(shown.screen().contents().trim_end(), "one\ntwo");
    let mut shown = terminal(5, 30);
    shown.process(&canvas.frame((30, 5), "t", text("one\ntwo")).expect("bytes"));
    assert_eq!(shown.screen().contents().trim_end(), "one\ntwo");
    assert!(canvas.frame((0, 0), "t", |_, _| None).is_ok());
    assert!(canvas.frame((1, 1), "t", text("漢")).is_ok());
}

#[test]
fn the_title_is_set_when_it_changes_and_never_carries_a_sequence() {
    let mut canvas = Canvas::default();
    let has = |bytes: &[u8], title: &str| {
        String::from_utf8_lossy(bytes).contains(&format!("\x1b]2;{title}\x1b\\"))
    };
    assert!(has(&canvas.frame((9, 2), "3 running", |_, _| None).expect("bytes"), "3 running"));
    assert!(canvas.frame((9, 2), "3 running", |_, _| None).expect("bytes").is_empty());
    let evil = canvas.frame((9, 2), "a\x1b]52;c;x\x07\nb", |_, _| None).expect("bytes");
    assert!(has(&evil, "a]52;c;xb"));
}

#[test]
fn the_cursor_is_seen_only_where_it_is_wanted() {
    let mut canvas = Canvas::default();
    let mut shown = terminal(4, 20);
    let at = |column, row| move |_: Rect, _: &mut Buffer| Some(Position::new(column, row));
    shown.process(&canvas.frame((20, 4), "t", at(3, 2)).expect("bytes"));
    assert_eq!(shown.screen().cursor_position(), (2, 3));
    assert!(!shown.screen().hide_cursor());
    shown.process(&canvas.frame((20, 4), "t", at(4, 2)).expect("bytes"));
    assert_eq!(shown.screen().cursor_position(), (2, 4));
    shown.process(&canvas.frame((20, 4), "t", |_, _| None).expect("bytes"));
    assert!(shown.screen().hide_cursor());
}
