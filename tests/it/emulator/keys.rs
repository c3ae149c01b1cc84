//! Keys, pastes and the mouse, in the form that an agent asked for.

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ostler::tui::emulator::{Modes, keys, mouse, paste};

const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const NONE: KeyModifiers = KeyModifiers::NONE;

fn sent(code: KeyCode, modifiers: KeyModifiers, modes: Modes) -> String {
    keys::encode(&KeyEvent::new(code, modifiers), modes).unwrap()
}

#[test]
fn keys_are_those_of_xterm() {
    let table = [
        (KeyCode::Char('a'), NONE, "a"),
        (KeyCode::Char('A'), SHIFT, "A"),
        (KeyCode::Char('é'), NONE, "é"),
        (KeyCode::Char('c'), CTRL, "\x03"),
        (KeyCode::Char(' '), CTRL, "\0"),
        (KeyCode::Char('['), CTRL, "\x1b"),
        (KeyCode::Char('_'), CTRL, "\x1f"),
        (KeyCode::Char('x'), ALT, "\x1bx"),
        (KeyCode::Char('x'), ALT.union(CTRL), "\x1b\x18"),
        (KeyCode::Enter, NONE, "\r"),
        (KeyCode::Enter, ALT, "\x1b\r"),
        (KeyCode::Tab, NONE, "\t"),
        (KeyCode::BackTab, SHIFT, "\x1b[Z"),
        (KeyCode::Backspace, NONE, "\x7f"),
        (KeyCode::Backspace, CTRL, "\x08"),
        (KeyCode::Esc, NONE, "\x1b"),
        (KeyCode::Up, NONE, "\x1b[A"),
        (KeyCode::Left, CTRL, "\x1b[1;5D"),
        (KeyCode::End, SHIFT, "\x1b[1;2F"),
        (KeyCode::Delete, NONE, "\x1b[3~"),
        (KeyCode::PageUp, ALT, "\x1b[5;3~"),
        (KeyCode::F(1), NONE, "\x1bOP"),
        (KeyCode::F(4), CTRL, "\x1b[1;5S"),
        (KeyCode::F(5), NONE, "\x1b[15~"),
        (KeyCode::F(6), NONE, "\x1b[17~"),
        (KeyCode::F(11), NONE, "\x1b[23~"),
        (KeyCode::F(12), SHIFT, "\x1b[24;2~"),
        (KeyCode::F(15), NONE, "\x1b[28~"),
        (KeyCode::F(20), NONE, "\x1b[34~"),
    ];
    for (code, modifiers, expected) in table {
        assert_eq!(sent(code, modifiers, Modes::NONE), expected, "{code:?} {modifiers:?}");
    }
}

#[test]
fn cursor_keys_follow_the_application_mode() {
    assert_eq!(sent(KeyCode::Up, NONE, Modes::APP_CURSOR), "\x1bOA");
    assert_eq!(sent(KeyCode::Home, NONE, Modes::APP_CURSOR), "\x1bOH");
    assert_eq!(sent(KeyCode::Up, CTRL, Modes::APP_CURSOR), "\x1b[1;5A");
    assert_eq!(sent(KeyCode::Delete, NONE, Modes::APP_CURSOR), "\x1b[3~");
}

#[test]
fn keys_can_be_told_apart_where_the_agent_asks_for_it() {
    let modes = Modes::DISAMBIGUATE_ESC_CODES;
    assert_eq!(sent(KeyCode::Char('a'), NONE, modes), "a");
    assert_eq!(sent(KeyCode::Char('c'), CTRL, modes), "\x1b[99;5u");
    assert_eq!(sent(KeyCode::Char('X'), ALT.union(SHIFT), modes), "\x1b[120;4u");
    assert_eq!(sent(KeyCode::Esc, NONE, modes), "\x1b[27u");
    assert_eq!(sent(KeyCode::Enter, NONE, modes), "\r");
    assert_eq!(sent(KeyCode::Enter, SHIFT, modes), "\x1b[13;2u");
    assert_eq!(sent(KeyCode::Up, NONE, modes | Modes::APP_CURSOR), "\x1b[A");
    let all = modes | Modes::REPORT_ALL_KEYS_AS_ESC | Modes::REPORT_ASSOCIATED_TEXT;
    assert_eq!(sent(KeyCode::Char('A'), SHIFT, all), "\x1b[97;2;65u");
    assert_eq!(sent(KeyCode::Tab, NONE, all), "\x1b[9u");
}

#[test]
fn a_key_that_is_let_go_sends_nothing() {
    let released = KeyEvent::new_with_kind(KeyCode::Char('a'), NONE, KeyEventKind::Release);
    assert_eq!(keys::encode(&released, Modes::NONE), None);
    assert_eq!(keys::encode(&KeyEvent::new(KeyCode::CapsLock, NONE), Modes::NONE), None);
}

#[test]
fn a_paste_cannot_end_itself() {
    let text = "one\r\ntwo\x1b[201~\x03rm";
    assert_eq!(paste::encode(text, Modes::NONE), "one\rtwo[201~rm");
    assert_eq!(paste::encode(text, Modes::BRACKETED_PASTE), "\x1b[200~one\ntwo[201~rm\x1b[201~");
}

fn at(kind: MouseEventKind, column: u16, row: u16) -> MouseEvent {
    MouseEvent { kind, column, row, modifiers: NONE }
}

#[test]
fn the_mouse_is_told_only_where_it_was_asked_for() {
    let down = at(MouseEventKind::Down(MouseButton::Left), 4, 9);
    let drag = at(MouseEventKind::Drag(MouseButton::Left), 4, 9);
    let up = at(MouseEventKind::Up(MouseButton::Right), 200, 9);
    assert_eq!(mouse::encode(&down, Modes::NONE), None);
    let old = Modes::MOUSE_REPORT_CLICK;
    assert_eq!(mouse::encode(&down, old).as_deref(), Some("\x1b[M %*"));
    assert_eq!(mouse::encode(&drag, old), None);
    // Too far to the right for a byte that is text.
    assert_eq!(mouse::encode(&up, old), None);
    let sgr = Modes::MOUSE_DRAG | Modes::SGR_MOUSE;
    assert_eq!(mouse::encode(&down, sgr).as_deref(), Some("\x1b[<0;5;10M"));
    assert_eq!(mouse::encode(&drag, sgr).as_deref(), Some("\x1b[<32;5;10M"));
    assert_eq!(mouse::encode(&up, sgr).as_deref(), Some("\x1b[<2;201;10m"));
}

#[test]
fn the_wheel_is_arrow_keys_on_the_other_screen() {
    let wheel = at(MouseEventKind::ScrollDown, 0, 0);
    assert_eq!(mouse::encode(&wheel, Modes::ALTERNATE_SCROLL), None);
    let other = Modes::ALTERNATE_SCROLL | Modes::ALT_SCREEN;
    assert_eq!(mouse::encode(&wheel, other).as_deref(), Some("\x1b[B\x1b[B\x1b[B"));
    let sgr = other | Modes::MOUSE_REPORT_CLICK | Modes::SGR_MOUSE;
    assert_eq!(mouse::encode(&wheel, sgr).as_deref(), Some("\x1b[<65;1;1M"));
}
