//! A view that is one long text.

use ratatui::layout::Rect;

use super::layout::inner;
use super::text::Line;
use super::{Content, Focused, Pane, PaneKind, Row, Scrolled};
use crate::tui::theme::Role;

/// Returns the columns that the text has.
pub fn columns(area: Rect) -> usize {
    usize::from(inner(area).width).saturating_sub(2)
}

/// Returns the pane: so many lines are scrolled away, but never the last page.
pub fn pane(area: Rect, (title, note): (&str, String), lines: Vec<Line>, above: usize) -> Pane {
    let room = inner(area);
    let shown = usize::from(room.height);
    let total = lines.len();
    let above = above.min(total.saturating_sub(shown));
    let rows = lines.into_iter().skip(above).take(shown).map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(usize::from(room.width)))
    });
    let columns = usize::from(area.width).saturating_sub(4);
    let note = Line::of(note, Role::Dim).cut(columns);
    let title = Line::of(format!(" {title}"), Role::Text);
    Pane {
        kind: PaneKind::Page,
        area,
        focused: Focused::Yes,
        title: title.cut(columns.saturating_sub(note.width() + 2)).with(" ", Role::Text),
        note,
        content: Content::Rows(rows.collect()),
        scroll: (total > shown).then_some(Scrolled { above, shown, total }),
    }
}
