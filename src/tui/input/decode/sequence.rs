//! Whole sequences: cursor and function keys of xterm, rxvt and the kitty protocol, and SGR mouse reports.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// Returns what `ESC O` and this byte mean.
pub(super) fn ss3(byte: u8) -> Option<Event> {
    let code = match byte {
        b'P'..=b'S' => KeyCode::F(byte - b'P' + 1),
        b'M' => KeyCode::Enter,
        other => letter(other)?,
    };
    Some(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

/// Returns what `ESC [`, these parameters and this final byte mean.
pub(super) fn csi(seen: &[u8], last: u8) -> Option<Event> {
    if let Some(report) = seen.strip_prefix(b"<") {
        return mouse(report, last).map(Event::Mouse);
    }
    // Anything else that is marked as private is an answer to a question.
    if seen.first().is_some_and(|byte| !byte.is_ascii_digit() && *byte != b';') {
        return None;
    }
    let fields = numbers(seen)?;
    let first = fields.first().and_then(|field| field.first()).copied();
    let (modifiers, kind) = held(fields.get(1).map(Vec::as_slice).unwrap_or_default());
    let (code, modifiers) = match last {
        b'Z' => (KeyCode::BackTab, modifiers),
        b'~' if first == Some(27) => {
            let code = fields.get(2).and_then(|field| field.first()).copied();
            character(code?, modifiers)?
        }
        b'~' => (numbered(first?)?, modifiers),
        b'u' => character(first?, modifiers)?,
        b'P'..=b'S' => (KeyCode::F(last - b'P' + 1), modifiers),
        other => (letter(other)?, modifiers),
    };
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}

/// Parameters are divided by `;`, and their parts by `:`; an empty one is 0.
fn numbers(seen: &[u8]) -> Option<Vec<Vec<u32>>> {
    let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse().ok() };
    let text = std::str::from_utf8(seen).ok()?;
    text.split(';').map(|field| field.split(':').map(number).collect()).collect()
}

/// The modifiers, counted from 1, and after a colon whether the key was pressed, held or let go.
fn held(field: &[u32]) -> (KeyModifiers, KeyEventKind) {
    let bits = field.first().copied().unwrap_or(1).saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    let kind = match field.get(1) {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        _other => KeyEventKind::Press,
    };
    (modifiers, kind)
}

fn letter(byte: u8) -> Option<KeyCode> {
    Some(match byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        _other => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    let function = |from: u32, first: u8| u8::try_from(number - from).ok().map(|n| n + first);
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(function(11, 1)?),
        17..=21 => KeyCode::F(function(17, 6)?),
        23..=26 => KeyCode::F(function(23, 11)?),
        28 | 29 => KeyCode::F(function(28, 15)?),
        31..=34 => KeyCode::F(function(31, 17)?),
        _other => return None,
    })
}

/// A key by its number: a character, or one of the numbers that the kitty protocol gives to other keys.
fn character(number: u32, modifiers: KeyModifiers) -> Option<(KeyCode, KeyModifiers)> {
    let code = match number {
        27 => KeyCode::Esc,
        13 | 57414 => KeyCode::Enter,
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        8 | 127 => KeyCode::Backspace,
        57376..=57387 => KeyCode::F(u8::try_from(number - 57376).ok()? + 13),
        57399..=57408 => KeyCode::Char(char::from_digit(number - 57399, 10)?),
        57409 => KeyCode::Char('.'),
        57410 => KeyCode::Char('/'),
        57411 => KeyCode::Char('*'),
        57412 => KeyCode::Char('-'),
        57413 => KeyCode::Char('+'),
        57415 => KeyCode::Char('='),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        // Keys that are only modifiers, and whatever else has a number there.
        57344..=63743 => return None,
        other => KeyCode::Char(char::from_u32(other).filter(|c| !c.is_control())?),
    };
    Some((code, modifiers))
}

/// An SGR mouse report: button and modifiers, column and row from 1.
fn mouse(report: &[u8], last: u8) -> Option<MouseEvent> {
    let fields = numbers(report)?;
    let [button, column, row] = fields.as_slice() else { return None };
    let button = *button.first()?;
    let place = |field: &[u32]| u16::try_from(field.first()?.checked_sub(1)?).ok();
    let which = match button & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _other => MouseButton::Right,
    };
    let kind = match (button & 0b1110_0000, last) {
        (0, b'M') if button & 0b11 != 3 => MouseEventKind::Down(which),
        (0, b'm') => MouseEventKind::Up(which),
        (32, _) if button & 0b11 != 3 => MouseEventKind::Drag(which),
        (64, b'M') => match button & 0b11 {
            0 => MouseEventKind::ScrollUp,
            1 => MouseEventKind::ScrollDown,
            2 => MouseEventKind::ScrollLeft,
            _other => MouseEventKind::ScrollRight,
        },
        _other => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in
        [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)]
    {
        if button & bit != 0 {
            modifiers |= modifier;
        }
    }
    Some(MouseEvent { kind, column: place(column)?, row: place(row)?, modifiers })
}
