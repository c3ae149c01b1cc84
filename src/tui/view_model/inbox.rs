//! What waits for the operator, and what is known of it.

use ratatui::layout::Rect;

use super::layout::inner;
use super::status::{question, seconds};
use super::text::{Line, cut, wrap};
use super::workstreams::first_shown;
use super::{Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected, ledger, mark};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::action::needs_you;
use crate::tui::theme::Role;

/// Returns the workstreams that wait for the operator, in their declared order.
fn waiting<'a>(scene: &'a Scene<'_>) -> Vec<&'a WorkstreamFacts> {
    let all = scene.facts.workstreams.iter().map(AsRef::as_ref);
    all.filter(|workstream| needs_you(workstream)).collect()
}

/// Returns the selected one of those.
fn chosen<'a>(scene: &'a Scene<'_>) -> Option<&'a WorkstreamFacts> {
    waiting(scene).into_iter().find(|one| Some(&one.id) == scene.ui.selected.as_ref())
}

/// Returns the pane with one line for each.
pub fn list(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let columns = usize::from(room.width);
    let all = waiting(scene);
    let shown = usize::from(room.height).max(1);
    let selected = all.iter().position(|one| Some(&one.id) == scene.ui.selected.as_ref());
    let first = first_shown(selected.unwrap_or(0), shown, all.len());
    let mut rows: Vec<Row> =
        all.iter().skip(first).take(shown).map(|one| entry(one, scene, columns)).collect();
    if all.is_empty() {
        let text = "  Nothing waits for you.";
        rows.push(Row::plain(Line::of(text, Role::Strong).cut(columns)));
    }
    Pane {
        kind: PaneKind::Inbox,
        area,
        focused: Focused::Yes,
        title: Line::of(" Inbox ", Role::Text),
        note: Line::new(),
        content: Content::Rows(rows),
        scroll: (all.len() > shown).then_some(Scrolled { above: first, shown, total: all.len() }),
    }
}

fn entry(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: usize) -> Row {
    let is_selected = Some(&workstream.id) == scene.ui.selected.as_ref();
    let mark = mark::state(workstream);
    let left = Line::of(if is_selected { "▸" } else { " " }, Role::Accent)
        .with(mark.sign, mark.role)
        .with(format!(" {}  ", workstream.id), Role::Dim)
        .with(&workstream.title, Role::Strong)
        .with("  ", Role::Text)
        .with(question(workstream).lines().next().unwrap_or_default(), Role::Text);
    let since = format!("for {} ", seconds(scene.now.since(workstream.since)));
    Row {
        line: Line::spread(left, Line::of(since, Role::Dim), columns),
        selected: if is_selected { Selected::Yes } else { Selected::No },
        hit: Some(Hit::Workstream(workstream.id.clone())),
    }
}

/// Returns the pane with all that is needed to decide.
pub fn detail(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let columns = usize::from(room.width).saturating_sub(2);
    let (title, mut lines) = match chosen(scene) {
        Some(workstream) => (
            format!(" {} · {} ", workstream.id, workstream.title),
            decision(workstream, scene, columns),
        ),
        None if waiting(scene).is_empty() => {
            let text = "What no agent can do by itself appears here.";
            (String::new(), vec![Line::of(text, Role::Dim)])
        }
        None => (String::new(), vec![Line::of("Choose one above.", Role::Dim)]),
    };
    lines.truncate(usize::from(room.height));
    let rows = lines.into_iter().map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(usize::from(room.width)))
    });
    Pane {
        kind: PaneKind::Detail,
        area,
        focused: if scene.ui.zoom { Focused::Yes } else { Focused::No },
        title: Line::of(cut(&title, usize::from(area.width).saturating_sub(4)), Role::Text),
        note: Line::new(),
        content: Content::Rows(rows.collect()),
        scroll: None,
    }
}

fn decision(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for text in wrap(&question(workstream), columns) {
        lines.push(Line::of(text, Role::Waiting));
    }
    lines.push(Line::new());
    lines.push(Line::of("What was tried", Role::Dim));
    lines.extend(ledger::attempts(workstream, scene.now, columns));
    if workstream.attempts.is_empty() {
        lines.push(Line::of("  nothing yet", Role::Dim));
    }
    lines.push(Line::new());
    let diff = workstream.attempts.iter().rev().find_map(|attempt| attempt.diff);
    let change = diff.map_or_else(|| "unknown".to_owned(), ledger::change);
    lines.push(Line::of(format!("{:<10}  ", "change"), Role::Dim).with(change, Role::Text));
    lines.extend(places(workstream, columns));
    lines.push(Line::new());
    lines.push(Line::of("What you can do", Role::Dim));
    lines.extend(flow(scene.keys, columns));
    lines
}

/// Puts keys side by side on as many lines as they take.
fn flow(keys: &[super::Hint], columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::new();
    for hint in keys {
        let next = Line::of(format!("  {}", hint.key), Role::Key)
            .with(format!(" {}", hint.what), Role::Text);
        if !line.is_empty() && line.width() + next.width() > columns {
            lines.push(std::mem::take(&mut line));
        }
        line.append(next);
    }
    lines.push(line);
    lines
}

/// Returns the paths that belong to a workstream, one a line.
pub fn places(workstream: &WorkstreamFacts, columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let shown = |path: &std::path::Path| path.display().to_string();
    if let Some(worktree) = &workstream.worktree {
        lines.push(ledger::path("worktree", &shown(worktree), columns));
    }
    if let Some(branch) = &workstream.branch {
        lines.push(ledger::path("branch", branch, columns));
    }
    if let Some(log) = &workstream.log {
        lines.push(ledger::path("log", &shown(log), columns));
    }
    if let Some(check) = &workstream.check_log {
        lines.push(ledger::path("check", &shown(check), columns));
    }
    lines
}
