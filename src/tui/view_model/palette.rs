//! All actions, found by typing.

use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::dialog::{entry, hint, widest, window};
use super::layout::inner;
use super::line_input::visible;
use super::text::Line;
use super::workstreams::first_shown;
use super::{Dialog, Row, Scene, Scrolled};
use crate::tui::theme::Role;

/// Rows of actions, so that the window does not jump while one types.
const ROWS: usize = 14;

/// The columns of a name.
const NAME: usize = 12;

/// Returns the dialog; the number of an entry is its place among [`Scene::palette`].
pub fn dialog(scene: &Scene<'_>, body: Rect, input: &Input, selected: usize) -> Dialog {
    let area = window(body, widest(body).min(76), ROWS + 2);
    let room = inner(area);
    let columns = usize::from(room.width);
    let (typed, column) = visible(input, columns.saturating_sub(4));
    let cursor = Position { x: room.x + 3 + u16::try_from(column).unwrap_or(0), y: room.y };
    let mut rows = vec![
        Row::plain(Line::of(" : ", Role::Accent).with(typed, Role::Strong)),
        Row::plain(Line::of("─".repeat(columns), Role::Border)),
    ];
    let shown = usize::from(room.height).saturating_sub(rows.len()).max(1);
    let total = scene.palette.len();
    let selected = selected.min(total.saturating_sub(1));
    let first = first_shown(selected, shown, total);
    for (number, hint) in scene.palette.iter().enumerate().skip(first).take(shown) {
        let pointer = if number == selected { " ▸ " } else { "   " };
        // A name and what it means are apart by two spaces.
        let (name, meaning) = hint.what.split_once("  ").unwrap_or((&hint.what, ""));
        let left = Line::of(pointer, Role::Accent)
            .with(format!("{name:<NAME$}"), Role::Strong)
            .with(format!(" {meaning}"), Role::Dim);
        let right = Line::of(&hint.key, Role::Key).with(" ", Role::Text);
        rows.push(entry(Line::spread(left, right, columns), number, selected));
    }
    if total == 0 {
        rows.push(Row::plain(Line::of("   nothing matches", Role::Dim)));
    }
    Dialog {
        area,
        title: Line::of(" Commands ", Role::Text),
        hint: hint(&[("Enter", "do it"), ("Esc", "close")]),
        rows,
        cursor: room.contains(cursor).then_some(cursor),
        scroll: (total > shown).then_some(Scrolled { above: first, shown, total }),
    }
}
