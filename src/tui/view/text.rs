//! Lines with roles.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::tui::theme::Theme;
use crate::tui::view_model::Line;

/// Draws a line at the left of an area of one row; returns the column behind it.
pub fn line(line: &Line, area: Rect, theme: &Theme, buffer: &mut Buffer) -> u16 {
    let mut x = area.x;
    for piece in &line.pieces {
        let style = match piece.ground {
            Some(ground) => theme.over(ground, piece.role),
            None => theme.style(piece.role),
        };
        x = text(&piece.text, Position { x, ..area.into() }, (area.right(), style), buffer);
    }
    x
}

/// Draws text up to a column; returns the column behind it.
pub fn text(text: &str, at: Position, (right, style): (u16, Style), buffer: &mut Buffer) -> u16 {
    let right = right.min(buffer.area.right());
    if at.x >= right || !buffer.area.contains(at) {
        return at.x;
    }
    let room = usize::from(right - at.x);
    buffer.set_stringn(at.x, at.y, text, room, style).0
}
