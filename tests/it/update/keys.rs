//! Keys as configurations write them and as terminals send them.

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ostler::tui::action::{Action, TABLE};
use ostler::tui::keymap::{Care, Key, Keymap, KeymapError};

fn keymap(overrides: &[(&str, &[&str])]) -> Result<Keymap, Vec<KeymapError>> {
    let entry = |(name, keys): &(&str, &[&str])| {
        ((*name).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())
    };
    Keymap::with(&overrides.iter().map(entry).collect::<BTreeMap<_, _>>(), Care::Usual)
}

fn words(overrides: &[(&str, &[&str])]) -> Vec<String> {
    let errors = keymap(overrides).expect_err("a mistake");
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn the_names_of_keys() {
    for (written, label, normal) in [
        ("j", "j", "j"),
        ("R", "R", "R"),
        ("shift-r", "R", "R"),
        ("ctrl-q", "Ctrl-Q", "ctrl-q"),
        ("Ctrl-Q", "Ctrl-Q", "ctrl-q"),
        ("ctrl-shift-q", "Ctrl-Shift-Q", "ctrl-shift-q"),
        ("alt-x", "Alt-x", "alt-x"),
        ("enter", "Enter", "enter"),
        ("Return", "Enter", "enter"),
        ("shift-tab", "Shift-Tab", "backtab"),
        ("f1", "F1", "f1"),
        ("F12", "F12", "f12"),
        ("space", "Space", "space"),
        ("ctrl-space", "Ctrl-Space", "ctrl-space"),
        ("PageDown", "PgDn", "pagedown"),
        ("-", "-", "-"),
        ("ctrl--", "Ctrl--", "ctrl--"),
        (":", ":", ":"),
        ("ä", "ä", "ä"),
    ] {
        let key: Key = written.parse().expect(written);
        assert_eq!(key.label(), label, "{written}");
        assert_eq!(key.to_string(), normal, "{written}");
        assert_eq!(normal.parse(), Ok(key), "{written}");
    }
    for wrong in ["", " ", "ctrl-", "strg-q", "f0", "f25", "escc", "ab", "\n"] {
        assert!(wrong.parse::<Key>().is_err(), "{wrong:?}");
    }
}

#[test]
fn all_default_keys_are_keys_and_none_is_bound_twice() {
    let keymap = keymap(&[]).expect("the defaults");
    for entry in TABLE {
        assert_eq!(keymap.keys(entry.action).len(), entry.keys.len(), "{}", entry.name);
    }
}

#[test]
fn a_key_is_the_same_whichever_way_a_terminal_reports_it() {
    let keymap = Keymap::default();
    let found =
        |code, modifiers| keymap.lookup(&KeyEvent::new(code, modifiers)).map(|bound| bound.action);
    // An older terminal, the kitty protocol, and one that reports the shift beside the capital.
    assert_eq!(found(KeyCode::Char('R'), KeyModifiers::NONE), Some(Action::RetryFrom));
    assert_eq!(found(KeyCode::Char('r'), KeyModifiers::SHIFT), Some(Action::RetryFrom));
    assert_eq!(found(KeyCode::Char('R'), KeyModifiers::SHIFT), Some(Action::RetryFrom));
    assert_eq!(found(KeyCode::Char('?'), KeyModifiers::SHIFT), Some(Action::Help));
    assert_eq!(found(KeyCode::Char('r'), KeyModifiers::NONE), Some(Action::Retry));
    assert_eq!(found(KeyCode::Char('r'), KeyModifiers::CONTROL), None);
    assert_eq!(found(KeyCode::Char('r'), KeyModifiers::ALT), None);
}

#[test]
fn a_key_that_is_let_go_does_nothing_and_one_that_is_held_repeats() {
    let keymap = Keymap::default();
    let event = |kind| KeyEvent::new_with_kind(KeyCode::Char('j'), KeyModifiers::NONE, kind);
    assert_eq!(keymap.lookup(&event(KeyEventKind::Release)), None);
    assert!(keymap.lookup(&event(KeyEventKind::Repeat)).is_some());
}

#[test]
fn keys_can_be_bound_otherwise() {
    let keymap = keymap(&[("stop", &["ctrl-x", "delete"]), ("kill", &["none"]), ("retry", &[])])
        .expect("a keymap");
    let found =
        |code, modifiers| keymap.lookup(&KeyEvent::new(code, modifiers)).map(|bound| bound.action);
    assert_eq!(found(KeyCode::Char('x'), KeyModifiers::CONTROL), Some(Action::Stop));
    assert_eq!(found(KeyCode::Delete, KeyModifiers::NONE), Some(Action::Stop));
    assert_eq!(found(KeyCode::Char('x'), KeyModifiers::NONE), None);
    assert_eq!(found(KeyCode::Char('X'), KeyModifiers::NONE), None);
    assert_eq!(found(KeyCode::Char('r'), KeyModifiers::NONE), None);
    assert_eq!(keymap.labels(Action::Stop), "Ctrl-X Del");
    assert_eq!(keymap.labels(Action::Kill), "");
    assert_eq!(keymap.labels(Action::Jump), "1-9");
}

#[test]
fn mistakes_are_all_told_in_words() {
    assert_eq!(words(&[("retyr", &["x"])]), ["there is no action `retyr`; did you mean `retry`?"]);
    assert_eq!(
        words(&[("zzzzzzzzz", &["x"])]),
        ["there is no action `zzzzzzzzz`; `?` on the screen lists them all"]
    );
    assert_eq!(
        words(&[("stop", &["r"])]),
        ["the key `r` is bound to both `retry` and `stop`; give one of them another key"]
    );
    assert_eq!(
        words(&[("stop", &["strg-x"])]),
        [
            "`stop` cannot be bound to `strg-x`: that is not a key; write a character, or a name such \
          as `enter`, `ctrl-q`, `f5`, `pagedown`"
        ]
    );
    assert_eq!(words(&[("leave", &[])]), ["`leave` needs at least one key"]);
    let many = words(&[("nope", &["x"]), ("stop", &["r", "??"]), ("help", &["none"])]);
    assert_eq!(many.len(), 4, "{many:?}");
}

#[test]
fn the_same_key_may_be_named_twice_for_one_action() {
    let keymap = keymap(&[("stop", &["x", "x"])]).expect("a keymap");
    assert_eq!(keymap.labels(Action::Stop), "x");
}

#[test]
fn no_letter_ends_anything_where_keys_are_strict() {
    let strict = |overrides: &[(&str, &str)]| {
        let entry = |(name, key): &(&str, &str)| ((*name).to_owned(), vec![(*key).to_owned()]);
        Keymap::with(&overrides.iter().map(entry).collect(), Care::Strict)
    };
    let keymap = strict(&[]).unwrap();
    for entry in TABLE.iter().filter(|entry| entry.action.ends_work()) {
        let keys = keymap.keys(entry.action);
        assert!(keys.iter().all(|key| !key.is_letter()), "{}", entry.name);
        assert_eq!(keys.len(), entry.keys.len(), "{}", entry.name);
    }
    assert_eq!(keymap.label(Action::Stop), "Alt-x");
    assert_eq!(keymap.label(Action::StopAll), "Alt-Q");
    assert_eq!(keymap.label(Action::Detach), "d");
    let errors = strict(&[("kill", "K"), ("stop", "delete")]).unwrap_err();
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "`kill` ends work, so with `key_mode: strict` it cannot be bound to `K`: write a key with `ctrl-` or `alt-`, \
          such as `alt-K`, or one with a name, such as `delete`"
        ]
    );
}
