//! Questions of agents to the operator, by their own words.

use std::fs;
use std::path::Path;

use ostler::agents::classify::Reader;
use ostler::agents::waiting::Said;
use ostler::config::preset::{Match, Patterns};

use super::reader;
use super::transcripts::recordings;

fn said(output: &str) -> Said {
    let text = Some(r"\(y/n\)$|^❯ 1\. Yes".to_owned());
    let waiting = vec![Match { text, json: None }];
    let reader = Reader::new("x", &Patterns { waiting, ..Patterns::default() }).unwrap();
    let mut scanner = reader.scanner(0);
    scanner.feed(output.as_bytes());
    scanner.said()
}

#[test]
fn the_last_words_before_the_silence_count() {
    assert_eq!(said(""), Said::Nothing);
    assert_eq!(said("\x1b[?25h\x1b[0m"), Said::Nothing);
    assert_eq!(said("working\n"), Said::Else);
    let Said::Question(evidence) = said("working\n\x1b[1mGo on?\x1b[0m (y/n) ") else { panic!() };
    assert_eq!((evidence.line.as_str(), evidence.rule.as_str()), ("Go on? (y/n)", "x.waiting#1"));
    assert_eq!(said("Go on? (y/n)\none\ntwo\nthree\n"), Said::Else);
}

#[test]
fn a_question_that_is_drawn_on_the_screen_counts_wherever_it_is() {
    let menu = "\x1b[2J\x1b[3;1HEdit it?\x1b[5;1H❯ 1. Yes\x1b[6;1H  2. No\x1b[20;1Hmodel\x1b[21;1Hcost\x1b[22;1Hhelp\x1b[23;1Hmore";
    assert!(matches!(said(menu), Said::Question(_)));
}

fn screen(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens");
    fs::read(folder.join(name)).unwrap()
}

/// Recorded screens of tools that ask for a permission, and what aider prints.
#[test]
fn the_questions_of_real_tools_are_seen() {
    let aider =
        |question: &str| format!("\n\u{1b}[34manswer.txt\u{1b}[0m\n{question}").into_bytes();
    let cases = [
        ("claude-code", screen("claude-code-permission.raw"), "Do you want to create answer.txt?"),
        ("codex", screen("codex-approval.raw"), "Would you like to run the following command?"),
        (
            "aider",
            aider("Create new file? (Y)es/(N)o [Yes]: "),
            "Create new file? (Y)es/(N)o [Yes]:",
        ),
        (
            "aider",
            aider("Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't ask again [Yes]: "),
            "Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't ask again [Yes]:",
        ),
    ];
    for (preset, output, question) in cases {
        let mut scanner = reader(preset).scanner(0);
        for chunk in output.chunks(100) {
            scanner.feed(chunk);
        }
        let Said::Question(evidence) = scanner.said() else { panic!("{preset}: {question}") };
        assert_eq!(evidence.line, question);
        assert!(scanner.has_spoken());
        // It goes on with its title only: that is silence.
        scanner.settle();
        scanner.feed(b"\x1b]0;[ ! ] Action Required\x07\x1b[?2026h\x1b[39m\x1b[?2026l");
        assert!(!scanner.has_spoken(), "{preset}");
        assert_eq!(scanner.said(), Said::Nothing, "{preset}");
    }
}

#[test]
fn no_recording_without_a_terminal_asks_for_the_operator() {
    for recording in recordings() {
        let mut scanner = reader(recording.preset).scanner(0);
        for line in recording.log.split_inclusive('\n') {
            scanner.feed(line.as_bytes());
            let said = scanner.said();
            assert!(!matches!(said, Said::Question(_)), "{}: {said:?}", recording.name);
        }
    }
}
