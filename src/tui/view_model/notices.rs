//! All that was told, the newest first.

use std::time::Duration;

use ratatui::layout::Rect;

use super::text::{Line, wrap};
use super::{Pane, Scene, mark, page};
use crate::core::WorkstreamId;
use crate::ipc::facts::Told;
use crate::tui::theme::Role;

/// The columns of how long ago it was.
const AGO: usize = 7;
/// The columns of a name, at most.
const NAME: usize = 14;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let columns = page::columns(area);
    let all = &scene.facts.notices;
    let names = all.iter().filter_map(|told| told.workstream.as_ref());
    let name = names.map(|id| id.as_str().chars().count()).max().unwrap_or(0).min(NAME);
    let mut lines: Vec<Line> =
        all.iter().rev().flat_map(|told| lines(told, scene, (name, columns))).collect();
    if lines.is_empty() {
        lines.push(Line::of("Nothing was told yet.", Role::Strong));
    }
    let unseen = all.iter().filter(|told| is_unseen(told, scene)).count();
    let note = match unseen {
        0 => format!(" {} ", all.len()),
        unseen => format!(" {} · {unseen} new • ", all.len()),
    };
    page::pane(area, ("Notices", note), lines, scene.ui.page)
}

fn is_unseen(told: &Told, scene: &Scene<'_>) -> bool {
    told.number > scene.ui.notices.before
}

fn lines(told: &Told, scene: &Scene<'_>, (name, columns): (usize, usize)) -> Vec<Line> {
    let mark = mark::severity(told.severity);
    let sign = if is_unseen(told, scene) { "•" } else { " " };
    let ago = roughly(scene.now.since(told.at));
    let id = told.workstream.as_ref().map_or("", WorkstreamId::as_str);
    let head = Line::of(format!("{sign} "), Role::Accent)
        .with(format!("{ago:>AGO$}  "), Role::Dim)
        .with(super::text::cut(id, name), Role::Strong)
        .padded(AGO + 4 + name)
        .with(format!("  {} ", mark.sign), mark.role);
    let indent = head.width();
    let texts = wrap(&told.text, columns.saturating_sub(indent));
    let mut head = Some(head);
    let line = |text: String| {
        let left = head.take().unwrap_or_else(|| Line::new().padded(indent));
        left.with(text, Role::Text)
    };
    texts.into_iter().map(line).collect()
}

/// Writes how long ago something was, so roughly that the list does not change every second.
pub(super) fn roughly(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..60 => "now".to_owned(),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86400),
    }
}
