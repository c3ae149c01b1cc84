//! The agents as a table.

use ratatui::layout::Rect;

use super::super::layout::inner;
use super::super::table::{self, Column, Side};
use super::super::text::Line;
use super::super::workstreams::first_shown;
use super::super::{Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected};
use super::figures::{self, Figures, UNKNOWN, percent, span};
use crate::tui::action::selected_agent;
use crate::tui::theme::Role;

/// Names are cut to this.
const NAME: usize = 16;
/// So many of the last ends are shown.
const ENDS: usize = 12;
/// With less room there are no reasons.
const WHY: usize = 20;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, all: &[Figures<'_>], area: Rect) -> Pane {
    let room = inner(area);
    let shown = usize::from(room.height).saturating_sub(1).max(1);
    let name = selected_agent(scene.facts, scene.ui).map(|agent| &agent.name);
    let place = all.iter().position(|one| Some(&one.facts.name) == name);
    let first = first_shown(place.unwrap_or(0), shown, all.len());
    let mut lines = table(scene, all, (place, usize::from(room.width))).into_iter();
    let mut rows: Vec<Row> = lines.next().into_iter().map(Row::plain).collect();
    for (line, (number, one)) in lines.zip(all.iter().enumerate()).skip(first).take(shown) {
        let selected = if place == Some(number) { Selected::Yes } else { Selected::No };
        rows.push(Row { line, selected, hit: Some(Hit::Agent(one.facts.name.clone())) });
    }
    if all.is_empty() {
        rows = vec![Row::plain(Line::of("  There is no agent.", Role::Strong))];
    }
    let scroll = (all.len() > shown).then_some(Scrolled { above: first, shown, total: all.len() });
    Pane {
        kind: PaneKind::Agents,
        area,
        focused: Focused::Yes,
        title: Line::of(" Agents ", Role::Text),
        note: Line::of(" the last 24 h ", Role::Dim),
        content: Content::Rows(rows),
        scroll,
    }
}

fn table(
    scene: &Scene<'_>,
    all: &[Figures<'_>],
    (place, room): (Option<usize>, usize),
) -> Vec<Line> {
    let numbers = |title, rank, cell: fn(&Figures<'_>) -> String| Column {
        title,
        rank,
        side: Side::Right,
        cells: all.iter().map(|one| known(cell(one))).collect(),
    };
    let words = |title, rank, cells| Column { title, rank, side: Side::Left, cells };
    let names = all.iter().enumerate().map(|(number, one)| name(one, place == Some(number)));
    let breakers = all.iter().map(|one| figures::breaker(&one.facts.breaker, scene.now));
    let columns = vec![
        words("  agent", 0, names.collect()),
        words("breaker", 0, breakers.collect()),
        numbers("at work", 0, load),
        numbers("success", 0, |one| percent(one.health.success_rate)),
        numbers("checks", 4, |one| percent(one.health.pass_rate)),
        numbers("p50", 2, |one| span(one.health.p50)),
        numbers("p95", 5, |one| span(one.health.p95)),
        numbers("1st output", 7, |one| span(one.health.first_output)),
        numbers("fails/h", 6, |one| {
            let rate = one.health.failures_per_hour;
            rate.map_or_else(|| UNKNOWN.to_owned(), |rate| format!("{rate:.1}"))
        }),
        numbers("avail", 3, |one| percent(one.health.availability)),
        words("last ends", 1, all.iter().map(|one| ends(one)).collect()),
    ];
    let lines = table::lines(columns, room);
    let left = room.saturating_sub(lines.first().map_or(0, Line::width) + 2);
    if left < WHY {
        return lines;
    }
    let whys = [String::new()].into_iter().chain(all.iter().map(|one| one.why.clone()));
    let with_why =
        |(line, why): (Line, String)| line.with("  ", Role::Text).with(why, Role::Dim).cut(room);
    lines.into_iter().zip(whys).map(with_why).collect()
}

fn name(one: &Figures<'_>, is_selected: bool) -> Line {
    let mark = figures::mark(one.condition);
    Line::of(if is_selected { "▸" } else { " " }, Role::Accent)
        .with(mark.sign, mark.role)
        .with(" ", Role::Text)
        .with(super::super::text::cut(one.facts.name.as_str(), NAME), Role::Strong)
}

/// Returns how many an agent works for, and how many it may work for.
fn load(one: &Figures<'_>) -> String {
    let works = one.at_work.len();
    one.facts.capacity.map_or_else(|| works.to_string(), |most| format!("{works}/{most}"))
}

fn ends(one: &Figures<'_>) -> Line {
    let line = one.history(ENDS);
    if line.is_empty() { known(UNKNOWN.to_owned()) } else { line }
}

fn known(text: String) -> Line {
    let role = if text == UNKNOWN { Role::Dim } else { Role::Text };
    Line::of(text, role)
}
