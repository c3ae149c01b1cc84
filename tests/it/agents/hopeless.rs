//! Agents that do not come to an end by themselves, by their own words.

use ostler::agents::classify::Reader;
use ostler::agents::hopeless::Hopeless;
use ostler::agents::progress::Scanner;
use ostler::core::FailureClass;

use super::transcripts::recordings;
use super::{patterns, reader};

/// Returns what is found first, and how many lines that took.
fn found(mut scanner: Scanner, log: &str) -> Option<(usize, Hopeless)> {
    let mut lines = log.split_inclusive('\n').enumerate();
    lines.find_map(|(at, line)| Some((at + 1, scanner.feed(line.as_bytes()).hopeless?)))
}

#[test]
fn of_all_recordings_only_those_that_never_end_show_it() {
    let mut shown = Vec::new();
    for recording in recordings() {
        let scanner = reader(recording.preset).scanner(0);
        if let Some((lines, Hopeless { class, evidence })) = found(scanner, &recording.log) {
            let at = usize::try_from(evidence.offset.unwrap()).unwrap();
            assert!(recording.log[at..].contains(&evidence.line), "{}", recording.name);
            shown.push((recording.name.clone(), class, evidence.rule, lines));
        }
    }
    let wanted = [
        ("codex-dead", FailureClass::Network, "codex.abort_on#1", 7),
        ("opencode-garbage", FailureClass::InvalidResponse, "opencode.abort_on#1", 10),
    ];
    assert_eq!(
        shown,
        wanted.map(|(name, class, rule, lines)| (name.to_owned(), class, rule.to_owned(), lines))
    );
}

#[test]
fn one_that_goes_on_is_not_given_up() {
    let waits = "{\"type\":\"error\",\"message\":\"Reconnecting... waiting for network (x)\"}\n";
    let says = "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"Reconnecting... waiting for network\"}}\n";
    let codex = || reader("codex").scanner(0);
    assert_eq!(found(codex(), &says.repeat(50)), None);
    assert_eq!(found(codex(), &format!("{}{says}", waits.repeat(3)).repeat(9)), None);
    let (lines, Hopeless { class, .. }) =
        found(codex(), &format!("{says}{}", waits.repeat(9))).unwrap();
    assert_eq!((lines, class), (5, FailureClass::Network));
}

#[test]
fn a_rule_may_want_one_line_and_ignored_lines_are_none() {
    let preset = r"
output:
  abort_on: [{ class: auth, text: '^paste your code here' }]
  ignore: [{ text: 'in a dream' }]
";
    let scanner = || Reader::new("mine", &patterns(preset)).unwrap().scanner(100);
    assert_eq!(found(scanner(), "paste your code here, in a dream\n"), None);
    let (lines, Hopeless { class, evidence }) =
        found(scanner(), "hello\npaste your code here:\n").unwrap();
    assert_eq!((lines, class), (2, FailureClass::Auth));
    assert_eq!((evidence.rule.as_str(), evidence.offset), ("mine.abort_on#1", Some(106)));
}
