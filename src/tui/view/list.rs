//! Rows of a list, the selected ones marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::tui::theme::Theme;
use crate::tui::view_model::{Row, Selected, layout};

/// Draws rows from the top of a pane.
pub fn draw(rows: &[Row], area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let room = layout::inner(area);
    for (y, row) in (room.y..room.bottom()).zip(rows) {
        let place = Rect { y, height: 1, ..room };
        text::line(&row.line, place, theme, buffer);
        if row.selected == Selected::Yes {
            buffer.set_style(place, theme.selection());
        }
    }
}
