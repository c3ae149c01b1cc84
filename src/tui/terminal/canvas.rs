//! Frames: what is drawn is compared with what the terminal shows, and the difference becomes one piece of bytes.

use std::io;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Dialect;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const CLEAR: &[u8] = b"\x1b[0m\x1b[2J";

/// What the terminal shows, and the frame that comes next.
#[derive(Debug, Default)]
pub struct Canvas {
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    title: String,
    known: bool,
    dialect: Dialect,
}

impl Canvas {
    /// Returns a canvas for such a terminal.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// Forgets what the terminal shows: the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.known = false;
        self.title.clear();
    }

    /// Draws a frame and returns the bytes that show it, one synchronized update; none if nothing changed.
    ///
    /// `paint` fills the buffer and returns where the cursor stands, if it is visible. `title` is the window's,
    /// if the terminal knows of such.
    pub fn frame(
        &mut self,
        (width, height): (u16, u16),
        title: &str,
        paint: impl FnOnce(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<Vec<u8>> {
        let area = Rect::new(0, 0, width, height);
        self.next.resize(area);
        self.next.reset();
        let cursor = paint(area, &mut self.next);
        let whole = !self.known || self.shown.area != area;
        if whole {
            self.shown = Buffer::empty(area);
        }
        let changes = self.shown.diff(&self.next);
        let retitled = self.dialect == Dialect::Xterm && self.title != title;
        if !whole && !retitled && changes.is_empty() && cursor == self.cursor {
            return Ok(Vec::new());
        }
        let mut bytes = BEGIN.to_vec();
        if whole {
            bytes.extend_from_slice(CLEAR);
        }
        if retitled {
            bytes.extend_from_slice(format!("\x1b]2;{}\x1b\\", clean(title)).as_bytes());
        }
        if whole || self.cursor.is_some() {
            queue!(bytes, Hide)?;
        }
        if !changes.is_empty() {
            CrosstermBackend::new(&mut bytes).draw(changes.into_iter())?;
        }
        if let Some(position) = cursor {
            queue!(bytes, MoveTo(position.x, position.y), Show)?;
        }
        bytes.extend_from_slice(END);
        std::mem::swap(&mut self.shown, &mut self.next);
        self.cursor = cursor;
        title.clone_into(&mut self.title);
        self.known = true;
        Ok(bytes)
    }
}

fn clean(title: &str) -> String {
    title.chars().filter(|character| !character.is_control()).take(200).collect()
}
