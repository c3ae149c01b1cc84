//! Windows that lie over the view.

use ratatui::layout::Rect;

use super::layout::inner;
use super::text::{Line, wrap};
use super::{
    Dialog, Hit, Row, Scene, Scrolled, Selected, choose, form, help, line_input, palette, rewrite,
    why,
};
use crate::tui::state::Modal;
use crate::tui::theme::Role;

/// No dialog is wider than this; longer lines are hard to read.
const WIDEST: u16 = 100;

/// Returns the open dialog.
pub fn dialog(scene: &Scene<'_>, body: Rect) -> Option<Dialog> {
    match scene.ui.modal.as_ref()? {
        Modal::Help { scroll } => Some(help::dialog(scene, body, *scroll)),
        Modal::Palette { input, selected } => Some(palette::dialog(scene, body, input, *selected)),
        Modal::Confirm { question, .. } => Some(confirm(body, question)),
        Modal::Line { workstream, purpose, input } => {
            Some(line_input::dialog(body, workstream, purpose, input))
        }
        Modal::Choose { title, about, choices, selected, .. } => {
            let labels: Vec<&str> = choices.iter().map(|(label, _)| label.as_str()).collect();
            Some(choose::dialog(body, (title, about), &labels, *selected))
        }
        Modal::Themes { selected, .. } => {
            let known = scene.ui.themes.known.iter();
            let labels: Vec<&str> = known.map(|known| known.name.as_str()).collect();
            Some(choose::dialog(body, ("Theme", ""), &labels, *selected))
        }
        Modal::New(new) => Some(form::dialog(body, new, scene.ui.survey.as_deref())),
        Modal::Rewrite(written) => Some(rewrite::dialog(body, written)),
        Modal::Why { scroll } => Some(why::dialog(scene, body, *scroll)),
    }
}

/// Returns a window of these inner columns and rows in the middle of the body, as large as there is room for.
pub fn window(body: Rect, columns: usize, rows: usize) -> Rect {
    let most = body.width.saturating_sub(4);
    let width = u16::try_from(columns).unwrap_or(most).saturating_add(2).clamp(8, most.max(8));
    let height = u16::try_from(rows).unwrap_or(body.height).saturating_add(2).min(body.height);
    Rect {
        x: body.x + body.width.saturating_sub(width) / 2,
        y: body.y + body.height.saturating_sub(height) / 2,
        width,
        height,
    }
}

/// Returns the inner columns that a window can have at most.
pub fn widest(body: Rect) -> usize {
    usize::from(body.width.saturating_sub(4).min(WIDEST).saturating_sub(2))
}

/// Returns the end of a dialog's frame: pairs of a key and what it does.
pub fn hint(pairs: &[(&str, &str)]) -> Line {
    let mut line = Line::new();
    for (key, what) in pairs {
        line.push(" ", Role::KeyText);
        line.push(key, Role::Key);
        line.push(format!(" {what} "), Role::KeyText);
    }
    line
}

/// Returns a dialog that is read and scrolled.
pub fn reading(body: Rect, title: &str, lines: Vec<Line>, scroll: usize) -> Dialog {
    let columns = lines.iter().map(Line::width).max().unwrap_or(0) + 2;
    let area = window(body, columns, lines.len());
    let room = inner(area);
    let shown = usize::from(room.height);
    let total = lines.len();
    let above = scroll.min(total.saturating_sub(shown));
    let rows = lines.into_iter().skip(above).take(shown).map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(usize::from(room.width)))
    });
    let keys: &[_] =
        if total > shown { &[("j k", "scroll"), ("Esc", "close")] } else { &[("Esc", "close")] };
    Dialog {
        area,
        title: Line::of(format!(" {title} "), Role::Text).cut(usize::from(room.width)),
        hint: hint(keys).cut(usize::from(room.width)),
        rows: rows.collect(),
        cursor: None,
        scroll: (total > shown).then_some(Scrolled { above, shown, total }),
    }
}

fn confirm(body: Rect, question: &str) -> Dialog {
    let texts = wrap(question, widest(body).min(64).saturating_sub(4));
    let columns = texts.iter().map(|text| crate::tui::clean::width(text)).max().unwrap_or(0);
    let area = window(body, (columns + 4).max(28), texts.len() + 2);
    let room = inner(area);
    let mut rows = vec![Row::default()];
    rows.extend(
        texts.into_iter().map(|text| Row::plain(Line::of("  ", Role::Text).with(text, Role::Text))),
    );
    rows.truncate(usize::from(room.height));
    Dialog {
        area,
        title: Line::of(" Sure? ", Role::Text),
        hint: hint(&[("y", "yes"), ("n", "no")]),
        rows,
        cursor: None,
        scroll: None,
    }
}

/// Returns a row that can be chosen.
pub fn entry(line: Line, number: usize, selected: usize) -> Row {
    Row {
        line,
        selected: if number == selected { Selected::Yes } else { Selected::No },
        hit: Some(Hit::Entry(number)),
    }
}
