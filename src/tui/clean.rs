//! What may reach the operator's terminal of text that others wrote.
//!
//! Every character has one width here, the same on every terminal: what terminals disagree on (joined emoji, variation
//! selectors, flags) is taken apart or left out, so that no text moves a border.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar as _;

/// A character carries at most so many combining marks; the rest of a flood is left out.
pub const MAX_MARKS: usize = 8;

/// An escape sequence that does not end is swallowed no further than this, in bytes.
const MAX_SEQUENCE: usize = 64 * 1024;

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It takes one or two columns; the character may be a stand-in.
    Cell(char, u8),
    /// It sits on the character before it and takes no column.
    Mark,
    /// It is left out.
    Nothing,
}

/// Decides what becomes of a character.
pub fn shape(c: char) -> Shape {
    match c {
        ' '..='~' => Shape::Cell(c, 1),
        '\u{2028}' | '\u{2029}' => Shape::Cell(' ', 1),
        // A pair of these is a flag two columns wide, or two letters; letters are what every terminal can show.
        '\u{1f1e6}'..='\u{1f1ff}' => {
            let letter = u8::try_from(u32::from(c) - 0x1_f1e6).unwrap_or_default();
            Shape::Cell(char::from(b'A' + letter.min(25)), 1)
        }
        _ if c.is_control() || is_invisible(c) => Shape::Nothing,
        _ => match c.width() {
            Some(0) => Shape::Mark,
            Some(1) => Shape::Cell(c, 1),
            Some(2) => Shape::Cell(c, 2),
            Some(_) => Shape::Cell('\u{fffd}', 1),
            None => Shape::Nothing,
        },
    }
}

/// Says whether a character only steers others: direction, joining, variation, skin tone, tags, annotation.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns the text as one line that is safe to show: no escape sequences, no control characters; tabs and line breaks
/// become spaces.
pub fn clean(text: &str) -> String {
    let bare: Cow<'_, str> = if text.contains('\u{1b}') {
        String::from_utf8_lossy(&strip(text.as_bytes())).into_owned().into()
    } else {
        text.into()
    };
    let mut out = String::with_capacity(bare.len());
    let mut marks = MAX_MARKS;
    for c in bare.trim_end_matches(['\n', '\r']).chars() {
        let c = if matches!(c, '\n' | '\t') { ' ' } else { c };
        match shape(c) {
            Shape::Cell(shown, _) => {
                out.push(shown);
                marks = 0;
            }
            Shape::Mark if marks < MAX_MARKS => {
                out.push(c);
                marks += 1;
            }
            Shape::Mark | Shape::Nothing => {}
        }
    }
    out
}

/// Returns the columns that a text takes, as [`clean`] would show it.
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match shape(c) {
            Shape::Cell(_, width) => usize::from(width),
            Shape::Mark | Shape::Nothing => 0,
        })
        .sum()
}

/// Returns the bytes without escape sequences; line feeds stay, even within a sequence that does not end.
pub fn strip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + sequence(&rest[at..])..];
    }
    out.extend_from_slice(rest);
    out
}

/// Returns the length of the escape sequence that the bytes begin with.
fn sequence(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'[') => {
            let end = bytes[2..].iter().position(|byte| !(0x20..=0x3f).contains(byte));
            end.map_or(bytes.len(), |end| match bytes[2 + end] {
                0x40..=0x7e => end + 3,
                _ => end + 2,
            })
        }
        Some(b']' | b'P' | b'X' | b'^' | b'_') => string(bytes),
        Some(0x20..=0x2f) => {
            let end = bytes[1..].iter().position(|byte| !(0x20..=0x2f).contains(byte));
            end.map_or(bytes.len(), |end| end + 1 + usize::from(bytes[1 + end] >= 0x30))
        }
        Some(0x30..=0x7e) => 2,
        Some(_) | None => 1,
    }
}

/// Returns the length of a string sequence: to its terminator, else to the end of the line or the limit.
fn string(bytes: &[u8]) -> usize {
    let limit = bytes.len().min(MAX_SEQUENCE);
    let Some(step) = memchr::memchr3(0x07, 0x1b, b'\n', &bytes[2..limit]) else { return limit };
    let at = 2 + step;
    match bytes[at] {
        0x07 => at + 1,
        0x1b if bytes.get(at + 1) == Some(&b'\\') => at + 2,
        // Another sequence, or a line feed, which stays.
        _ => at,
    }
}
