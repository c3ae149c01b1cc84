//! Keys as an agent's terminal sends them: in the form of xterm, or of the kitty protocol where the agent asked for it.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Modes;

/// Returns what a key sends; none for a key that is let go, or that no terminal knows.
pub fn encode(event: &KeyEvent, modes: Modes) -> Option<String> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let is_kitty = modes.intersects(Modes::DISAMBIGUATE_ESC_CODES | Modes::REPORT_ALL_KEYS_AS_ESC);
    let modified = parameter(event.modifiers);
    match event.code {
        KeyCode::Char(character) => Some(if is_kitty {
            kitty_character(character, event.modifiers, modes)
        } else {
            legacy_character(character, event.modifiers)
        }),
        KeyCode::Enter => Some(editing(13, "\r", event.modifiers, modes)),
        KeyCode::Tab => Some(editing(9, "\t", event.modifiers, modes)),
        KeyCode::BackTab if is_kitty => Some(format!("\x1b[9;{}u", modified.max(2))),
        KeyCode::BackTab => Some("\x1b[Z".to_owned()),
        KeyCode::Backspace if event.modifiers.contains(KeyModifiers::CONTROL) => {
            Some(editing(127, "\x08", event.modifiers, modes))
        }
        KeyCode::Backspace => Some(editing(127, "\x7f", event.modifiers, modes)),
        KeyCode::Esc if is_kitty && modified == 1 => Some("\x1b[27u".to_owned()),
        KeyCode::Esc => Some(editing(27, "\x1b", event.modifiers, modes)),
        KeyCode::Up => Some(cursor('A', modified, modes)),
        KeyCode::Down => Some(cursor('B', modified, modes)),
        KeyCode::Right => Some(cursor('C', modified, modes)),
        KeyCode::Left => Some(cursor('D', modified, modes)),
        KeyCode::Home => Some(cursor('H', modified, modes)),
        KeyCode::End => Some(cursor('F', modified, modes)),
        KeyCode::Insert => Some(numbered(2, modified)),
        KeyCode::Delete => Some(numbered(3, modified)),
        KeyCode::PageUp => Some(numbered(5, modified)),
        KeyCode::PageDown => Some(numbered(6, modified)),
        KeyCode::F(number) => function(number, modified),
        _unknown => None,
    }
}

/// The modifiers as terminals count them: from 1.
fn parameter(modifiers: KeyModifiers) -> u8 {
    let bits = [
        (KeyModifiers::SHIFT, 1),
        (KeyModifiers::ALT, 2),
        (KeyModifiers::CONTROL, 4),
        (KeyModifiers::SUPER, 8),
        (KeyModifiers::HYPER, 16),
        (KeyModifiers::META, 32),
    ];
    1 + bits.iter().filter(|(held, _)| modifiers.contains(*held)).map(|(_, bit)| bit).sum::<u8>()
}

fn legacy_character(character: char, modifiers: KeyModifiers) -> String {
    let mut sent = String::new();
    if modifiers.contains(KeyModifiers::ALT) {
        sent.push('\x1b');
    }
    let held = modifiers.contains(KeyModifiers::CONTROL);
    sent.push(if held { control(character) } else { character });
    sent
}

/// The control character that Ctrl makes of a key; a key without one stays what it is.
fn control(character: char) -> char {
    match character.to_ascii_lowercase() {
        letter @ 'a'..='z' => char::from(letter as u8 & 0x1f),
        ' ' | '@' | '2' => '\0',
        '[' | '3' => '\x1b',
        '\\' | '4' => '\x1c',
        ']' | '5' => '\x1d',
        '^' | '6' => '\x1e',
        '_' | '/' | '-' | '7' => '\x1f',
        '?' | '8' => '\x7f',
        other => other,
    }
}

fn kitty_character(character: char, modifiers: KeyModifiers, modes: Modes) -> String {
    let all = modes.contains(Modes::REPORT_ALL_KEYS_AS_ESC);
    if !all && (modifiers - KeyModifiers::SHIFT).is_empty() {
        return character.to_string();
    }
    // The number is that of the key, not of what Shift makes of it.
    let key = character.to_lowercase().next().unwrap_or(character);
    let shift = if key == character { KeyModifiers::NONE } else { KeyModifiers::SHIFT };
    let modified = parameter(modifiers | shift);
    let types = (modifiers - KeyModifiers::SHIFT).is_empty();
    if types && modes.contains(Modes::REPORT_ASSOCIATED_TEXT) {
        return format!("\x1b[{};{modified};{}u", u32::from(key), u32::from(character));
    }
    coded(u32::from(key), modified)
}

fn coded(number: u32, modified: u8) -> String {
    match modified {
        1 => format!("\x1b[{number}u"),
        held => format!("\x1b[{number};{held}u"),
    }
}

/// Enter, Tab, Backspace and Esc: as they always were, unless something is held and the agent can tell.
fn editing(number: u32, plain: &str, modifiers: KeyModifiers, modes: Modes) -> String {
    let modified = parameter(modifiers);
    let disambiguates = modes.contains(Modes::DISAMBIGUATE_ESC_CODES) && modified > 1;
    if disambiguates || modes.contains(Modes::REPORT_ALL_KEYS_AS_ESC) {
        return coded(number, modified);
    }
    let alt = if modifiers.contains(KeyModifiers::ALT) { "\x1b" } else { "" };
    format!("{alt}{plain}")
}

fn cursor(letter: char, modified: u8, modes: Modes) -> String {
    let is_kitty = modes.intersects(Modes::DISAMBIGUATE_ESC_CODES | Modes::REPORT_ALL_KEYS_AS_ESC);
    match modified {
        1 if modes.contains(Modes::APP_CURSOR) && !is_kitty => format!("\x1bO{letter}"),
        1 => format!("\x1b[{letter}"),
        held => format!("\x1b[1;{held}{letter}"),
    }
}

fn numbered(number: u8, modified: u8) -> String {
    match modified {
        1 => format!("\x1b[{number}~"),
        held => format!("\x1b[{number};{held}~"),
    }
}

fn function(number: u8, modified: u8) -> Option<String> {
    let code = match number {
        1..=4 => {
            let letter = char::from(b'P' + number - 1);
            return Some(match modified {
                1 => format!("\x1bO{letter}"),
                held => format!("\x1b[1;{held}{letter}"),
            });
        }
        5 => 15,
        6..=10 => number + 11,
        11..=14 => number + 12,
        15 | 16 => number + 13,
        17..=20 => number + 14,
        _unknown => return None,
    };
    Some(numbered(code, modified))
}
