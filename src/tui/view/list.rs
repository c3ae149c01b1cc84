//! Rows of a list, the selected ones marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::view_model::{Row, Selected, layout};

/// Draws rows from the top of a pane.
pub fn draw(rows: &[Row], area: Rect, theme: &Theme, buffer: &mut Buffer) {
    let room = layout::inner(area);
    for (y, row) in (room.y..room.bottom()).zip(rows) {
        let place = Rect { y, height: 1, ..room };
        text::line(&row.line, place, theme, buffer);
        if row.selected == Selected::Yes {
            buffer.set_style(place, selection(theme));
        }
    }
}

/// A selection that exchanges text and background does so for the whole row in one look, or it would be patchwork.
fn selection(theme: &Theme) -> Style {
    let style = theme.style(Role::Selection);
    if style.add_modifier.contains(Modifier::REVERSED) {
        let ground = theme.ground();
        style
            .fg(ground.fg.unwrap_or_default())
            .bg(theme.background())
            .remove_modifier(Modifier::DIM)
    } else {
        style
    }
}
