//! All that is known of the selected workstream.

use ratatui::layout::Rect;

use super::inbox::places;
use super::status::{head, unrepeated};
use super::text::{Line, wrap};
use super::{Pane, Scene, attempt_table, estimate, ledger, mark, page, why};
use crate::core::WorkstreamId;
use crate::core::verdict::DiffSize;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// A prompt is shown in no more lines.
const PROMPT: usize = 60;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let columns = page::columns(area);
    let Some(ws) = scene.selected() else {
        let lines = vec![Line::of("No workstream is selected.", Role::Strong)];
        return page::pane(area, ("Workstream", String::new()), lines, 0);
    };
    let lines = lines(ws, scene, columns);
    let above = scene.ui.page;
    page::pane(area, (&format!("{} · {}", ws.id, ws.title), String::new()), lines, above)
}

fn lines(ws: &WorkstreamFacts, scene: &Scene<'_>, columns: usize) -> Vec<Line> {
    let state = mark::state(ws);
    let mut first = Line::of(format!("{} ", state.sign), state.role);
    first.append(head(ws, scene.now));
    let mut lines = vec![first.cut(columns)];
    lines.extend(wrapped(&unrepeated(&ws.explain, ws), Role::Text, columns));
    if let Some(trouble) = &ws.trouble {
        lines.extend(wrapped(&format!("⚠ {trouble}"), Role::Bad, columns));
    }
    let to_come = estimate::lines(ws, (scene.facts, scene.now), columns);
    if !to_come.is_empty() {
        section(&mut lines, "What is likely to come");
        lines.extend(to_come);
    }
    section(&mut lines, "What is to be done");
    lines.extend(prompt(ws, columns));
    section(&mut lines, "Attempts");
    if ws.attempts.is_empty() {
        lines.push(Line::of("none yet", Role::Dim));
    }
    lines.extend(attempt_table::lines(ws, scene.now, columns));
    if !ws.attempts.is_empty() {
        section(&mut lines, "Evidence");
        lines.extend(ledger::evidence(ws, scene.now, columns));
    }
    section(&mut lines, "Chain");
    lines.extend(why::chain(ws, columns));
    section(&mut lines, "Where one can go back to");
    lines.extend(rollbacks(ws, columns));
    section(&mut lines, "Where");
    lines.extend(places(ws, columns));
    lines.push(ledger::path("processes", &why::processes(ws), columns));
    lines
}

fn wrapped(text: &str, role: Role, columns: usize) -> impl Iterator<Item = Line> {
    wrap(text, columns).into_iter().map(move |text| Line::of(text, role))
}

fn section(lines: &mut Vec<Line>, title: &str) {
    lines.push(Line::new());
    lines.push(Line::of(title, Role::Accent));
}

fn prompt(ws: &WorkstreamFacts, columns: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = wrapped(&ws.prompt, Role::Text, columns).collect();
    if lines.is_empty() {
        lines.push(Line::of("its prompt is not known: it is configured no more", Role::Dim));
    }
    let more = lines.len().saturating_sub(PROMPT);
    if more > 0 {
        lines.truncate(PROMPT);
        lines.push(Line::of(format!("… {more} more lines"), Role::Dim));
    }
    for task in &ws.tasks {
        lines.extend(wrapped(&format!("· {task}"), Role::Text, columns));
    }
    if !ws.after.is_empty() {
        let after: Vec<&str> = ws.after.iter().map(WorkstreamId::as_str).collect();
        lines.extend(wrapped(&format!("after {}", after.join(", ")), Role::Dim, columns));
    }
    lines
}

/// Returns the states of the worktree that it can be tried again from, which are those that `retry-from` offers.
fn rollbacks(ws: &WorkstreamFacts, columns: usize) -> Vec<Line> {
    if ws.worktree.is_none() {
        return vec![Line::of("it has no worktree yet", Role::Dim)];
    }
    let left = ws.attempts.iter().filter_map(|attempt| {
        let diff: DiffSize = attempt.ended.and(attempt.diff)?;
        let line = Line::of(format!("what attempt {} left", attempt.id), Role::Text)
            .with(format!("  {}", ledger::change(diff)), Role::Dim);
        Some(line.cut(columns))
    });
    std::iter::once(Line::of("what it started from", Role::Text)).chain(left).collect()
}
