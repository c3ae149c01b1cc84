//! What the terminal gets.

use ostler::core::alert::{Ring, Severity};
use ostler::tui::run::{Form, Inside, Sound, ringing};

use super::made::ring;

const SOUND: Sound = Sound {
    bell: Some(Severity::High),
    osc: Some(Severity::High),
    form: Form::Both,
    terminal: Inside::Terminal,
};

fn bytes(rings: &[Ring], sound: Sound) -> String {
    ringing::bytes(rings, "bookshop", sound)
}

#[test]
fn one_bell_and_one_notification_stand_for_all() {
    let one = [ring(1, "a", Severity::High)];
    let nine = "\x1b]9;ostler bookshop: a: no agent is left\x1b\\";
    let both = format!("\x07{nine}\x1b]777;notify;ostler bookshop;a: no agent is left\x1b\\");
    assert_eq!(bytes(&one, SOUND), both);
    assert_eq!(bytes(&one, Sound { form: Form::Osc9, ..SOUND }), format!("\x07{nine}"));
    assert_eq!(bytes(&one, Sound { bell: None, form: Form::Osc9, ..SOUND }), nine);
    assert_eq!(bytes(&one, Sound { osc: None, ..SOUND }), "\x07");
    let several = [
        ring(1, "a", Severity::High),
        Ring { more: 3, ..ring(2, "b", Severity::Critical) },
        ring(3, "c", Severity::Medium),
    ];
    let told = bytes(&several, Sound { form: Form::Osc9, ..SOUND });
    assert_eq!(told, "\x07\x1b]9;ostler bookshop: b: no agent is left (+4 more)\x1b\\");
}

#[test]
fn what_is_not_bad_enough_is_silent() {
    assert_eq!(bytes(&[], SOUND), "");
    assert_eq!(bytes(&[ring(1, "a", Severity::Medium)], SOUND), "");
    let off = Sound { bell: None, osc: None, ..SOUND };
    assert_eq!(bytes(&[ring(1, "a", Severity::Critical)], off), "");
}

#[test]
fn tmux_passes_it_through() {
    let sound = Sound { terminal: Inside::Tmux, form: Form::Osc777, ..SOUND };
    assert_eq!(
        bytes(&[ring(1, "a", Severity::High)], sound),
        "\x07\x1bPtmux;\x1b\x1b]777;notify;ostler bookshop;a: no agent is left\x1b\x1b\\\x1b\\"
    );
}

#[test]
fn so_does_gnu_screen() {
    let sound = Sound { terminal: Inside::Screen, form: Form::Osc9, ..SOUND };
    assert_eq!(
        bytes(&[ring(1, "a", Severity::High)], sound),
        "\x07\x1bP\x1b]9;ostler bookshop: a: no agent is left\x07\x1b\\"
    );
}

#[test]
fn no_words_of_others_end_a_sequence_or_begin_one() {
    let mut one = ring(1, "a", Severity::High);
    one.alert.text =
        "a\x1b]2;title\x07b\x1b\\c\u{9c}d\u{9b}2J; e\nf\x00\x1bPtmux;\x7f\u{202e}".to_owned();
    for terminal in [Inside::Terminal, Inside::Tmux, Inside::Screen] {
        let told = bytes(&[one.clone()], Sound { bell: None, terminal, ..SOUND });
        let bodies = match terminal {
            Inside::Terminal => told,
            Inside::Tmux => {
                let passed = told.replace("\x1bPtmux;", "");
                passed.replace("\x1b\x1b", "\x01").replace("\x1b\\", "").replace('\x01', "\x1b")
            }
            Inside::Screen => told.replace("\x1bP", "").replace("\x07\x1b\\", "\x1b\\"),
        };
        // Two sequences, and nothing in them but text.
        let parts: Vec<&str> = bodies.split('\x1b').collect();
        assert_eq!(parts.len(), 5, "{bodies:?}");
        assert!(parts[1].starts_with("]9;") && parts[3].starts_with("]777;notify;"), "{bodies:?}");
        assert!((parts[2], parts[4]) == ("\\", "\\"), "{bodies:?}");
        assert!(!bodies.replace('\x1b', "").contains(char::is_control), "{bodies:?}");
        assert_eq!(parts[3].matches(';').count(), 3, "{bodies:?}");
    }
    let long = "x".repeat(5000);
    one.alert.text = long;
    assert!(bytes(&[one], SOUND).len() < 700);
}
