//! A whole frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{bars, dialog, list, log, pane, plain};
use crate::tui::theme::{Glyphs, Theme};
use crate::tui::view_model::{Content, ViewModel};

/// Draws a frame; returns where the cursor stands, if it is to be seen.
///
/// Nothing is drawn outside the area; a model that was made for a larger one is cut.
pub fn render(
    model: &ViewModel,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = area.intersection(buffer.area);
    for at in area.positions() {
        if let Some(cell) = buffer.cell_mut(at) {
            cell.reset();
            cell.set_style(theme.ground());
        }
    }
    let screen = Rect { width: model.size.0, height: model.size.1, ..Rect::default() };
    if screen.intersection(area) != screen {
        // The screen has become smaller since; the next frame is on its way.
        return None;
    }
    for bar in model.header.iter().chain(&model.notice).chain(&model.too_small) {
        bars::draw(bar, theme, buffer);
    }
    for shown in &model.panes {
        pane::draw(shown, theme, buffer);
        match &shown.content {
            Content::Rows(rows) => list::draw(rows, shown.area, theme, buffer),
            Content::Log(lines) => log::draw(lines, shown.area, theme, buffer),
        }
    }
    if let Some(footer) = &model.footer {
        bars::draw(&footer.bar, theme, buffer);
    }
    if let Some(shown) = &model.dialog {
        dialog::draw(shown, theme, buffer);
    }
    if theme.glyphs == Glyphs::Ascii {
        plain::spell(area, buffer);
    }
    let cursor = match &model.dialog {
        Some(shown) => shown.cursor,
        None => model.cursor,
    };
    cursor.filter(|at| area.contains(*at))
}
