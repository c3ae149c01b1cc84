//! What was found in all logs: a line for each, and the log it is in.

use ratatui::layout::Rect;

use super::layout::inner;
use super::text::{Line, cut, wrap};
use super::workstreams::first_shown;
use super::{Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected};
use crate::tui::clean::width;
use crate::tui::found::{FoundIn, FoundLine, FoundLines, MOST, MOST_OF_ONE};
use crate::tui::theme::Role;

/// The columns of a name, at most.
const NAME: usize = 16;
/// The columns of an agent's name, at most; none where the screen is narrow.
const AGENT: usize = 14;
/// From so many columns on the agents are named.
const ROOMY: usize = 90;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height).max(1));
    let found = scene.found;
    let total = found.lines.len();
    let selected = scene.ui.found.selected.min(total.saturating_sub(1));
    let first = first_shown(selected, height, total);
    let widths = Widths::of(found, columns);
    let shown = (first..total).take(height).filter_map(|place| {
        let (log, line) = found.get(place)?;
        Some(Row {
            line: row((log, line), place == selected, &widths).cut(columns),
            selected: if place == selected { Selected::Yes } else { Selected::No },
            hit: Some(Hit::Found(place)),
        })
    });
    let mut rows: Vec<Row> = shown.collect();
    if rows.is_empty() {
        rows = nothing_yet(scene, room);
    }
    let room_of_edge = usize::from(area.width).saturating_sub(4);
    let note = note(scene).cut(room_of_edge);
    let title = Line::of(format!(" Found /{} ", scene.ui.found.pattern), Role::Text);
    Pane {
        kind: PaneKind::Found,
        area,
        focused: Focused::Yes,
        title: title.cut(room_of_edge.saturating_sub(note.width() + 1)),
        note,
        content: Content::Rows(rows),
        scroll: (total > height).then_some(Scrolled { above: first, shown: height, total }),
    }
}

/// The columns of what stands before the text.
struct Widths {
    name: usize,
    output: usize,
    agent: usize,
    line: usize,
}

impl Widths {
    fn of(found: &FoundLines, columns: usize) -> Self {
        let logs = || found.lines.iter().filter_map(|line| found.logs.get(line.log));
        let most = |of: &dyn Fn(&FoundIn) -> usize| logs().map(of).max().unwrap_or(0);
        let last = found.lines.iter().map(|line| line.line + 1).max().unwrap_or(0);
        let agent = if columns >= ROOMY { most(&|log| width(&log.agent)).min(AGENT) } else { 0 };
        Self {
            name: most(&|log| log.workstream.as_str().chars().count()).min(NAME),
            output: most(&|log| log.output.len()),
            agent,
            line: last.to_string().len(),
        }
    }
}

fn row((log, found): (&FoundIn, &FoundLine), is_selected: bool, widths: &Widths) -> Line {
    let place = format!("  {:>output$}", log.output, output = widths.output);
    let mut line = Line::of(if is_selected { "▸" } else { " " }, Role::Accent)
        .with(cut(log.workstream.as_str(), widths.name), Role::Strong)
        .padded(widths.name + 1)
        .with(place, Role::Dim);
    if widths.agent > 0 {
        let before = line.width() + 2;
        line = line
            .with(format!("  {}", cut(&log.agent, widths.agent)), Role::Dim)
            .padded(before + widths.agent);
    }
    line.push(format!("  {:>number$}  ", found.line + 1, number = widths.line), Role::Quiet);
    let mut at = 0;
    for range in &found.found {
        let part = |from: usize, to: usize| found.text.get(from..to).unwrap_or_default();
        line.push(part(at, range.start), Role::Text);
        line.push(part(range.start, range.end), Role::Found);
        at = range.end;
    }
    line.with(found.text.get(at..).unwrap_or_default(), Role::Text)
}

/// Says how much was found, in how many logs, and whether the list is all of it.
fn note(scene: &Scene<'_>) -> Line {
    let (found, logs) = (scene.found, scene.found.logs.len());
    let mut line = Line::new();
    if let Some((count, why)) = &found.unread {
        line.push(format!(" ⚠ {count} not read: {why} ·"), Role::Warning);
    }
    if scene.ui.found.is_given_up {
        line.push(format!(" given up after {} of {logs} ·", found.searched), Role::Warning);
    } else if !found.is_done {
        line.push(format!(" log {} of {logs} ·", found.searched + 1), Role::Accent);
    }
    let lines = match found.count {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    line.push(format!(" {lines} in {} of {logs} logs ", found.logs_with), Role::Dim);
    let listed = found.lines.len();
    if found.count > listed {
        let most = if listed >= MOST {
            format!("· only {MOST} here ")
        } else {
            format!("· only {MOST_OF_ONE} a log ")
        };
        line.push(most, Role::Warning);
    }
    line
}

fn nothing_yet(scene: &Scene<'_>, room: Rect) -> Vec<Row> {
    let (words, role) = if scene.ui.found.is_given_up {
        ("Nothing was found until the search was given up.", Role::Strong)
    } else if scene.found.is_done {
        ("Nothing in any log matches.", Role::Strong)
    } else {
        ("Searching …", Role::Dim)
    };
    let more = "All attempts of all workstreams and their checks are searched. A regular expression may be \
                used; capitals make case matter.";
    let columns = usize::from(room.width).saturating_sub(4);
    let more = wrap(more, columns).into_iter().map(|text| (text, Role::Dim));
    let said = [(String::new(), Role::Text), (words.to_owned(), role)].into_iter().chain(more);
    let rows = said.map(|(text, role)| Row::plain(Line::of(format!("  {text}"), role)));
    rows.take(usize::from(room.height)).collect()
}
