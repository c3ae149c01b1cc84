//! What is shown when the screen is too small for anything else.

use ratatui::layout::Rect;

use super::Bar;
use super::layout::{MIN_COLUMNS, MIN_ROWS};
use super::text::{Line, wrap};
use crate::tui::theme::Role;

/// Returns the lines, in the middle of the screen.
pub fn bars((columns, rows): (u16, u16)) -> Vec<Bar> {
    let text = format!(
        "too small: {columns}×{rows}, ostler needs {MIN_COLUMNS}×{MIN_ROWS}; work goes on, q leaves"
    );
    let width = usize::from(columns);
    let lines = wrap(&text, width.min(44));
    let top = rows.saturating_sub(u16::try_from(lines.len()).unwrap_or(rows)) / 2;
    (top..rows)
        .zip(lines)
        .map(|(y, text)| {
            let line = Line::of(text, Role::Text).cut(width);
            let left = width.saturating_sub(line.width()) / 2;
            let mut centred = Line::of(" ".repeat(left), Role::Text);
            centred.append(line);
            let area = Rect { x: 0, y, width: columns, height: 1 };
            Bar { area, line: centred, role: Role::Text }
        })
        .collect()
}
