//! Questions of agents to the operator, by their own words.

use ostler::agents::classify::Reader;
use ostler::agents::waiting::Said;
use ostler::config::preset::{Match, Patterns};

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
