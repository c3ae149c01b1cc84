//! Terminal output without its colours, cursor movements and titles.

use memchr::memchr;

/// An operating system command longer than this is dropped, in bytes.
const OSC_LIMIT: usize = 4096;
/// More parameters of a control sequence than these are dropped, in bytes.
const PARAMETER_LIMIT: usize = 64;
/// A cleaned line is cut after so many columns.
const COLUMN_LIMIT: usize = 1024 * 1024;
/// Cursor movements go no further to the right than this: a few bytes must not become a long line.
const MOVE_LIMIT: usize = 512;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// A piece of terminal output.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Printed text; a character may be split between two pieces.
    Text(&'a [u8]),
    /// The end of a line.
    LineEnd,
    /// Back to the start of the line, which is then written over.
    Return,
    /// One column back.
    Back,
    /// A control sequence: its parameters and its last byte.
    Control(&'a [u8], u8),
    /// An operating system command without its frame, such as `9;4;1;50`.
    Command(&'a [u8]),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    Charset,
    Control,
    Command,
    /// An escape within a command: its end, or the start of something else.
    CommandEscape,
    /// A device string that nobody here reads.
    Ignored,
    IgnoredEscape,
}

/// Takes terminal output apart, chunk by chunk.
///
/// It holds a few kilobytes at most, whatever it is fed. A sequence that is not ended by the end of its line is dropped
/// there, so an agent killed in the middle of one hides nothing that follows.
#[derive(Debug, Default)]
pub struct Splitter {
    state: State,
    held: Vec<u8>,
}

impl Splitter {
    /// Takes `bytes` and hands each piece to `sink`, with the number of bytes of this chunk up to the piece's end.
    pub fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(usize, Piece<'_>)) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.state == State::Ground && !is_control(byte) {
                let rest = &bytes[at..];
                let length = rest.iter().position(|&byte| is_control(byte)).unwrap_or(rest.len());
                at += length;
                sink(at, Piece::Text(&rest[..length]));
                continue;
            }
            at += 1;
            if byte == b'\n' {
                self.reset();
                sink(at, Piece::LineEnd);
                continue;
            }
            self.take(byte, |piece| sink(at, piece));
        }
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.held.clear();
    }

    fn take(&mut self, byte: u8, mut sink: impl FnMut(Piece<'_>)) {
        match self.state {
            State::Ground => match byte {
                b'\r' => sink(Piece::Return),
                0x08 => sink(Piece::Back),
                b'\t' => sink(Piece::Text(b" ")),
                ESC => self.state = State::Escape,
                _ => {}
            },
            State::Escape => {
                self.state = match byte {
                    b'[' => State::Control,
                    b']' => State::Command,
                    b'P' | b'X' | b'^' | b'_' => State::Ignored,
                    0x20..=0x2f => State::Charset,
                    ESC => State::Escape,
                    _ => State::Ground,
                }
            }
            State::Charset | State::Control if byte == ESC => self.restart(),
            State::Charset => self.reset(),
            State::Control => match byte {
                0x20..=0x3f => self.hold(byte, PARAMETER_LIMIT),
                0x40..=0x7e => {
                    sink(Piece::Control(&self.held, byte));
                    self.reset();
                }
                _ => self.reset(),
            },
            State::Command => match byte {
                ESC => self.state = State::CommandEscape,
                BEL => self.end_command(sink),
                _ => self.hold(byte, OSC_LIMIT),
            },
            State::CommandEscape if byte == b'\\' => self.end_command(sink),
            State::Ignored if byte == ESC => self.state = State::IgnoredEscape,
            State::Ignored if byte == BEL => self.reset(),
            State::Ignored => {}
            State::IgnoredEscape if byte == b'\\' => self.reset(),
            State::CommandEscape | State::IgnoredEscape => {
                self.restart();
                self.take(byte, sink);
            }
        }
    }

    /// Begins an escape sequence in place of the one that was not ended.
    fn restart(&mut self) {
        self.reset();
        self.state = State::Escape;
    }

    fn end_command(&mut self, mut sink: impl FnMut(Piece<'_>)) {
        if self.held.len() < OSC_LIMIT {
            sink(Piece::Command(&self.held));
        }
        self.reset();
    }

    fn hold(&mut self, byte: u8, limit: usize) {
        if self.held.len() < limit {
            self.held.push(byte);
        }
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f
}

/// Returns a line as a terminal would show it in the end: no colours, what was written over resolved, no control
/// characters, no space at its end.
pub fn clean(line: &[u8]) -> String {
    if line.iter().all(|&byte| !is_control(byte)) {
        let text = String::from_utf8_lossy(line);
        let shown: String = text.chars().filter(|c| !c.is_control()).take(COLUMN_LIMIT).collect();
        return shown.trim_end().to_owned();
    }
    let mut row = Row::default();
    Splitter::default().feed(line, |_, piece| row.take(&piece));
    row.cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// Returns a text of several lines, each of them cleaned.
pub fn clean_lines(text: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        out.push_str(&clean(&rest[..end]));
        if end < rest.len() {
            out.push('\n');
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out
}

/// Returns at most `limit` characters of a text, with a mark if that is not all of it.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let short: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{short}…")
}

/// One row of a terminal; a wide character takes one column, which is near enough for reading.
#[derive(Default)]
struct Row {
    cells: Vec<char>,
    column: usize,
}

impl Row {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                text.chars().filter(|c| !c.is_control()).for_each(|c| self.put(c));
            }
            Piece::Return => self.column = 0,
            Piece::Back => self.column = self.column.saturating_sub(1),
            Piece::Control(parameters, last) => self.control(parameters, *last),
            Piece::LineEnd | Piece::Command(_) => {}
        }
    }

    fn put(&mut self, c: char) {
        if self.column >= COLUMN_LIMIT {
            return;
        }
        if self.cells.len() <= self.column {
            self.cells.resize(self.column + 1, ' ');
        }
        self.cells[self.column] = c;
        self.column += 1;
    }

    fn control(&mut self, parameters: &[u8], last: u8) {
        let number = std::str::from_utf8(parameters).ok().and_then(|text| text.parse().ok());
        let count: usize = number.unwrap_or(0).min(MOVE_LIMIT);
        match last {
            b'K' if count == 0 => self.cells.truncate(self.column),
            b'K' if count == 1 => {
                self.cells.iter_mut().take(self.column + 1).for_each(|cell| *cell = ' ');
            }
            b'K' => self.cells.clear(),
            b'G' => self.column = count.saturating_sub(1),
            b'C' => {
                let right = (self.column + count.max(1)).min(MOVE_LIMIT);
                self.column = self.column.max(right);
            }
            b'D' => self.column = self.column.saturating_sub(count.max(1)),
            _ => {}
        }
    }
}
