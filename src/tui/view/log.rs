//! Rows of a log in the colours that their writer chose, as far as they can be read.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::text;

use crate::tui::theme::Theme;
use crate::tui::view_model::{StyledLine, layout};

/// Draws rows from the top of a pane.
pub fn draw(lines: &[StyledLine], area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let room = layout::log_inner(area);
    for (y, line) in (room.y..room.bottom()).zip(lines) {
        let mut x = room.x;
        for span in &line.spans {
            let style = theme.ink(span.sgr);
            x = text::text(&span.text, Position { x, y }, (room.right(), style), buffer);
        }
    }
}
