//! Bytes of a terminal → keys, pastes and the mouse. No I/O and no clock: whoever reads says when nothing followed.
//!
//! A sequence may arrive in pieces. A piece is never taken for keys: the start of an arrow key, of a mouse report or of a
//! paste that came late would otherwise press letters that nobody typed.

mod sequence;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// No paste is longer, in bytes; the rest is dropped.
const PASTE_LIMIT: usize = 64 * 1024;
/// No sequence is longer, in bytes; a longer one is read to its end and dropped.
const SEQUENCE_LIMIT: usize = 64;
/// So many characters at once are a run.
const RUN: usize = 12;
/// A run of so few kinds of characters may come from keys that were held.
const FEW: usize = 4;

/// Where the decoder is.
#[derive(Debug, Default)]
enum State {
    /// Between two keys.
    #[default]
    Ground,
    /// After an Esc.
    Escape,
    /// After an Esc that was taken for the key, since nothing followed in time.
    Late,
    /// After `ESC [`, with what followed.
    Csi(Vec<u8>),
    /// After `ESC [ M`: so many bytes of an old mouse report are left.
    OldMouse(u8),
    /// After `ESC [ [`, as the Linux console begins its function keys.
    Console,
    /// After `ESC O`.
    Ss3,
    /// In a string that a terminal sends as an answer; whether its last byte was Esc.
    Answer { escape: bool },
    /// In a character of several bytes, and whether Alt is held.
    Utf8 { bytes: Vec<u8>, length: usize, modifiers: KeyModifiers },
    /// In a paste.
    Paste(Vec<u8>),
}

/// Bytes of a terminal → events.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
}

impl Decoder {
    /// Takes what was read at once and appends what it means.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Event>) {
        // Ctrl-C alone leaves a paste whose end never came.
        if matches!(self.state, State::Paste(_)) && bytes == [0x03] {
            self.state = State::Ground;
        }
        // Two bytes at once were not typed: they are what a slow line held back.
        if matches!(self.state, State::Late) && bytes.len() > 1 && matches!(bytes[0], b'[' | b'O') {
            self.state = State::Escape;
        }
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// Says whether it must be told when nothing follows: after an Esc, which is a key or the start of a sequence.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, State::Escape)
    }

    /// Takes note that nothing followed for a while, so that an Esc was the key.
    pub fn flush(&mut self, out: &mut Vec<Event>) {
        if self.is_waiting() {
            self.state = State::Late;
            out.push(key(KeyCode::Esc, KeyModifiers::NONE));
        }
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Event>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground | State::Late => ground(byte, KeyModifiers::NONE, out),
            State::Escape => escape(byte, out),
            State::Csi(seen) => csi(seen, byte, out),
            State::OldMouse(left) if left > 1 => State::OldMouse(left - 1),
            State::OldMouse(_) => State::Ground,
            State::Console => {
                if let number @ b'A'..=b'E' = byte {
                    out.push(key(KeyCode::F(number - b'A' + 1), KeyModifiers::NONE));
                }
                State::Ground
            }
            State::Ss3 => {
                out.extend(sequence::ss3(byte));
                State::Ground
            }
            State::Answer { escape: true } if byte == b'\\' => State::Ground,
            State::Answer { .. } if byte == BEL => State::Ground,
            State::Answer { .. } => State::Answer { escape: byte == ESC },
            State::Utf8 { bytes, length, modifiers } => utf8((bytes, length), modifiers, byte, out),
            State::Paste(pasted) => paste(pasted, byte, out),
        };
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn ground(byte: u8, modifiers: KeyModifiers, out: &mut Vec<Event>) -> State {
    let ctrl = modifiers | KeyModifiers::CONTROL;
    let event = match byte {
        ESC => return State::Escape,
        b'\r' => key(KeyCode::Enter, modifiers),
        b'\t' => key(KeyCode::Tab, modifiers),
        0x7f => key(KeyCode::Backspace, modifiers),
        0x00 => key(KeyCode::Char(' '), ctrl),
        letter @ 0x01..=0x1a => key(KeyCode::Char(char::from(letter - 1 + b'a')), ctrl),
        sign @ 0x1c..=0x1f => key(KeyCode::Char(char::from(sign + 0x40)), ctrl),
        plain @ 0x20..=0x7e => key(KeyCode::Char(char::from(plain)), modifiers),
        start @ 0xc2..=0xf4 => {
            let length = match start {
                0xf0.. => 4,
                0xe0.. => 3,
                _shorter => 2,
            };
            return State::Utf8 { bytes: vec![start], length, modifiers };
        }
        0x80..=0xc1 | 0xf5.. => return State::Ground,
    };
    out.push(event);
    State::Ground
}

fn escape(byte: u8, out: &mut Vec<Event>) -> State {
    match byte {
        b'[' => State::Csi(Vec::new()),
        b'O' => State::Ss3,
        b']' | b'P' | b'_' | b'^' | b'X' => State::Answer { escape: false },
        ESC => {
            out.push(key(KeyCode::Esc, KeyModifiers::NONE));
            State::Escape
        }
        other => ground(other, KeyModifiers::ALT, out),
    }
}

fn csi(mut seen: Vec<u8>, byte: u8, out: &mut Vec<Event>) -> State {
    match byte {
        b'M' if seen.is_empty() => State::OldMouse(3),
        b'[' if seen.is_empty() => State::Console,
        0x20..=0x3f => {
            if seen.len() < SEQUENCE_LIMIT {
                seen.push(byte);
            }
            State::Csi(seen)
        }
        0x40..=0x7e if seen == b"200" && byte == b'~' => State::Paste(Vec::new()),
        0x40..=0x7e => {
            if seen.len() < SEQUENCE_LIMIT {
                out.extend(sequence::csi(&seen, byte));
            }
            State::Ground
        }
        // Not part of any sequence: what began was none.
        other => ground(other, KeyModifiers::NONE, out),
    }
}

fn utf8(
    (mut bytes, length): (Vec<u8>, usize),
    modifiers: KeyModifiers,
    byte: u8,
    out: &mut Vec<Event>,
) -> State {
    if byte & 0xc0 != 0x80 {
        return ground(byte, KeyModifiers::NONE, out);
    }
    bytes.push(byte);
    if bytes.len() < length {
        return State::Utf8 { bytes, length, modifiers };
    }
    let character = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
    out.extend(
        character
            .filter(|character| !character.is_control())
            .map(|character| key(KeyCode::Char(character), modifiers)),
    );
    State::Ground
}

fn paste(mut pasted: Vec<u8>, byte: u8, out: &mut Vec<Event>) -> State {
    // Beyond the limit only the end is looked for.
    if pasted.len() >= PASTE_LIMIT + PASTE_END.len() {
        pasted.remove(PASTE_LIMIT);
    }
    pasted.push(byte);
    if pasted.ends_with(PASTE_END) {
        pasted.truncate((pasted.len() - PASTE_END.len()).min(PASTE_LIMIT));
        out.push(Event::Paste(String::from_utf8_lossy(&pasted).into_owned()));
        return State::Ground;
    }
    State::Paste(pasted)
}

/// Says whether what was read at once cannot have been typed: a paste from a terminal that does not mark pastes.
///
/// A long run of characters of many kinds is one. A key that is held is not, nor are a few keys that a slow line delayed.
pub fn unmarked_paste(read_at_once: &[Event]) -> Option<String> {
    let typed: Option<Vec<char>> = read_at_once.iter().map(plain).collect();
    let typed = typed.filter(|typed| typed.len() >= RUN)?;
    let mut known = typed.clone();
    known.sort_unstable();
    known.dedup();
    (known.len() > FEW).then(|| typed.into_iter().collect())
}

fn plain(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char(c), modifiers: KeyModifiers::NONE, .. }) => {
            Some(*c)
        }
        // Ctrl-J is what a line feed is that nobody made a carriage return of.
        Event::Key(
            KeyEvent { code: KeyCode::Enter, .. }
            | KeyEvent { code: KeyCode::Char('j'), modifiers: KeyModifiers::CONTROL, .. },
        ) => Some('\n'),
        Event::Key(KeyEvent { code: KeyCode::Tab, .. }) => Some('\t'),
        _other => None,
    }
}
