//! The mouse as an agent's terminal sends it: only where the agent asked for it.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::Modes;

/// Arrow keys that one notch of the wheel stands for where the agent knows no mouse.
const NOTCH: usize = 3;
/// The last column and row that the old form can tell in one byte that is text.
const OLD_LIMIT: u16 = 94;
/// The same in its form for larger terminals.
const WIDE_LIMIT: u16 = 2014;

/// Returns what the mouse sends; its column and row count from 0 within the agent's terminal.
pub fn encode(event: &MouseEvent, modes: Modes) -> Option<String> {
    if !modes.intersects(Modes::MOUSE_MODE) {
        return wheel(event.kind, modes);
    }
    let (button, is_release) = match event.kind {
        MouseEventKind::Down(button) => (number(button), false),
        MouseEventKind::Up(button) => (number(button), true),
        MouseEventKind::Drag(button)
            if modes.intersects(Modes::MOUSE_DRAG | Modes::MOUSE_MOTION) =>
        {
            (number(button) + 32, false)
        }
        MouseEventKind::Moved if modes.contains(Modes::MOUSE_MOTION) => (35, false),
        MouseEventKind::ScrollUp => (64, false),
        MouseEventKind::ScrollDown => (65, false),
        MouseEventKind::ScrollLeft => (66, false),
        MouseEventKind::ScrollRight => (67, false),
        MouseEventKind::Drag(_) | MouseEventKind::Moved => return None,
    };
    let held = [(KeyModifiers::SHIFT, 4), (KeyModifiers::ALT, 8), (KeyModifiers::CONTROL, 16)];
    let held: u8 =
        held.iter().filter(|(one, _)| event.modifiers.contains(*one)).map(|(_, bit)| bit).sum();
    let (column, row) = (event.column, event.row);
    if modes.contains(Modes::SGR_MOUSE) {
        let last = if is_release { 'm' } else { 'M' };
        return Some(format!("\x1b[<{};{};{}{last}", button + held, column + 1, row + 1));
    }
    let limit = if modes.contains(Modes::UTF8_MOUSE) { WIDE_LIMIT } else { OLD_LIMIT };
    if column > limit || row > limit {
        return None;
    }
    // The old form cannot tell which button was let go.
    let button = if is_release { 3 } else { button };
    let sign = |value: u16| char::from_u32(u32::from(value) + 33);
    let first = char::from(button + held + 32);
    Some(format!("\x1b[M{first}{}{}", sign(column)?, sign(row)?))
}

/// On the other screen, where nothing scrolls, the wheel presses arrow keys, as terminals do.
fn wheel(kind: MouseEventKind, modes: Modes) -> Option<String> {
    if !modes.contains(Modes::ALT_SCREEN | Modes::ALTERNATE_SCROLL) {
        return None;
    }
    let letter = match kind {
        MouseEventKind::ScrollUp => 'A',
        MouseEventKind::ScrollDown => 'B',
        _other => return None,
    };
    let start = if modes.contains(Modes::APP_CURSOR) { "\x1bO" } else { "\x1b[" };
    Some(format!("{start}{letter}").repeat(NOTCH))
}

fn number(button: MouseButton) -> u8 {
    match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
    }
}
