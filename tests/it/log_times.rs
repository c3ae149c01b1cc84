//! When the lines of a log were written, and the lines of it that tell of trouble.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::fmt::Write as _;
use std::fs::{File, FileTimes};
use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::civil::time;
use jiff::tz::TimeZone;
use ostler::tui::log::{
    Finder, Fold, LogFile, LogPage, LogSearch, LogTimes, Moment, Refreshed, StyledLine, Top, Window,
};

/// 2026-03-01, 12:00:00 UTC.
const NOON: u64 = 1_772_366_400_000;

/// A log of ten lines of ten bytes; a line a minute was written until the sixth, the rest within one look.
fn log(directory: &Path) -> (LogFile, LogTimes) {
    let path = directory.join("out.log");
    let lines: Vec<String> = (0..10).map(|line| format!("line {line:04}\n")).collect();
    let text = lines.concat();
    std::fs::write(&path, text).unwrap();
    let mut looks = format!("{NOON} 0\n");
    for minute in 1..=6 {
        writeln!(looks, "{} {}", NOON + minute * 60_000, minute * 10).unwrap();
    }
    writeln!(looks, "{} 90 ~", NOON + 3_600_000).unwrap();
    std::fs::write(directory.join("out.times"), format!("{looks}torn 12")).unwrap();
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(NOON + 3_601_000);
    let file = File::options().append(true).open(&path).unwrap();
    file.set_times(FileTimes::new().set_modified(end)).unwrap();
    let mut log = LogFile::open(&path).unwrap();
    while log.refresh().unwrap() == Refreshed::MoreToDo {}
    let mut times = LogTimes::beside(&path).in_zone(TimeZone::UTC);
    times.refresh(&path).unwrap();
    (log, times)
}

fn page(log: &LogFile, top: Top, times: Option<&LogTimes>, rows: usize) -> LogPage {
    let window = Window { rows, width: 40, fold: Fold::Wrap, find: None, stream: None, times };
    log.page(top, &window).unwrap()
}

fn texts(page: &LogPage) -> Vec<String> {
    page.lines.iter().map(StyledLine::text).collect()
}

#[test]
fn every_line_has_the_time_at_which_it_was_seen() {
    let directory = tempfile::tempdir().unwrap();
    let (log, times) = log(directory.path());
    let shown = texts(&page(&log, Top::Line(0), Some(&times), 10));
    assert_eq!(shown[0], " 12:01:00 line 0000");
    assert_eq!(shown[5], " 12:06:00 line 0005");
    // Nobody looked between these, and the last was written after the last look.
    assert_eq!(shown[6], "~13:00:00 line 0006");
    assert_eq!(shown[8], "~13:00:00 line 0008");
    assert_eq!(shown[9], " 13:00:01 line 0009");
    assert_eq!(texts(&page(&log, Top::End, Some(&times), 2)), shown[8..]);
    // A log that nobody followed has no times, and says so.
    let nothing = LogTimes::beside(&directory.path().join("other.log"));
    assert_eq!(texts(&page(&log, Top::Line(0), Some(&nothing), 1)), ["       –  line 0000"]);
}

#[test]
fn a_line_of_many_rows_has_its_time_once() {
    let directory = tempfile::tempdir().unwrap();
    let (log, times) = log(directory.path());
    let narrow = Window {
        rows: 4,
        width: 16,
        fold: Fold::Wrap,
        find: None,
        stream: None,
        times: Some(&times),
    };
    let shown = log.page(Top::Line(0), &narrow).unwrap();
    assert_eq!(
        texts(&shown),
        [" 12:01:00 line", "          0000", " 12:02:00 line", "          0001"]
    );
    assert_eq!(shown.numbers, [0, 0, 1, 1]);
    let cut = Window { fold: Fold::Cut { left: 5 }, ..narrow };
    assert_eq!(texts(&log.page(Top::Line(0), &cut).unwrap())[1], " 12:02:00 0001");
}

#[test]
fn rows_know_the_lines_that_they_are_of() {
    let directory = tempfile::tempdir().unwrap();
    let (log, _) = log(directory.path());
    assert_eq!(page(&log, Top::Line(3), None, 3).numbers, [3, 4, 5]);
    assert_eq!(page(&log, Top::End, None, 3).numbers, [7, 8, 9]);
    assert_eq!(log.line_at(0).unwrap(), Some(0));
    assert_eq!(log.line_at(29).unwrap(), Some(2));
    assert_eq!(log.line_at(30).unwrap(), Some(3));
    assert_eq!(log.line_at(u64::MAX).unwrap(), Some(9));
}

#[test]
fn a_time_leads_to_what_was_written_then() {
    let directory = tempfile::tempdir().unwrap();
    let (log, times) = log(directory.path());
    let line = |text: &str| {
        let offset = times.offset(Moment::parse(text).unwrap()).unwrap();
        log.line_at(offset).unwrap().unwrap()
    };
    assert_eq!(line("12:03:30"), 3);
    assert_eq!(line("12:03"), 2);
    assert_eq!(line("11:00"), 0);
    // After its end there is yesterday.
    assert_eq!(line("13:05"), 0);
    assert_eq!(line("12:30"), 6);
    assert_eq!(line("+2m"), 1);
    assert_eq!(line("+0s"), 0);
    assert_eq!(line("-30s"), 6);
    assert_eq!(line("-1s"), 6);
    assert_eq!(line("-500ms"), 9);
    let nothing = LogTimes::beside(&directory.path().join("other.log"));
    assert_eq!(nothing.offset(Moment::BeforeEnd(Duration::ZERO)), None);
}

#[test]
fn times_are_read_as_people_write_them() {
    assert_eq!(Moment::parse(" 7:05 "), Some(Moment::Clock(time(7, 5, 0, 0))));
    assert_eq!(Moment::parse("23:59:58"), Some(Moment::Clock(time(23, 59, 58, 0))));
    assert_eq!(Moment::parse("-1h30m"), Some(Moment::BeforeEnd(Duration::from_secs(5400))));
    assert_eq!(Moment::parse("+ 90s"), Some(Moment::AfterBegin(Duration::from_secs(90))));
    for wrong in ["", "noon", "24:00", "12", "12:", "12:30:15:1", "-5", "5m", "--5m", "-12:30"] {
        assert_eq!(Moment::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn lines_that_tell_of_trouble_are_found_and_those_that_tell_of_none_are_not() {
    let directory = tempfile::tempdir().unwrap();
    let yes = [
        "error[E0432]: unresolved import",
        "thread 'main' panicked at src/main.rs",
        "WARNING: it is late",
        "\x1b[31mFAILED\x1b[0m",
        "10 failed, 0 errors",
        "test result: FAILED. 0 failed",
        "✖ the key was refused",
        "Traceback (most recent call last):",
        "permission denied",
    ];
    let no = [
        "test result: ok. 120 passed; 0 failed; 0 ignored",
        "0 errors, no warnings",
        "zero failures",
        "without errors",
        "0 tests failed",
        "terror and failover",
        "it is ✖ said",
        "all is well!",
    ];
    let count = |lines: &[&str]| {
        let path = directory.path().join("out.log");
        std::fs::write(&path, lines.join("\n")).unwrap();
        let mut search = LogSearch::open(&path, Finder::trouble().unwrap(), None).unwrap();
        while search.step().unwrap() == Refreshed::MoreToDo {}
        search.count()
    };
    for line in yes {
        assert_eq!(count(&[line]), 1, "{line}");
    }
    for line in no {
        assert_eq!(count(&[line]), 0, "{line}");
    }
    assert_eq!(count(&[&no[..], &yes[..8]].concat()), 8);
}
