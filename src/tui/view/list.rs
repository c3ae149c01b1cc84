//! Rows of a list, the selected ones marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::text;
use crate::tui::theme::Theme;
use crate::tui::view_model::{Row, Selected, layout};

/// Draws rows from the top of a pane.
pub fn draw(rows: &[Row], area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let room = layout::inner(area);
    for (y, row) in (room.y..room.bottom()).zip(rows) {
        let place = Rect { y, height: 1, ..room };
        let ground = buffer.cell(place.as_position()).map(|cell| cell.bg);
        text::line(&row.line, place, theme, buffer);
        if row.selected == Selected::Yes {
            select(place, ground, theme, buffer);
        }
    }
}

/// Lays the look of a selection over a row; what has a ground of its own there keeps it.
fn select(row: Rect, ground: Option<Color>, theme: &Theme, buffer: &mut Buffer) {
    let look = theme.selection();
    for at in row.intersection(buffer.area).positions() {
        let Some(cell) = buffer.cell_mut(at) else { continue };
        let stands_out = Some(cell.bg) != ground || cell.modifier.contains(Modifier::REVERSED);
        cell.set_style(if stands_out { Style { bg: None, ..look } } else { look });
        if stands_out && look.add_modifier.contains(Modifier::REVERSED) {
            cell.modifier.remove(Modifier::REVERSED);
        }
    }
}
