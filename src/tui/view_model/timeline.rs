//! What every workstream was at, as bars over time.

use std::time::Duration;

use ratatui::layout::Rect;

use super::layout::inner;
use super::row::{self, Columns};
use super::span::{Cell, bar, label, legend, to_come};
use super::status::seconds;
use super::text::{Line, cut};
use super::workstreams::first_shown;
use super::{
    Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected, estimate, ledger,
};
use crate::core::Timestamp;
use crate::core::time::clock;
use crate::ipc::facts::WorkstreamFacts;
use crate::ipc::forecast;
use crate::tui::clean::width;
use crate::tui::theme::Role;

/// Between two marks of the axis there are at least so many columns.
const APART: u64 = 12;
/// What may lie between two marks of the axis, in seconds.
const STEPS: &[u64] = &[
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
    172_800, 604_800,
];

/// The part of the time that is in sight, a column at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// When the first column begins.
    pub from: Timestamp,
    /// What a column stands for, in milliseconds.
    pub cell: u64,
    /// The columns.
    pub columns: usize,
}

impl Axis {
    /// Returns the axis for so many columns.
    ///
    /// Its columns begin at whole multiples of what they stand for, so that nothing moves before a column has passed.
    fn new(scene: &Scene<'_>, columns: usize) -> Self {
        let (from, span) = scene.ui.timeline.window(scene.facts, scene.now);
        let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX / 4);
        // One more than fits is never wanted: the last column is the one that has not passed.
        let least = millis.div_ceil(columns.saturating_sub(1).max(1) as u64).max(1);
        // Rounded, so that time that passes does not make all columns a little wider every second.
        let step = (least.next_power_of_two() / 32).max(1);
        let cell = least.div_ceil(step).saturating_mul(step);
        let end = from.0.saturating_add(millis).div_ceil(cell).saturating_mul(cell);
        let from = Timestamp(end.saturating_sub(cell.saturating_mul(columns as u64)));
        Self { from, cell, columns }
    }

    /// Returns the column of a time; none if it is out of sight.
    pub fn column(&self, at: Timestamp) -> Option<usize> {
        let column = at.0.checked_sub(self.from.0)? / self.cell;
        usize::try_from(column).ok().filter(|column| *column < self.columns)
    }
}

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let names = Columns::new(scene, columns);
    let lead = names.id + 4;
    let axis = Axis::new(scene, columns.saturating_sub(lead + 1).max(1));
    let all = &scene.facts.workstreams;
    let listed = height.saturating_sub(2).max(1);
    let each = if all.len() * 2 <= listed { 2 } else { 1 };
    let shown = (listed / each).max(1);
    let selected = scene.selected();
    let place = all.iter().position(|one| selected.is_some_and(|it| it.id == one.id));
    let first = first_shown(place.unwrap_or(0), shown, all.len());
    let mut rows = vec![Row::plain(scale(&axis, scene.now, lead))];
    for ws in all.iter().skip(first).take(shown) {
        rows.extend(bars(ws, scene, (&axis, names)).into_iter().take(each));
    }
    if all.is_empty() {
        rows.push(Row::plain(Line::of("  No workstreams yet.", Role::Strong)));
    }
    rows.extend(about(scene, (columns, height.saturating_sub(rows.len() + 1))));
    rows.resize_with(height.saturating_sub(1), Row::default);
    rows.push(Row::plain(legend(columns)));
    Pane {
        kind: PaneKind::Timeline,
        area,
        focused: Focused::Yes,
        title: Line::of(" Timeline ", Role::Text),
        note: Line::of(note(scene), Role::Dim),
        content: Content::Rows(rows),
        scroll: (all.len() > shown).then_some(Scrolled { above: first, shown, total: all.len() }),
    }
}

/// Says which part of the time is in sight.
fn note(scene: &Scene<'_>) -> String {
    let timeline = scene.ui.timeline;
    let (from, span) = timeline.window(scene.facts, scene.now);
    if let (Some(_), Some(end)) = (timeline.span, timeline.end) {
        return format!(" {} up to {} ago ", seconds(span), seconds(scene.now.since(end)));
    }
    let past = seconds(scene.now.since(from).min(span));
    let to_come = (from + span).since(scene.now);
    let past =
        if timeline.span.is_none() { format!("all {past}") } else { format!("the last {past}") };
    if to_come.as_secs() == 0 {
        format!(" {past} ")
    } else {
        format!(" {past} and {} to come ", estimate::about(to_come))
    }
}

/// Returns the times along the upper edge, counted from now.
fn scale(axis: &Axis, now: Timestamp, lead: usize) -> Line {
    let cell = axis.cell;
    let step = STEPS.iter().map(|step| step * 1000).find(|step| *step >= cell * APART);
    let step = step.unwrap_or_else(|| cell.saturating_mul(APART));
    let most = axis.columns as u64;
    let back = (now.0.saturating_sub(axis.from.0) / step).min(most);
    let end = axis.from.0.saturating_add(cell.saturating_mul(most));
    let ahead = (end.saturating_sub(now.0) / step).min(most);
    let span = |steps: u64| Duration::from_millis(steps * step);
    let past =
        (1..=back).rev().map(|steps| (now.before(span(steps)), format!("−{}", clock(span(steps)))));
    let to_come = (1..=ahead).map(|steps| (now + span(steps), format!("+{}", clock(span(steps)))));
    let mut text = String::new();
    for (at, word) in past.chain([(now, "now".to_owned())]).chain(to_come) {
        let Some(column) = axis.column(at) else { continue };
        // A time stands at the left of its column's mark; what has no room there is left out.
        let used = width(&text);
        let Some(gap) = column.checked_sub(width(&word) + used) else { continue };
        text.push_str(&" ".repeat(gap));
        text.push_str(&word);
        text.push('╷');
    }
    Line::of(" ".repeat(lead), Role::Text).with(text, Role::Dim)
}

/// Returns the rows of a workstream: its bar, and below it the agents and what became of them.
fn bars(ws: &WorkstreamFacts, scene: &Scene<'_>, (axis, names): (&Axis, Columns)) -> [Row; 2] {
    let lead = row::lead(ws, scene, names.id);
    let indent = lead.width();
    let mut upper = lead;
    let mut cells = bar(ws, axis, scene.now);
    let left = forecast::left(scene.facts, ws, scene.now);
    to_come(&mut cells, (ws, left), axis, scene.now);
    upper.append(joined(cells));
    let mut lower = Line::of(" ".repeat(indent), Role::Text);
    lower.append(labels(ws, axis));
    let selected = if scene.selected().is_some_and(|it| it.id == ws.id) {
        Selected::Yes
    } else {
        Selected::No
    };
    let hit = Some(Hit::Workstream(ws.id.clone()));
    [upper, lower].map(|line| Row { line: line.cut(names.width), selected, hit: hit.clone() })
}

/// Joins columns of one look to pieces.
fn joined(cells: Vec<Cell>) -> Line {
    let mut line = Line::new();
    let mut run = String::new();
    let mut role = Role::Text;
    for cell in cells {
        if cell.role != role && !run.is_empty() {
            line.push(std::mem::take(&mut run), role);
        }
        role = cell.role;
        run.push(cell.sign);
    }
    line.push(run, role);
    line
}

/// Returns the names of the agents and what became of them, each below the beginning of its attempt.
fn labels(ws: &WorkstreamFacts, axis: &Axis) -> Line {
    let column = |at: Timestamp| axis.column(at.max(axis.from));
    let starts: Vec<usize> =
        ws.attempts.iter().map(|attempt| column(attempt.begun).unwrap_or(axis.columns)).collect();
    let mut line = Line::new();
    for (place, attempt) in ws.attempts.iter().enumerate() {
        let ended_before = attempt.ended.is_some_and(|ended| ended < axis.from);
        let start = starts[place].max(line.width());
        let end = starts.get(place + 1).copied().unwrap_or(axis.columns);
        if ended_before || start >= end {
            continue;
        }
        let room = (end - start).saturating_sub(usize::from(end < axis.columns));
        if let Some(text) = label(attempt, room) {
            line = line.padded(start);
            line.append(text);
        }
    }
    line
}

/// Returns what is known of the selected workstream's attempts, as far as there is room for it.
fn about(scene: &Scene<'_>, (columns, height): (usize, usize)) -> Vec<Row> {
    let Some(ws) = scene.selected().filter(|_| height >= 4) else { return Vec::new() };
    let title = Line::of(format!(" {} ", ws.id), Role::Accent)
        .with(cut(&ws.title, columns / 2), Role::Strong);
    let mut lines = ledger::attempts(ws, scene.now, columns.saturating_sub(2));
    let left_out = lines.len().saturating_sub(height - 2);
    lines.drain(..left_out);
    let earlier = match left_out {
        0 => String::new(),
        count => format!("  {count} earlier not shown"),
    };
    let rows = lines.into_iter().map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(columns))
    });
    let head = [Row::default(), Row::plain(title.with(earlier, Role::Dim).cut(columns))];
    head.into_iter().chain(rows).collect()
}
