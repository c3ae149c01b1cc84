//! One key: as the configuration writes it (`ctrl-q`), as people read it (`Ctrl-Q`), as the terminal sends it.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use thiserror::Error;

/// Keys with a name, the first name of each being the one that is written.
const NAMES: &[(&str, KeyCode, &str)] = &[
    ("enter", KeyCode::Enter, "Enter"),
    ("return", KeyCode::Enter, "Enter"),
    ("esc", KeyCode::Esc, "Esc"),
    ("escape", KeyCode::Esc, "Esc"),
    ("tab", KeyCode::Tab, "Tab"),
    ("backtab", KeyCode::BackTab, "Shift-Tab"),
    ("space", KeyCode::Char(' '), "Space"),
    ("backspace", KeyCode::Backspace, "Backspace"),
    ("delete", KeyCode::Delete, "Del"),
    ("insert", KeyCode::Insert, "Ins"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("pageup", KeyCode::PageUp, "PgUp"),
    ("pagedown", KeyCode::PageDown, "PgDn"),
    ("up", KeyCode::Up, "Up"),
    ("down", KeyCode::Down, "Down"),
    ("left", KeyCode::Left, "Left"),
    ("right", KeyCode::Right, "Right"),
];

const MODIFIERS: &[(&str, KeyModifiers, &str)] = &[
    ("ctrl-", KeyModifiers::CONTROL, "Ctrl-"),
    ("alt-", KeyModifiers::ALT, "Alt-"),
    ("shift-", KeyModifiers::SHIFT, "Shift-"),
];

/// What is wrong with the name of a key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "that is not a key; write a character, or a name such as `enter`, `ctrl-q`, `f5`, `pagedown`"
)]
pub struct KeyError;

/// One key with its modifiers, the same whatever way a terminal reports it.
///
/// Shift is part of a character (`R`), since older terminals do not report it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// Returns the key of an event; nothing if it was let go.
    pub fn of(event: &KeyEvent) -> Option<Self> {
        (event.kind != KeyEventKind::Release).then(|| Self::new(event.code, event.modifiers))
    }

    fn new(mut code: KeyCode, modifiers: KeyModifiers) -> Self {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = modifiers & known;
        match code {
            KeyCode::Char(c) if c != ' ' => {
                let upper = modifiers.contains(KeyModifiers::SHIFT);
                let mut cases = c.to_uppercase();
                if let (true, Some(one), None) = (upper, cases.next(), cases.next()) {
                    code = KeyCode::Char(one);
                }
                modifiers.remove(KeyModifiers::SHIFT);
            }
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => {
                code = KeyCode::BackTab;
                modifiers.remove(KeyModifiers::SHIFT);
            }
            KeyCode::BackTab => modifiers.remove(KeyModifiers::SHIFT),
            _other => {}
        }
        Self { code, modifiers }
    }

    /// Says whether it is a character by itself.
    pub fn is_letter(&self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// Returns the same key with Alt.
    #[must_use]
    pub fn with_alt(self) -> Self {
        Self { modifiers: self.modifiers | KeyModifiers::ALT, ..self }
    }

    /// Returns the key as people read it, in ASCII: `Ctrl-Q`, `PgDn`, `R`.
    pub fn label(&self) -> String {
        let mut text = String::new();
        for (_, modifier, label) in MODIFIERS {
            if self.modifiers.contains(*modifier) {
                text.push_str(label);
            }
        }
        match self.code {
            KeyCode::F(number) => text.extend(["F".to_owned(), number.to_string()]),
            KeyCode::Char(c) if c != ' ' && self.modifiers.contains(KeyModifiers::CONTROL) => {
                if c.is_uppercase() {
                    text.push_str("Shift-");
                }
                text.extend(c.to_uppercase());
            }
            KeyCode::Char(c) if c != ' ' => text.push(c),
            code => text.push_str(named(code).map_or("?", |(_, label)| label)),
        }
        text
    }
}

fn named(code: KeyCode) -> Option<(&'static str, &'static str)> {
    NAMES.iter().find(|(_, known, _)| *known == code).map(|(name, _, label)| (*name, *label))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, modifier, _) in MODIFIERS {
            if self.modifiers.contains(*modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::F(number) => write!(f, "f{number}"),
            KeyCode::Char(c)
                if c.is_uppercase() && self.modifiers.contains(KeyModifiers::CONTROL) =>
            {
                write!(f, "shift-{}", c.to_lowercase())
            }
            KeyCode::Char(c) if c != ' ' => write!(f, "{c}"),
            code => f.write_str(named(code).map_or("?", |(name, _)| name)),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        while let Some((name, modifier, _)) =
            MODIFIERS.iter().find(|(name, ..)| rest.len() > name.len() && prefixed(rest, name))
        {
            modifiers |= *modifier;
            rest = &rest[name.len()..];
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.next()) {
            (Some(c), None) if modifiers == KeyModifiers::CONTROL => {
                KeyCode::Char(c.to_ascii_lowercase())
            }
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => KeyCode::Char(c),
            _longer => word(rest).ok_or(KeyError)?,
        };
        Ok(Self::new(code, modifiers))
    }
}

fn prefixed(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn word(text: &str) -> Option<KeyCode> {
    let lower = text.to_ascii_lowercase();
    if let Some((_, code, _)) = NAMES.iter().find(|(name, ..)| *name == lower) {
        return Some(*code);
    }
    let number = lower.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(KeyCode::F(number))
}
