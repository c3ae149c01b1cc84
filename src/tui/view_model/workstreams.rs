//! The list of workstreams.

use ratatui::layout::Rect;

use super::layout::inner;
use super::row::{Columns, one, two};
use super::text::Line;
use super::{Content, Focused, Pane, PaneKind, Row, Scene, Scrolled, start};
use crate::tui::clean::clean;
use crate::tui::listed::listed;
use crate::tui::state::Focus;
use crate::tui::theme::Role;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let count = scene.facts.workstreams.len();
    let room = inner(area);
    let (rows, scroll) = if count == 0 {
        let room = (usize::from(room.width), usize::from(room.height));
        (start::rows(scene.ui.survey.as_deref(), scene.start, room), None)
    } else {
        rows(scene, room)
    };
    let all = listed(scene.facts, scene.ui);
    let place = all.iter().position(|workstream| {
        scene.selected().is_some_and(|selected| selected.id == workstream.id)
    });
    let note = match place {
        Some(place) if scene.ui.filter.is_some() => {
            format!(" {}/{} of {count} ", place + 1, all.len())
        }
        Some(place) if scroll.is_some() => format!(" {}/{count} ", place + 1),
        _ => String::new(),
    };
    let note = match scene.ui.marked.len() {
        0 => note,
        marked => format!(" {marked} selected {}", note.trim_start()),
    };
    Pane {
        kind: PaneKind::List,
        area,
        focused: if scene.ui.focus == Focus::List { Focused::Yes } else { Focused::No },
        title: title(scene),
        note: Line::of(note, Role::Dim),
        content: Content::Rows(rows),
        scroll,
    }
}

fn title(scene: &Scene<'_>) -> Line {
    let title = Line::of(" Workstreams ", Role::Text);
    match &scene.ui.filter {
        Some(filter) => title.with(format!("|{} ", clean(filter)), Role::Accent),
        None => title,
    }
}

fn rows(scene: &Scene<'_>, room: Rect) -> (Vec<Row>, Option<Scrolled>) {
    let columns = Columns::new(scene, usize::from(room.width));
    let height = usize::from(room.height);
    let all = listed(scene.facts, scene.ui);
    let each = if all.len() * 2 <= height { 2 } else { 1 };
    // With three rows for each there is room for air between them.
    let airy = all.len() * 3 <= height + 1 && all.len() > 1;
    let shown = (height / each).max(1);
    let selected = scene
        .selected()
        .and_then(|selected| all.iter().position(|one| one.id == selected.id))
        .unwrap_or(0);
    let first = first_shown(selected, shown, all.len());
    let mut rows = Vec::new();
    for workstream in all.iter().skip(first).take(shown) {
        if each == 2 {
            if airy && !rows.is_empty() {
                rows.push(Row::default());
            }
            rows.extend(two(workstream, scene, columns));
        } else {
            rows.push(one(workstream, scene, columns));
        }
    }
    let scroll = (all.len() > shown).then_some(Scrolled { above: first, shown, total: all.len() });
    (rows, scroll)
}

/// Returns the first row of a list that keeps the selected one in its middle, as far as its ends allow.
pub fn first_shown(selected: usize, shown: usize, total: usize) -> usize {
    selected.saturating_sub(shown / 2).min(total.saturating_sub(shown))
}
