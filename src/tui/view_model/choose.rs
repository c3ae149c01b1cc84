//! One of several, with what there is to know before.

use ratatui::layout::Rect;

use super::dialog::{entry, hint, widest, window};
use super::layout::inner;
use super::text::{Line, wrap};
use super::workstreams::first_shown;
use super::{Dialog, Row, Scrolled};
use crate::tui::clean::width;
use crate::tui::theme::Role;

/// No text above the choices is wider, unless a choice is.
const TEXT: usize = 64;
/// The choices that have a number.
const NUMBERED: usize = 9;

/// Returns the dialog: the choices, numbered as far as there are digits, under the text.
pub fn dialog(
    body: Rect,
    (title, about): (&str, &str),
    labels: &[&str],
    selected: usize,
) -> Dialog {
    let title = Line::of(format!(" {title} "), Role::Text).cut(widest(body));
    let longest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let said = about.lines().map(|line| width(line) + 4).max().unwrap_or(0).min(TEXT);
    let columns = (longest + 8).max(title.width()).max(said).clamp(40, widest(body).max(40));
    let rows_left = usize::from(body.height).saturating_sub(labels.len() + 3).max(1);
    let mut rows = text(about, columns.saturating_sub(4), rows_left);
    let area = window(body, columns, rows.len() + labels.len());
    let room = inner(area);
    for row in &mut rows {
        row.line = std::mem::take(&mut row.line).cut(usize::from(room.width));
    }
    let shown = usize::from(room.height).saturating_sub(rows.len()).max(1);
    let selected = selected.min(labels.len().saturating_sub(1));
    let first = first_shown(selected, shown, labels.len());
    for (number, label) in labels.iter().enumerate().skip(first).take(shown) {
        let digit = if number < NUMBERED { format!("{}  ", number + 1) } else { "   ".to_owned() };
        let line = Line::of(if number == selected { " ▸ " } else { "   " }, Role::Accent)
            .with(digit, Role::Key)
            .with(label, Role::Text);
        rows.push(entry(line.cut(usize::from(room.width)), number, selected));
    }
    let digits = format!("1-{}", labels.len().min(NUMBERED));
    Dialog {
        area,
        title,
        hint: hint(&[(digits.as_str(), "go to"), ("Enter", "choose"), ("Esc", "cancel")])
            .cut(usize::from(room.width)),
        rows,
        cursor: None,
        scroll: (labels.len() > shown).then_some(Scrolled {
            above: first,
            shown,
            total: labels.len(),
        }),
    }
}

/// Returns the text on at most so many rows, with an empty one below it; nothing if there is none.
fn text(about: &str, columns: usize, most: usize) -> Vec<Row> {
    let lines = about.lines().flat_map(|line| wrap(line, columns)).collect::<Vec<_>>();
    let cut = lines.len() > most;
    let mut rows: Vec<Row> = lines
        .into_iter()
        .take(most)
        .map(|line| Row::plain(Line::of("  ", Role::Text).with(line, Role::Text)))
        .collect();
    if let Some(last) = rows.last_mut().filter(|_| cut) {
        last.line = std::mem::take(&mut last.line).cut(columns).with("…", Role::Dim);
    }
    if !rows.is_empty() {
        rows.push(Row::default());
    }
    rows
}
