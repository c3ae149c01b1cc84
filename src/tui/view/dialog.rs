//! A window that lies over the view.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{list, pane, text};
use crate::tui::theme::{Role, Theme};
use crate::tui::view_model::Dialog;

/// Draws the window over whatever is there.
pub fn draw(dialog: &Dialog, theme: &Theme, buffer: &mut Buffer) {
    let area = dialog.area.intersection(buffer.area);
    for y in area.y..area.bottom() {
        // A wide character that begins beside the window would reach into it.
        let before = Position { x: area.x.saturating_sub(1), y };
        if let Some(cell) =
            buffer.cell_mut(before).filter(|cell| cell.symbol().chars().any(is_wide))
        {
            cell.set_symbol(" ");
        }
        for x in area.x..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(theme.ground().patch(theme.style(Role::Dialog)));
            }
        }
    }
    let border = theme.style(Role::BorderFocus);
    pane::frame(area, border, buffer);
    if let Some(scroll) = dialog.scroll {
        pane::bar(area, scroll, border, buffer);
    }
    let title = Position { x: area.x + 1, y: area.y };
    let right = area.right().saturating_sub(1);
    text::text(&dialog.title.text(), title, (right, theme.style(Role::TitleFocus)), buffer);
    let hint = u16::try_from(dialog.hint.width()).unwrap_or(0).min(area.width.saturating_sub(2));
    let place =
        Rect { x: right - hint, y: area.bottom().saturating_sub(1), width: hint, height: 1 };
    text::line(&dialog.hint, place, theme, buffer);
    list::draw(&dialog.rows, area, theme, buffer);
}

fn is_wide(c: char) -> bool {
    u32::from(c) >= 0x1100 && crate::tui::view_model::text::columns(c) == 2
}
