//! Lines from one side of the screen to the other: header, banner, notice, footer.

use ratatui::buffer::Buffer;

use super::text;
use crate::tui::theme::Theme;
use crate::tui::view_model::Bar;

/// Draws a line over the whole of its area.
pub fn draw(bar: &Bar, theme: &Theme, buffer: &mut Buffer) {
    buffer.set_style(bar.area, theme.style(bar.role));
    text::line(&bar.line, bar.area, theme, buffer);
}
