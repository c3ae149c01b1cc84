//! How far a running agent says it is.

use ostler::agents::classify::Reader;
use ostler::agents::plain::{clean, clean_lines};
use ostler::agents::progress::{Findings, Scanner, prefer};
use ostler::agents::status;
use ostler::core::progress::{Progress, Source};

use super::transcripts::recordings;
use super::{patterns, reader};

const PRESET: &str = r"
output:
  progress:
    - text: '^\[(?P<done>[0-9]+)/(?P<total>[0-9]+)\] (?P<text>.+)$'
    - text: '(?P<percent>[0-9]+) %'
  remark:
    - text: '^warning: '
";

fn scanner() -> Scanner {
    Reader::new("test", &patterns(PRESET)).unwrap().scanner(0)
}

fn figure(findings: &Findings) -> Option<(u32, u32, &str, Source)> {
    findings
        .progress
        .as_ref()
        .map(|progress| (progress.done, progress.total, progress.text.as_str(), progress.source))
}

const OUTPUT: &str = "\x1b[38;5;75m[1/7]\x1b[0m reading é\r\n  scanning 10 %\r  scanning 90 %\r\x1b[K\
                      \x1b]0;a title [9/9] x\x07warning: slow\nwarning: slow\n[3/7] edi\x1b[1mting\nprose [4/7] no\n[9/7] no\n";

#[test]
fn it_does_not_matter_where_chunks_end() {
    for split in 0..=OUTPUT.len() {
        let mut scanner = scanner();
        let (first, second) = OUTPUT.as_bytes().split_at(split);
        let found = [scanner.feed(first), scanner.feed(second)];
        let last = found.iter().filter_map(figure).next_back();
        assert_eq!(last, Some((3, 7, "editing", Source::Output)), "split at {split}");
        let remarks: Vec<_> = found.iter().flat_map(|found| &found.remarks).collect();
        assert_eq!(remarks.len(), 1, "split at {split}");
        assert_eq!(remarks[0].line, "warning: slow");
        assert_eq!(scanner.offset(), OUTPUT.len() as u64);
    }
    let mut scanner = scanner();
    let found: Vec<_> = OUTPUT.bytes().filter_map(|byte| scanner.feed(&[byte]).progress).collect();
    let steps: Vec<_> = found.iter().map(|found| (found.done, found.total)).collect();
    assert_eq!(steps, [(1, 7), (10, 100), (90, 100), (3, 7)]);
}

#[test]
fn remarks_say_where_their_line_starts() {
    let mut scanner = Reader::new("test", &patterns(PRESET)).unwrap().scanner(1000);
    let found = scanner.feed(b"one\ntwo\nwarning: three\n");
    assert_eq!(found.remarks[0].offset, Some(1008));
    assert_eq!(found.remarks[0].rule, "test.remark#1");
}

#[test]
fn a_terminal_report_is_read_and_not_replaced_by_a_pattern() {
    for end in ["\x07", "\x1b\\"] {
        let mut scanner = scanner();
        let found = scanner.feed(format!("\x1b]9;4;1;40{end}text\n[1/2] x\n").as_bytes());
        assert_eq!(figure(&found), Some((40, 100, "", Source::Terminal)));
    }
    for none in ["\x1b]9;4;3;40\x07", "\x1b]9;4;0;\x07", "\x1b]9;4;1;101\x07", "\x1b]9;5;1;10\x07"]
    {
        assert_eq!(scanner().feed(none.as_bytes()), Findings::default());
    }
}

#[test]
fn what_never_ends_is_dropped() {
    let mut scanner = scanner();
    let endless = vec![b'x'; 1 << 20];
    scanner.feed(b"\x1b]0;");
    scanner.feed(&endless);
    scanner.feed(b"\n");
    scanner.feed(&endless);
    let found = scanner.feed(b"\n\x1bP+q\x1b[31\n[2/2] still read\n");
    assert_eq!(figure(&found), Some((2, 2, "still read", Source::Output)));
}

#[test]
fn lists_of_things_to_do_are_read() {
    let codex = r#"{"type":"item.updated","item":{"id":"item_1","type":"todo_list","items":[
        {"text":"read","completed":true},{"text":"edit","completed":false}]}}"#;
    let claude = r#"{"type":"assistant","message":{"content":[{"type":"text","text":"[5/5] prose"},
        {"type":"tool_use","name":"TodoWrite","input":{"todos":[
        {"content":"read","status":"completed"},{"content":"edit","status":"in_progress"}]}}]}}"#;
    for (preset, line) in [("codex", codex), ("claude-code", claude)] {
        let line = format!("{}\n", line.replace('\n', ""));
        let found = reader(preset).scanner(0).feed(line.as_bytes());
        assert_eq!(figure(&found), Some((1, 2, "edit", Source::Plan)), "{preset}");
    }
    let empty = r#"{"type":"item.updated","item":{"type":"todo_list","items":[]}}"#;
    assert_eq!(reader("codex").scanner(0).feed(format!("{empty}\n").as_bytes()).progress, None);
}

#[test]
fn retries_of_an_agent_are_remarked_in_one_form() {
    let said = |preset: &str, line: &str| {
        let found = reader(preset).scanner(0).feed(format!("{line}\n").as_bytes());
        found.remarks.first().map(|remark| remark.line.clone()).unwrap_or_default()
    };
    for (preset, line, words) in [
        (
            "claude-code",
            r#"{"type":"system","subtype":"api_retry","attempt":4,"max_retries":10,"retry_delay_ms":32134.6,"error_status":429,"error":"rate_limit"}"#,
            "API retry 4/10, 32 s: rate_limit",
        ),
        ("claude-code", r#"{"type":"system","subtype":"api_retry","attempt":4}"#, "API retry"),
        (
            "codex",
            r#"{"type":"error","message":"Reconnecting... 2/5 (exceeded retry limit)"}"#,
            "API retry 2/5: exceeded retry limit",
        ),
        (
            "codex",
            r#"{"type":"error","message":"Reconnecting... waiting for network"}"#,
            "API retry: waiting for network",
        ),
        (
            "copilot",
            r#"{"type":"assistant.turn_retry","data":{"reason":"rate_limit"}}"#,
            "API retry: rate_limit",
        ),
        (
            "gemini",
            "Attempt 4 failed: You exceeded your current quota.. Retrying after 34565ms...",
            "API retry 4, 35 s: You exceeded your current quota.",
        ),
        (
            "gemini",
            "Attempt 1 failed with status 503. Retrying with backoff... _ApiError: {}",
            "API retry 1: status 503",
        ),
        (
            "gemini",
            "Attempt 2 failed. Retrying with backoff... Error: exception TypeError: fetch failed",
            "API retry 2: Error: exception TypeError: fetch failed",
        ),
        ("aider", "Retrying in 0.2 seconds...", "API retry, 0.2 s"),
        (
            "claude-api",
            r#"{"type":"wait","number":1,"of":3,"delay_s":5.0,"reason":"529 Overloaded"}"#,
            "API retry 1/3, 5 s: 529 Overloaded",
        ),
    ] {
        assert_eq!(said(preset, line), words, "{preset}");
    }
    // In a model's mouth it is nothing.
    for line in ["+ Retrying in 5 seconds...", "I see \"Attempt 1 failed. Retrying with backoff\""]
    {
        for preset in ["aider", "gemini"] {
            assert_eq!(said(preset, line), "", "{line}");
        }
    }
}

#[test]
fn every_retry_in_the_recordings_is_seen() {
    for (name, times) in [
        ("claude-code-429-1", 10),
        ("claude-code-retry2-drop", 2),
        ("codex-429-1", 5),
        ("copilot-429+ok", 1),
        ("gemini-429-1", 9),
        ("aider-500", 8),
    ] {
        let recording = recordings().into_iter().find(|one| one.name == name).unwrap();
        let mut scanner = reader(recording.preset).scanner(0);
        let lines = recording.log.split_inclusive('\n');
        let found = lines.flat_map(|line| scanner.feed(line.as_bytes()).remarks);
        let retries = found.filter(|remark| remark.rule.contains(".retrying#")).count();
        assert!(retries >= times, "{name}: {retries}");
    }
}

#[test]
fn a_better_source_is_not_replaced() {
    let of = |source| Progress { done: 1, total: 2, text: String::new(), source };
    assert_eq!(prefer(None, of(Source::Output)).source, Source::Output);
    assert_eq!(prefer(Some(of(Source::Status)), of(Source::Output)).source, Source::Status);
    assert_eq!(prefer(Some(of(Source::Output)), of(Source::Plan)).source, Source::Plan);
    assert_eq!(prefer(Some(of(Source::Plan)), Progress { done: 2, ..of(Source::Plan) }).done, 2);
}

#[test]
fn status_lines_are_read() {
    let read = |line: &str| status::parse(line).map(|p| (p.done, p.total, p.text));
    assert_eq!(read("3/10 half way\n"), Some((3, 10, "half way".to_owned())));
    assert_eq!(read(" 30% "), Some((30, 100, String::new())));
    assert_eq!(read(r#"{"done":3,"total":10,"text":"x"}"#), Some((3, 10, "x".to_owned())));
    assert_eq!(read(r#"{"percent":7}"#), Some((7, 100, String::new())));
    for wrong in ["", "11/10", "0/0", "-1/3", "3 of 10", "{", "101%", r#"{"done":3}"#] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    let progress = status::parse("3/10 half\u{1b}[31m way").unwrap();
    assert_eq!(status::line(&progress), "3/10 half way\n");
    assert_eq!(status::line(&status::parse("3/10").unwrap()), "3/10\n");
}

#[test]
fn the_last_line_of_a_status_file_that_can_be_read_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("status");
    assert_eq!(status::read(&file).unwrap(), None);
    std::fs::write(&file, format!("1/3 one\n{}\n2/3 two\n3/", "x".repeat(9000))).unwrap();
    let progress = status::read(&file).unwrap().unwrap();
    assert_eq!((progress.done, progress.text.as_str()), (2, "two"));
}

#[test]
fn lines_are_shown_as_a_terminal_would_in_the_end() {
    assert_eq!(clean(b"\x1b[1;31mred\x1b[0m  "), "red");
    assert_eq!(clean(b"  10 %\r 100"), " 100 %");
    assert_eq!(clean(b"long text\r\x1b[Kshort"), "short");
    assert_eq!(clean(b"abc\x08\x08X"), "aXc");
    assert_eq!(clean(b"a\x1b[3Cb\x1b[2Dc"), "a  c b".replace("c b", "cb"));
    assert_eq!(clean(b"\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\ \x1b(Bend\x1b[?25l"), "link end");
    assert_eq!(clean("naïve ✔ \u{85}ok".as_bytes()), "naïve ✔ ok");
    assert_eq!(clean(b"\xff\xfe"), "\u{fffd}\u{fffd}");
    assert_eq!(clean_lines(b"a\r\n\x1b[Kb\n"), "a\nb\n");
}
