//! Text with roles, cut and joined to a width.

use std::ops::Range;

use crate::tui::clean::{Shape, clean, shape, width};
use crate::tui::theme::Role;

/// A piece of text that has one role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text: one line, safe to show.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// What it stands on; none if that is nothing of its own.
    pub ground: Option<Role>,
}

/// A line of pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The pieces from left to right.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// Returns an empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a line of one piece.
    pub fn of(text: impl AsRef<str>, role: Role) -> Self {
        Self::new().with(text, role)
    }

    /// Adds a piece at the end; what must not be shown of the text is left out.
    #[must_use]
    pub fn with(mut self, text: impl AsRef<str>, role: Role) -> Self {
        self.push(text, role);
        self
    }

    /// Adds a piece at the end; what must not be shown of the text is left out.
    pub fn push(&mut self, text: impl AsRef<str>, role: Role) {
        let text = clean(text.as_ref());
        if !text.is_empty() {
            self.pieces.push(Piece { text, role, ground: None });
        }
    }

    /// Returns the line on a ground.
    #[must_use]
    pub fn on(mut self, ground: Option<Role>) -> Self {
        self.pieces.iter_mut().for_each(|piece| piece.ground = ground);
        self
    }

    /// Adds the pieces of another line at the end.
    pub fn append(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }

    /// Adds spaces until the line is as wide as this.
    #[must_use]
    pub fn padded(mut self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        self.push(" ".repeat(missing), Role::Text);
        self
    }

    /// Returns the columns that the line takes.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| width(&piece.text)).sum()
    }

    /// Says whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Returns the text without roles.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Cuts the line to a width, with `…` where something is missing.
    #[must_use]
    pub fn cut(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut out = Self::new();
        let mut room = columns;
        for piece in self.pieces {
            let wide = width(&piece.text);
            // One column is kept for the mark that something is missing.
            if wide < room {
                room -= wide;
                out.pieces.push(piece);
            } else {
                out.pieces.push(Piece { text: cut_always(&piece.text, room), ..piece });
                return out;
            }
        }
        out
    }

    /// Puts one line at the left and one at the right of a width; the left one is cut if both do not fit.
    #[must_use]
    pub fn spread(left: Self, right: Self, columns: usize) -> Self {
        let right = right.cut(columns);
        let gap = usize::from(!right.is_empty());
        let room = columns.saturating_sub(right.width() + gap);
        let mut line = left.cut(room).padded(columns - right.width());
        line.append(right);
        line
    }
}

/// Cuts a text to a width, with `…` where something is missing.
pub fn cut(text: &str, columns: usize) -> String {
    let text = clean(text);
    if width(&text) <= columns { text } else { cut_always(&text, columns) }
}

/// Cuts a text to a width from the left, so that its end stays: for paths.
pub fn cut_left(text: &str, columns: usize) -> String {
    let text = clean(text);
    if width(&text) <= columns {
        return text;
    }
    let mut room = columns.saturating_sub(1);
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        match shape(c) {
            Shape::Cell(_, wide) if usize::from(wide) > room => break,
            Shape::Cell(_, wide) => {
                room -= usize::from(wide);
                start = at;
            }
            Shape::Mark | Shape::Nothing => {}
        }
    }
    if columns == 0 { String::new() } else { format!("…{}", &text[start..]) }
}

/// Returns the bytes of a text that lie within so many columns behind its first ones, and how many columns of a wide
/// character that was cut in two stand before them.
pub fn window(text: &str, (left, columns): (usize, usize)) -> (usize, Range<usize>) {
    let right = left.saturating_add(columns);
    let (mut column, mut start, mut before) = (0_usize, None, 0);
    for (at, c) in text.char_indices() {
        let Shape::Cell(_, wide) = shape(c) else { continue };
        if column >= right {
            return (before, start.unwrap_or(at)..at);
        }
        if column >= left && start.is_none() {
            start = Some(at);
            before = column - left;
        }
        column += usize::from(wide);
    }
    (before, start.unwrap_or(text.len())..text.len())
}

fn cut_always(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut room = columns.saturating_sub(1);
    for c in text.chars() {
        match shape(c) {
            Shape::Cell(_, wide) if usize::from(wide) > room => break,
            Shape::Cell(_, wide) => room -= usize::from(wide),
            Shape::Mark | Shape::Nothing => {}
        }
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Breaks a text into lines of at most this width, after words where that is possible. Line breaks in it stay.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut out = Vec::new();
    for paragraph in text.lines() {
        let paragraph = clean(paragraph);
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let wide = width(word);
            if used > 0 && used + 1 + wide > room {
                out.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for c in word.chars() {
                let wide = columns(c);
                if used + wide > room {
                    out.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += wide;
            }
        }
        out.push(line);
    }
    out
}

/// Returns the columns that a character takes.
pub fn columns(c: char) -> usize {
    width(c.encode_utf8(&mut [0; 4]))
}
