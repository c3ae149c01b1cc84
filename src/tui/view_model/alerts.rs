//! What is wrong now, the worst first, and what is known of the chosen alert.

use ratatui::layout::Rect;

use super::layout::inner;
use super::notices::roughly;
use super::text::{Line, wrap};
use super::workstreams::first_shown;
use super::{Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected, mark};
use crate::core::alert::{Alert, Subject};
use crate::tui::theme::Role;

/// The columns of a name, at most.
const NAME: usize = 14;
/// The columns of the words for severity and level.
const WORDS: (usize, usize) = (9, 13);
/// From this many columns a row has the level as well.
const WITH_LEVEL: usize = 90;
/// The rows in which the chosen alert is told in full, its title included.
const ABOUT: usize = 7;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let all = &scene.facts.alerts;
    let about = if height >= ABOUT * 2 && !all.is_empty() { ABOUT } else { 0 };
    let shown = height.saturating_sub(about).max(1);
    let chosen = scene.ui.alerts.row(scene.facts);
    let first = first_shown(chosen, shown, all.len());
    let name = all.iter().map(|alert| alert.subject.to_string().chars().count());
    let name = name.max().unwrap_or(0).min(NAME);
    let listed = all.iter().enumerate().skip(first).take(shown);
    let mut rows: Vec<Row> = listed
        .map(|(place, alert)| entry(alert, scene, (place == chosen, name, columns)))
        .collect();
    if all.is_empty() {
        rows.push(Row::plain(Line::of("  Nothing is wrong.", Role::Strong).cut(columns)));
        let text = "  What fails, waits for you or holds the fleet stands here as long as it does.";
        rows.push(Row::plain(Line::of(text, Role::Dim).cut(columns)));
    }
    if let Some(alert) = scene.ui.alerts.alert(scene.facts).filter(|_| about > 0) {
        rows.resize_with(rows.len().max(shown.min(all.len())), Row::default);
        rows.push(Row::default());
        rows.extend(self::about(alert, scene, columns).into_iter().take(about - 1));
    }
    Pane {
        kind: PaneKind::Alerts,
        area,
        focused: Focused::Yes,
        title: Line::of(" Alerts ", Role::Text),
        note: Line::of(note(all), Role::Dim),
        content: Content::Rows(rows),
        scroll: (all.len() > shown).then_some(Scrolled { above: first, shown, total: all.len() }),
    }
}

fn note(all: &[Alert]) -> String {
    let open = all.iter().filter(|alert| !alert.acknowledged).count();
    match all.len() {
        0 => String::new(),
        count if count == open => format!(" {count} "),
        count => format!(" {open} of {count} not acknowledged "),
    }
}

fn entry(alert: &Alert, scene: &Scene<'_>, (chosen, name, columns): (bool, usize, usize)) -> Row {
    let mark = mark::alert(alert.weight.severity);
    let role = |role: Role| if alert.acknowledged { Role::Dim } else { role };
    let mut left = Line::of(if chosen { "▸" } else { " " }, Role::Accent)
        .with(format!("{} ", mark.sign), role(mark.role))
        .with(format!("{:<1$}", mark.word, WORDS.0), role(mark.role));
    if columns >= WITH_LEVEL {
        let level = alert.weight.level.words();
        left.push(format!("{level:<0$}", WORDS.1), role(Role::Text));
    }
    let indent = left.width();
    let left = left
        .with(super::text::cut(&alert.subject.to_string(), name), role(Role::Strong))
        .padded(indent + name + 2)
        .with(&alert.text, role(Role::Text));
    let mut right = Line::of("  ", Role::Text);
    if alert.acknowledged {
        right.push("✓ ", Role::Dim);
    }
    if alert.count > 1 {
        right.push(format!("×{} ", alert.count), role(Role::Text));
    }
    right.push(format!("{} ", since(alert, scene)), Role::Dim);
    Row {
        line: Line::spread(left, right, columns),
        selected: if chosen { Selected::Yes } else { Selected::No },
        hit: Some(Hit::Alert(alert.key.clone())),
    }
}

fn since(alert: &Alert, scene: &Scene<'_>) -> String {
    alert.since.map_or_else(|| "-".to_owned(), |since| roughly(scene.now.since(since)))
}

/// Tells the chosen alert in full.
fn about(alert: &Alert, scene: &Scene<'_>, columns: usize) -> Vec<Row> {
    let mark = mark::alert(alert.weight.severity);
    let head = Line::of(format!(" {} {}", mark.sign, mark.word), mark.role)
        .with(format!(" · {}", alert.weight.level.words()), Role::Text)
        .with(format!(" · {}", alert.subject), Role::Strong)
        .with(title(alert, scene), Role::Text);
    let mut lines = vec![head];
    for text in wrap(&alert.text, columns.saturating_sub(2)).into_iter().take(3) {
        lines.push(Line::of(" ", Role::Text).with(text, Role::Text));
    }
    let times = match alert.count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let state = if alert.acknowledged {
        "acknowledged: it is silent until it gets worse"
    } else {
        "not acknowledged"
    };
    let since = match since(alert, scene).as_str() {
        "now" => "just now".to_owned(),
        since => format!("for {since}"),
    };
    lines.push(Line::of(format!(" {since} · {times} · {state}"), Role::Dim));
    lines.into_iter().map(|line| Row::plain(line.cut(columns))).collect()
}

/// Returns the title of the workstream that an alert is about.
fn title(alert: &Alert, scene: &Scene<'_>) -> String {
    let id = match &alert.subject {
        Subject::Workstream(id) => id,
        Subject::Agent(_) | Subject::Fleet | Subject::Disk | Subject::Memory => {
            return String::new();
        }
    };
    let found = scene.facts.workstreams.iter().find(|ws| ws.id == *id);
    found.map_or_else(String::new, |ws| format!("  {}", ws.title))
}
