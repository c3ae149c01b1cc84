//! The last two lines: what happened last, and the keys that work now.

use ratatui::layout::Rect;

use super::text::Line;
use super::{Bar, Footer, Hint, Scene, mark};
use crate::tui::theme::Role;

/// Returns what happened last: bright while it is news, dim after.
pub fn notice(scene: &Scene<'_>, area: Rect) -> Option<Bar> {
    if let Some(hint) = &scene.ui.hint {
        let line = Line::of(format!(" {hint}"), Role::Accent).cut(usize::from(area.width));
        return Some(Bar { area, line, role: Role::Text });
    }
    let told = scene.facts.notices.back();
    let asked = scene.ui.asked.as_ref();
    if let Some(asked) = asked.filter(|asked| told.is_none_or(|told| told.number <= asked.after)) {
        let line = Line::of(format!(" › {}", asked.what), Role::Accent);
        return Some(Bar { area, line: line.cut(usize::from(area.width)), role: Role::Text });
    }
    let told = told?;
    let fresh = scene.facts.notices.iter().filter(|told| told.number > scene.ui.faded);
    let more = fresh.count().saturating_sub(1);
    let is_news = told.number > scene.ui.faded;
    let mark = mark::severity(told.severity);
    let (role, text) = if is_news { (mark.role, Role::Text) } else { (Role::Dim, Role::Dim) };
    let mut line = Line::of(format!(" {} ", mark.sign), role);
    if let Some(workstream) = &told.workstream {
        line.push(format!("{workstream}  "), if is_news { Role::Strong } else { Role::Dim });
    }
    line.push(&told.text, text);
    let right = if more > 0 { Line::of(format!("+{more} more "), Role::Dim) } else { Line::new() };
    let line = Line::spread(line, right, usize::from(area.width));
    Some(Bar { area, line, role: Role::Text })
}

/// Returns the keys that fit; the last one always does.
pub fn footer(keys: &[Hint], area: Rect) -> Footer {
    let columns = usize::from(area.width);
    let mut line = Line::of(" ", Role::Text);
    let mut places = Vec::new();
    let last = keys.len().saturating_sub(1);
    let kept = keys.last().map_or(0, |hint| form(hint).width());
    for (number, hint) in keys.iter().enumerate() {
        let next = form(hint);
        let reserve = if number == last { 0 } else { kept + 2 };
        if line.width() + 2 + next.width() + reserve > columns {
            continue;
        }
        if !places.is_empty() {
            line.push("  ", Role::Text);
        }
        let start = line.width();
        line.append(next);
        let columns = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        places.push((columns(start)..columns(line.width()), number));
    }
    Footer { bar: Bar { area, line: line.cut(columns), role: Role::Text }, keys: places }
}

fn form(hint: &Hint) -> Line {
    Line::of(&hint.key, Role::Key).with(" ", Role::KeyText).with(&hint.what, Role::KeyText)
}
