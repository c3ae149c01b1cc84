//! The frame of a pane: its title, what stands at its right, and where a longer content is scrolled to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::view_model::{Focused, Pane, Scrolled};

/// Draws the frame.
pub fn draw(pane: &Pane, theme: &Theme, buffer: &mut Buffer) {
    let (border, title) = match pane.focused {
        Focused::Yes => (theme.style(Role::BorderFocus), theme.style(Role::TitleFocus)),
        Focused::No => (theme.style(Role::Border), theme.style(Role::Title)),
    };
    frame(pane.area, border, buffer);
    if let Some(scroll) = pane.scroll {
        bar(pane.area, scroll, border, buffer);
    }
    let edge = Rect { height: 1, ..inset(pane.area) };
    let note = u16::try_from(pane.note.width()).unwrap_or(0).min(edge.width);
    let at = Position { x: edge.x, y: edge.y };
    text::text(&pane.title.text(), at, (edge.right() - note, title), buffer);
    text::line(&pane.note, Rect { x: edge.right() - note, width: note, ..edge }, theme, buffer);
}

fn inset(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// Draws the lines around an area.
pub fn frame(area: Rect, style: Style, buffer: &mut Buffer) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    let mut put = |x: u16, y: u16, sign: &str| {
        if let Some(cell) = buffer.cell_mut((x, y)) {
            cell.set_symbol(sign).set_style(style);
        }
    };
    for x in area.x + 1..right {
        put(x, area.y, "─");
        put(x, bottom, "─");
    }
    for y in area.y + 1..bottom {
        put(area.x, y, "│");
        put(right, y, "│");
    }
    put(area.x, area.y, "╭");
    put(right, area.y, "╮");
    put(area.x, bottom, "╰");
    put(right, bottom, "╯");
}

/// Thickens the part of the right edge that stands for what is shown.
pub fn bar(area: Rect, scroll: Scrolled, style: Style, buffer: &mut Buffer) {
    let rows = usize::from(area.height.saturating_sub(2));
    if rows == 0 || scroll.total <= scroll.shown {
        return;
    }
    let length = (rows * scroll.shown / scroll.total).clamp(1, rows);
    let hidden = scroll.total - scroll.shown;
    let start = (rows - length) * scroll.above.min(hidden) / hidden;
    for row in start..start + length {
        let y = area.y + 1 + u16::try_from(row).unwrap_or(0);
        if let Some(cell) = buffer.cell_mut((area.right() - 1, y)) {
            cell.set_symbol("┃").set_style(style);
        }
    }
}
