//! Another prompt for the next attempt while it is being written down.

use ratatui::layout::{Position, Rect};

use super::dialog::{hint, widest, window};
use super::layout::inner;
use super::text::{Line, wrap};
use super::text_rows::text_rows;
use super::{Dialog, Row, Scrolled};
use crate::tui::state::Rewrite;
use crate::tui::theme::Role;

/// No text is wider or higher than this.
const LARGEST: (usize, usize) = (92, 24);

/// Returns the dialog.
pub fn dialog(body: Rect, rewrite: &Rewrite) -> Dialog {
    let area = window(body, widest(body).min(LARGEST.0), LARGEST.1.min(usize::from(body.height)));
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let about = if rewrite.asks {
        "Throw away what was typed?".to_owned()
    } else {
        format!("For the next attempt alone. {}", rewrite.about)
    };
    let role = if rewrite.asks { Role::Warning } else { Role::Dim };
    let said = wrap(about.trim_end(), columns.saturating_sub(2)).into_iter().take(2);
    let row = |line: Line| Row::plain(line.cut(columns));
    let mut rows: Vec<Row> = said.map(|line| row(Line::of(" ", role).with(line, role))).collect();
    let left = height.saturating_sub(rows.len()).max(1);
    let text = text_rows(&rewrite.text, (columns.saturating_sub(3), left));
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let cursor = Position {
        x: room.x.saturating_add(1).saturating_add(place(text.cursor.0)),
        y: room.y.saturating_add(place(rows.len() + text.cursor.1)),
    };
    let shown = text.rows.len();
    rows.extend(
        text.rows.into_iter().map(|line| row(Line::of(" ", Role::Text).with(line, Role::Strong))),
    );
    let keys = if rewrite.asks {
        hint(&[("y", "throw it away"), ("any other key", "go on")])
    } else {
        hint(&[("Ctrl-S", "retry with it"), ("Ctrl-E", "editor"), ("Esc", "cancel")])
    };
    let title = format!(" Retry {} with another prompt ", rewrite.workstream);
    Dialog {
        area,
        title: Line::of(title, Role::Text).cut(columns),
        hint: keys.cut(columns),
        rows,
        cursor: (!rewrite.asks && room.contains(cursor)).then_some(cursor),
        scroll: (text.total > shown).then_some(Scrolled {
            above: text.above,
            shown,
            total: text.total,
        }),
    }
}
