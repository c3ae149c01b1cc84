//! The log behind the pane: lines found by offset, colours read, everything else kept from the terminal.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ostler::core::Stream;
use ostler::tui::clean::{clean, strip, width};
use ostler::tui::log::{
    Attributes, Direction, Finder, Fold, Ink, LogFile, LogPage, LogSearch, Refreshed, StyledLine,
    Top, Window, complaint, style_line,
};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

/// Nothing here takes longer than this on a loaded machine, though it should take milliseconds.
const LIMIT: Duration = Duration::from_secs(20);

fn window(rows: usize, width: usize) -> Window<'static> {
    Window { rows, width, fold: Fold::Wrap, find: None, stream: None, times: None }
}

fn settle(log: &mut LogFile) {
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
}

fn texts(page: &LogPage) -> Vec<String> {
    page.lines.iter().map(StyledLine::text).collect()
}

fn open(directory: &Path, bytes: &[u8]) -> LogFile {
    let path = directory.join("out.log");
    std::fs::write(&path, bytes).unwrap();
    let mut log = LogFile::open(&path).unwrap();
    settle(&mut log);
    log
}

fn append(log: &LogFile, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(log.path()).unwrap();
    file.write_all(bytes).unwrap();
}

/// Returns so many lines, each with its number.
fn numbered(lines: usize) -> String {
    let lines: Vec<String> = (0..lines).map(|line| format!("line {line}\n")).collect();
    lines.concat()
}

fn text(bytes: &[u8]) -> String {
    style_line(bytes).text()
}

#[test]
fn lines_are_found_by_number_and_from_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let all = numbered(100_000);
    let log = open(directory.path(), all.as_bytes());
    assert_eq!(log.lines(), Some(100_000));
    for line in [0, 1, 255, 256, 257, 4095, 50_000, 99_990] {
        let page = log.page(Top::Line(line), &window(5, 40)).unwrap();
        let wanted: Vec<String> = (line..line + 5).map(|line| format!("line {line}")).collect();
        assert_eq!(texts(&page), wanted);
        assert_eq!(page.first, Some(line));
        assert_eq!(page.below, Some(100_000 - line - 5));
        assert!(!page.at_end);
    }
    let page = log.page(Top::End, &window(3, 40)).unwrap();
    assert_eq!(texts(&page), ["line 99997", "line 99998", "line 99999"]);
    assert_eq!((page.first, page.below, page.at_end), (Some(99_997), Some(0), true));
    // A page that would not be full shows the whole end instead.
    assert_eq!(log.page(Top::Line(99_999), &window(3, 40)).unwrap(), page);
    assert_eq!(log.page(Top::Line(usize::MAX), &window(3, 40)).unwrap(), page);
}

#[test]
fn the_index_is_sparse() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), &b"\n".repeat(1_000_000));
    assert_eq!(log.lines(), Some(1_000_000));
    assert!(log.places() <= 1_000_000 / 256 + 1, "{} places", log.places());
}

#[test]
fn growth_is_seen_in_whatever_pieces_it_comes() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = open(directory.path(), b"");
    assert_eq!(log.lines(), Some(0));
    assert!(log.page(Top::End, &window(3, 40)).unwrap().lines.is_empty());
    for (piece, lines, shown) in [
        ("on", 1, vec!["on"]),
        ("e\n", 1, vec!["one"]),
        ("two\nthr", 3, vec!["one", "two", "thr"]),
        ("ee\n\n", 4, vec!["two", "three", ""]),
        ("\x1b[3", 5, vec!["three", "", ""]),
        ("1mred\n", 5, vec!["three", "", "red"]),
    ] {
        append(&log, piece.as_bytes());
        assert_eq!(log.refresh().unwrap(), Refreshed::Changed);
        assert_eq!(log.lines(), Some(lines), "after {piece:?}");
        assert_eq!(texts(&log.page(Top::End, &window(3, 40)).unwrap()), shown);
    }
    assert_eq!(log.refresh().unwrap(), Refreshed::Same);
}

#[test]
fn a_file_that_was_cut_or_replaced_is_begun_anew() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = open(directory.path(), b"one\ntwo\nthree\n");
    File::create(log.path()).unwrap().write_all(b"new\n").unwrap();
    assert_eq!(log.refresh().unwrap(), Refreshed::Changed);
    assert_eq!(texts(&log.page(Top::End, &window(9, 40)).unwrap()), ["new"]);
    let other = directory.path().join("other");
    std::fs::write(&other, "other file, longer\nthan before\n").unwrap();
    std::fs::rename(&other, log.path()).unwrap();
    assert_eq!(log.refresh().unwrap(), Refreshed::Changed);
    let page = log.page(Top::Line(0), &window(9, 40)).unwrap();
    assert_eq!(texts(&page), ["other file, longer", "than before"]);
    std::fs::remove_file(log.path()).unwrap();
    assert_eq!(log.refresh().unwrap(), Refreshed::Same);
    assert_eq!(log.lines(), Some(2));
}

#[test]
fn colours_and_attributes_are_read() {
    let line = style_line(
        b"\x1b[1;31mbold red\x1b[0m \x1b[38;5;208morange\x1b[39m\x1b[48;2;1;2;3m rgb\x1b[m \
          \x1b[38:2::9:8:7mcolon\x1b[0m\x1b[3;4;7;9m all\x1b[23;24;27;29m\x1b[97m none",
    );
    let looks: Vec<_> =
        line.spans.iter().map(|span| (span.text.as_str(), span.sgr.fg, span.sgr.bg)).collect();
    assert_eq!(
        looks,
        [
            ("bold red", Ink::Indexed(1), Ink::Default),
            (" ", Ink::Default, Ink::Default),
            ("orange", Ink::Indexed(208), Ink::Default),
            (" rgb", Ink::Default, Ink::Rgb(1, 2, 3)),
            (" ", Ink::Default, Ink::Default),
            ("colon", Ink::Rgb(9, 8, 7), Ink::Default),
            (" all", Ink::Default, Ink::Default),
            (" none", Ink::Indexed(15), Ink::Default),
        ]
    );
    assert!(line.spans[0].sgr.attributes.contains(Attributes::BOLD));
    for attribute in
        [Attributes::ITALIC, Attributes::UNDERLINE, Attributes::REVERSE, Attributes::STRIKE]
    {
        assert!(line.spans[6].sgr.attributes.contains(attribute));
        assert!(!line.spans[7].sgr.attributes.contains(attribute));
    }
}

#[test]
fn colours_reach_over_line_breaks() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), b"\x1b[32mgreen\nstill\n\x1b[0mplain\n");
    for (top, first) in [(Top::Line(1), Ink::Indexed(2)), (Top::End, Ink::Indexed(2))] {
        let page = log.page(top, &window(2, 40)).unwrap();
        assert_eq!(page.lines[0].spans[0].sgr.fg, first);
        assert_eq!(page.lines[1].spans[0].sgr.fg, Ink::Default);
    }
}

#[test]
fn what_is_written_over_a_line_stays_one_line() {
    assert_eq!(text(b"building 10%\rbuilding 60%\rbuilding 100%\r"), "building 100%");
    assert_eq!(text(b"longer text\rshort"), "shortr text");
    assert_eq!(text(b"longer text\rshort\x1b[K"), "short");
    assert_eq!(text(b"abc\x08\x08X"), "aXc");
    assert_eq!(text(b"a\tb"), "a       b");
    assert_eq!(text(b"abcdef\x1b[3D\x1b[2Pg"), "abcg");
    assert_eq!(text(b"abcdef\x1b[1G\x1b[2X"), "  cdef");
    assert_eq!(text(b"abc\x1b[1K\x1b[10Gd"), "         d");
    assert_eq!(text(b"ab\x1b[5Cc"), "ab     c");
    assert_eq!(text("価格\rX".as_bytes()), "X 格");
    assert_eq!(text("ab価\x1b[4GX".as_bytes()), "ab X");
}

#[test]
fn what_is_written_on_other_rows_is_not_mixed_with_a_line() {
    // indicatif, prompt_toolkit.
    assert_eq!(text(b"longer text\rshort\x1b[J"), "short");
    assert_eq!(text(b"longer text\r\x1b[0Jshort"), "short");
    assert_eq!(text(b"longer text\x1b[2J\rshort"), "short");
    // docker pull: up, another layer's line, down again.
    let pull = b"\x1b[3A\x1b[2K\rone: downloading 30%\r\x1b[3B\x1b[1A\x1b[2K\rtwo: done\r\x1b[1B";
    assert_eq!(text(pull), "two: done");
    assert_eq!(text(b"\x1b[2Alonger text\x1b[2B\rxy"), "xy");
    assert_eq!(text(b"one\x1b[Etwo"), "two");
    assert_eq!(text(b"one\x1b[5;3Htwo"), "  two");
    // apt: a bar at the foot of the screen between its lines.
    let bar = "\x1b7\x1b[24;0f\x1b[42m\x1b[30mProgress: [ 10%]\x1b[49m\x1b[39m [##....]\x1b8";
    let apt = style_line(format!("{bar}Unpacking{bar} foo ...{bar}").as_bytes());
    assert_eq!(apt.text(), "Unpacking foo ...");
    assert_eq!(apt.spans.len(), 1, "in the colours of its own");
    assert_eq!(text(b"ab\x1b[scd\x1b[uX"), "abXd");
    // What was said before the cursor left is not lost if nothing comes after it.
    assert_eq!(text(b"all done\x1b[1A\x1b[2K\x1b[1A"), "all done");
    assert_eq!(text(b"\x1b8a\x1b[uc"), "ac");
    let flood = "\x1b7\x1b[Ax\x1b8".repeat(2000);
    assert_eq!(text(format!("{flood}end").as_bytes()), "end");
}

#[test]
fn nothing_else_reaches_the_terminal() {
    for (bytes, shown) in [
        (&b"\x1b]0;title\x07a"[..], "a"),
        (b"\x1b]52;c;c2VjcmV0\x1b\\a", "a"),
        (b"a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\c", "abc"),
        (b"a\x1b]unterminated to the end", "a"),
        (b"a\x1bP1$r q\x1b\\b", "ab"),
        (b"\x1b[?1049h\x1b[2J\x1b[H\x1b[6n\x1b[>c\x1b[?1000ha", "a"),
        (b"\x1bc\x1b7\x1b(0a\x1b8", "a"),
        (b"\x07\x00\x0b\x0c\x0e\x7fa", "a"),
        (b"a\xff\xfeb", "a\u{fffd}\u{fffd}b"),
        ("a\u{9b}31mb\u{85}c".as_bytes(), "a31mbc"),
        ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}".as_bytes(), "abcd"),
        ("\u{feff}zero\u{200b}width\u{2060}".as_bytes(), "zerowidth"),
        ("\u{1f468}\u{200d}\u{1f469}".as_bytes(), "\u{1f468}\u{1f469}"),
        ("\u{2764}\u{fe0f} \u{1f44d}\u{1f3fd} \u{1f1e9}\u{1f1ea}".as_bytes(), "❤ 👍 DE"),
        ("e\u{301}".as_bytes(), "e\u{301}"),
        ("\u{301}a".as_bytes(), "a"),
    ] {
        assert_eq!(text(bytes), shown, "{:?}", String::from_utf8_lossy(bytes));
    }
    let flood = format!("a{}b", "\u{301}".repeat(10_000));
    assert_eq!(text(flood.as_bytes()), format!("a{}b", "\u{301}".repeat(8)));
    assert!(text(b"\x1b[999999999Ca").len() <= 5000);
}

#[test]
fn long_lines_are_folded_after_words_or_cut() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), "one two three four\n価格表価格表価格表\n".as_bytes());
    let page = log.page(Top::Line(0), &window(8, 10)).unwrap();
    assert_eq!(texts(&page), ["one two", "three four", "価格表価格", "表価格表"]);
    let cut = Window { fold: Fold::Cut { left: 0 }, ..window(8, 10) };
    assert_eq!(texts(&log.page(Top::Line(0), &cut).unwrap()), ["one two t…", "価格表価…"]);
}

#[test]
fn a_huge_line_freezes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut bytes = b"before\n".to_vec();
    bytes.extend(b"x".repeat(10 * 1024 * 1024));
    bytes.extend(b"\nafter\n");
    let log = open(directory.path(), &bytes);
    let begun = Instant::now();
    let page = log.page(Top::Line(0), &window(20, 80)).unwrap();
    let shown = texts(&page);
    assert_eq!(shown.first().unwrap(), "before");
    assert_eq!(shown.last().unwrap(), "after");
    assert!(shown[shown.len() - 2].ends_with('…'), "{shown:?}");
    assert_eq!(texts(&log.page(Top::Line(2), &window(1, 80)).unwrap()), ["after"]);
    assert_eq!(texts(&log.page(Top::End, &window(1, 80)).unwrap()), ["after"]);
    assert!(begun.elapsed() < LIMIT);
}

#[test]
fn lines_that_ask_for_endless_work_freeze_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let text = |piece: &str| format!("{}{}", "x".repeat(4000), piece.repeat(12_000 / piece.len()));
    let mut bytes = String::new();
    for piece in
        ["\x1b[1K", "\x1b[4096G \x1b[A", "\x1b[2K\x1b[4096Gy", "\x1b[1G\x1b[P", "\x1b[1G\x1b[4000X"]
    {
        bytes.push_str(&format!("{}\n", text(piece)).repeat(20));
        let event = serde_json::json!({ "type": "assistant", "message": { "content": [
            { "type": "text", "text": format!("{}\n", text(piece)).repeat(12) } ] } });
        bytes.push_str(&format!("{event}\n").repeat(4));
    }
    bytes.push_str("end\n");
    let log = open(directory.path(), bytes.as_bytes());
    let begun = Instant::now();
    for stream in [None, Some(Stream::Claude)] {
        let window = Window { stream, ..window(60, 80) };
        for top in [Top::Line(0), Top::Line(48), Top::Line(72), Top::End] {
            assert!(log.page(top, &window).unwrap().lines.len() <= 60);
        }
    }
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
}

#[test]
fn lines_before_a_huge_one_can_be_gone_to_from_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut bytes = numbered(30).into_bytes();
    bytes.extend(b"x".repeat(10 * 1024 * 1024));
    bytes.extend(b"\nafter\nlast\n");
    let log = open(directory.path(), &bytes);
    let cut = Window { fold: Fold::Cut { left: 0 }, ..window(20, 80) };
    let page = log.page(Top::End, &cut).unwrap();
    let shown = texts(&page);
    assert_eq!((shown.len(), shown[0].as_str(), shown[19].as_str()), (20, "line 13", "last"));
    assert_eq!((page.first, page.numbers.last()), (Some(13), Some(&32)));
    // A place too near to the end for a page of its own is on the last page.
    assert_eq!(log.page(Top::Line(25), &cut).unwrap(), page);
}

#[test]
fn a_huge_line_that_is_written_over_shows_what_was_written_last() {
    let directory = tempfile::tempdir().unwrap();
    let mut bytes: Vec<u8> =
        (0..400_000).flat_map(|step| format!("\rstep {step}").into_bytes()).collect();
    let log = open(directory.path(), &bytes);
    assert_eq!(texts(&log.page(Top::End, &window(4, 80)).unwrap()), ["step 399999"]);
    bytes.extend(b"\nafter\n");
    let log = open(directory.path(), &bytes);
    let page = log.page(Top::Line(0), &window(4, 80)).unwrap();
    assert_eq!(texts(&page), ["step 399999", "after"]);
}

#[test]
fn the_end_of_a_large_file_is_there_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.log");
    let file = File::create(&path).unwrap();
    // A sparse file: a gigabyte of zeros, as one line, and then some lines.
    file.set_len(1 << 30).unwrap();
    drop(file);
    let mut log = LogFile::open(&path).unwrap();
    append(&log, b"\nlast but one\nlast\n");
    let begun = Instant::now();
    assert_eq!(log.refresh().unwrap(), Refreshed::MoreToDo);
    let page = log.page(Top::End, &window(2, 80)).unwrap();
    assert!(begun.elapsed() < LIMIT);
    assert_eq!(texts(&page), ["last but one", "last"]);
    assert_eq!((page.first, page.total), (None, None));
}

#[test]
fn a_search_counts_lines_and_finds_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let all: String = (0..30_000)
        .map(|line| match line % 1000 {
            7 => format!("\x1b[31mErr\x1b[0mor {line} error\n"),
            _ => format!("line {line}\r\n"),
        })
        .collect();
    let log = open(directory.path(), all.as_bytes());
    let count = |pattern: &str| {
        let mut search = LogSearch::open(log.path(), Finder::new(pattern).unwrap(), None).unwrap();
        while search.step().unwrap() == Refreshed::MoreToDo {}
        search
    };
    let search = count("error");
    assert_eq!(search.count(), 30);
    assert_eq!(search.next(0, Direction::Forward), Some(7));
    assert_eq!(search.next(7, Direction::Forward), Some(1007));
    assert_eq!(search.next(29_007, Direction::Forward), Some(7));
    assert_eq!(search.next(7, Direction::Backward), Some(29_007));
    assert_eq!(search.next(1000, Direction::Backward), Some(7));
    assert_eq!(count("ERROR").count(), 0);
    assert_eq!(count("Error").count(), 30);
    assert_eq!(count(r"^line \d+00$").count(), 299);
    assert_eq!(count(r"line [").count(), 0, "not a regular expression, so plain text");
    assert_eq!(count(r"x*").count(), 30_000);
    assert_eq!(count("nowhere").next(0, Direction::Forward), None);
    assert!(Finder::new("").is_none());
}

#[test]
fn a_search_goes_on_with_what_is_written_later() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), b"needle\nhay nee");
    let mut search = LogSearch::open(log.path(), Finder::new("needle").unwrap(), None).unwrap();
    assert_eq!(search.step().unwrap(), Refreshed::Changed);
    assert_eq!(search.count(), 1);
    append(&log, b"\nneedle needle\n");
    assert_eq!(search.step().unwrap(), Refreshed::Changed);
    assert_eq!(search.count(), 2);
    assert_eq!(search.next(0, Direction::Forward), Some(2));
    assert_eq!(search.step().unwrap(), Refreshed::Same);
}

#[test]
fn the_lines_found_are_numbered_and_their_texts_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let cut = format!("{} \x1b[31mneedle\x1b[0m {}", "before ".repeat(90), "after ".repeat(90));
    let text = format!("hay\n  one Needle, two needles\nhay\n 10%\r 60% needle\r\n{cut}\nneedle\n");
    let log = open(directory.path(), text.as_bytes());
    let finder = Finder::new("needle").unwrap();
    let mut search = LogSearch::open(log.path(), finder, None).unwrap().keeping(3);
    while search.step().unwrap() == Refreshed::MoreToDo {}
    let kept = search.excerpts();
    assert_eq!(search.count(), 4);
    let places: Vec<_> = (0..6).map(|line| search.hits().place(line)).collect();
    assert_eq!(places, [None, Some(1), None, Some(2), Some(3), Some(4)]);
    assert_eq!(kept.iter().map(|it| it.line).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(kept.iter().map(|it| it.offset).collect::<Vec<_>>(), [4, 34, 52]);
    assert_eq!(kept[0].text, "one Needle, two needles");
    assert_eq!(kept[0].found, [4..10, 16..22]);
    assert_eq!(kept[1].text, "60% needle");
    assert!(kept[2].text.starts_with("…e before before before  needle after"), "{:?}", kept[2]);
    assert!(kept[2].text.chars().count() <= 240);
    assert_eq!(search.excerpts(), []);
}

#[test]
fn what_is_wrong_with_a_pattern_is_told_in_a_few_words() {
    assert_eq!(complaint("warn.ng|error"), None);
    assert_eq!(complaint("println!("), Some("unclosed group".to_owned()));
    assert_eq!(complaint("a{1000000000}"), Some("it is too large".to_owned()));
}

#[test]
fn what_was_found_is_marked_on_the_page() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), "a \x1b[31mnee\x1b[0mdle 価 needle\n".as_bytes());
    let finder = Finder::new("needle").unwrap();
    let page = log.page(Top::End, &Window { find: Some(&finder), ..window(2, 80) }).unwrap();
    let found: String = page.lines[0]
        .spans
        .iter()
        .filter(|span| span.sgr.attributes.contains(Attributes::FOUND))
        .map(|span| span.text.as_str())
        .collect();
    assert_eq!(found, "needleneedle");
}

#[test]
fn a_wide_character_that_needs_one_column_too_many_goes_to_the_next_row() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), "abc\u{bc3a}\n".as_bytes());
    let page = log.page(Top::End, &window(5, 4)).unwrap();
    assert_eq!(texts(&page), ["abc", "\u{bc3a}"]);
}

#[test]
fn text_from_elsewhere_is_cleaned() {
    assert_eq!(clean("a\tb\nc\r\n"), "a b c");
    assert_eq!(clean("\x1b]52;c;eA==\x07\x1b[31mred\x1b[0m\x1b[2J"), "red");
    assert_eq!(strip(b"a\x1b]0;no end\nb\x1b[1;2"), b"a\nb");
    assert_eq!(strip(b"\x1b[31\nm"), b"\nm");
}

proptest! {
    #[test]
    fn cleaned_text_has_the_width_that_it_is_drawn_with(noise in any::<String>()) {
        let shown = clean(&noise);
        prop_assert_eq!(clean(&shown), shown.clone());
        let drawn: usize = shown.graphemes(true).map(UnicodeWidthStr::width).sum();
        prop_assert!(drawn <= width(&shown), "{:?} is drawn {} wide, not {}", shown, drawn, width(&shown));
        prop_assert!(!shown.chars().any(char::is_control));
    }

    #[test]
    fn no_bytes_can_hurt_a_page(
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        rows in 1_usize..20, columns in 1_usize..60, line in 0_usize..30,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let log = open(directory.path(), &bytes);
        for top in [Top::End, Top::Line(line)] {
            for fold in [Fold::Wrap, Fold::Cut { left: 3 }] {
                let page = log.page(top, &Window { fold, ..window(rows, columns) }).unwrap();
                prop_assert!(page.lines.len() <= rows);
                for text in texts(&page) {
                    prop_assert!(width(&text) <= columns.max(2), "{:?}", text);
                    prop_assert!(!text.chars().any(char::is_control));
                }
            }
        }
    }

    #[test]
    fn pages_put_together_are_the_whole_file(
        lines in proptest::collection::vec("[a-z ]{0,12}[a-z]", 1..60), rows in 1_usize..9,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let log = open(directory.path(), (lines.join("\n") + "\n").as_bytes());
        prop_assert_eq!(log.lines(), Some(lines.len()));
        let mut top = 0;
        while top + rows <= lines.len() {
            let page = log.page(Top::Line(top), &window(rows, 40)).unwrap();
            prop_assert_eq!(texts(&page), &lines[top..top + rows]);
            top += rows;
        }
    }
}
