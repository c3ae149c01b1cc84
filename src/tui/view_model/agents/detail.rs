//! What is known of the selected agent.

use ratatui::layout::Rect;

use super::super::dialog::{reading, widest};
use super::super::estimate::roughly;
use super::super::layout::inner;
use super::super::status::seconds;
use super::super::text::{Line, wrap};
use super::super::{Content, Dialog, Focused, Pane, PaneKind, Row, Scene, estimate};
use super::figures::{self, Figures};
use crate::core::PhaseWord;
use crate::core::bar::Bar;
use crate::core::breaker::State;
use crate::tui::action::selected_agent;
use crate::tui::theme::Role;

/// The columns of the names at the left.
const NAME: usize = 22;
/// So many of the last ends are shown.
const ENDS: usize = 40;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, all: &[Figures<'_>], area: Rect) -> Pane {
    let room = inner(area);
    let columns = usize::from(room.width).saturating_sub(2);
    let one = selected(scene, all);
    let mut lines = one.map(|one| lines(one, scene, columns)).unwrap_or_default();
    lines.truncate(usize::from(room.height));
    // A title below which nothing has room says nothing.
    while lines.last().is_some_and(is_title) {
        lines.pop();
    }
    let rows = lines.into_iter().map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(usize::from(room.width)))
    });
    let title = one.map(|one| format!(" {} ", one.facts.name)).unwrap_or_default();
    Pane {
        kind: PaneKind::Agent,
        area,
        focused: Focused::No,
        title: Line::of(title, Role::Text).cut(usize::from(area.width).saturating_sub(4)),
        note: Line::new(),
        content: Content::Rows(rows.collect()),
        scroll: None,
    }
}

/// Returns the same to be read over the view, all of it.
pub fn dialog(scene: &Scene<'_>, all: &[Figures<'_>], body: Rect, scroll: usize) -> Dialog {
    let columns = widest(body).saturating_sub(3);
    match selected(scene, all) {
        None => reading(body, "Agent", vec![Line::of("There is no agent.", Role::Dim)], 0),
        Some(one) => reading(body, one.facts.name.as_str(), lines(one, scene, columns), scroll),
    }
}

fn selected<'a, 'b>(scene: &Scene<'_>, all: &'a [Figures<'b>]) -> Option<&'a Figures<'b>> {
    let name = &selected_agent(scene.facts, scene.ui)?.name;
    all.iter().find(|one| one.facts.name == *name)
}

fn lines(one: &Figures<'_>, scene: &Scene<'_>, columns: usize) -> Vec<Line> {
    let mut lines = state(one, scene, columns);
    lines.extend(at_work(one, scene).map(|line| line.cut(columns)));
    lines.extend(waiting(one, scene).map(|line| line.cut(columns)));
    section(&mut lines, "Its breaker");
    lines.extend(turns(one, scene, columns));
    section(&mut lines, "The last 24 h");
    for (name, words) in one.health.words() {
        lines.extend(entry(name, &words, columns));
    }
    section(&mut lines, "All that is remembered");
    let ends = one.history(ENDS);
    let none = Line::of("no attempt has ended yet", Role::Dim);
    lines.push(if ends.is_empty() { none } else { ends.cut(columns) });
    let risk = one.facts.calibration.map_or_else(
        || "unknown how well it told what came: too few attempts so far".to_owned(),
        |calibration| calibration.words(),
    );
    lines.extend(entry("risk", &risk, columns));
    lines
}

/// Says whether it is well, and what its breaker does next.
fn state(one: &Figures<'_>, scene: &Scene<'_>, columns: usize) -> Vec<Line> {
    let mark = figures::mark(one.condition);
    let mut first = Line::of(format!("{} {}", mark.sign, mark.word), mark.role);
    if !one.why.is_empty() {
        first.push(format!("  {}", one.why), Role::Text);
    }
    let next = match &one.facts.breaker {
        State::Closed => "All work goes through to it.".to_owned(),
        State::Open { until, .. } => {
            let left = seconds(until.since(scene.now));
            format!("Nothing starts with it for {left}; then one workstream tries it.")
        }
        State::HalfOpen { .. } => {
            "One workstream at a time tries it: success closes its breaker, failure opens it for longer.".to_owned()
        }
        State::Held { .. } => "Nothing starts with it until you close its breaker.".to_owned(),
    };
    let next = wrap(&next, columns).into_iter().map(|text| Line::of(text, Role::Text));
    std::iter::once(first.cut(columns)).chain(next).collect()
}

/// Returns what it works at, and what is likely to come of that.
fn at_work<'a>(one: &'a Figures<'_>, scene: &'a Scene<'_>) -> impl Iterator<Item = Line> + 'a {
    one.at_work.iter().map(|ws| {
        let time = ws.started.map(|started| seconds(scene.now.since(started))).unwrap_or_default();
        let mut line = Line::of("▶ ", Role::Info)
            .with(format!("{}  ", ws.id), Role::Strong)
            .with(format!("{} {time}", ws.phase), Role::Text);
        if let Some(words) = estimate::brief(ws, (scene.facts, scene.now)) {
            line.push(format!("  {words}"), Role::Estimate);
        }
        line
    })
}

/// Names those that wait, and of which it is the next agent.
fn waiting(one: &Figures<'_>, scene: &Scene<'_>) -> Option<Line> {
    let all = scene.facts.workstreams.iter().filter(|ws| {
        matches!(ws.phase, PhaseWord::Queued | PhaseWord::Backoff)
            && ws.agent.as_deref() == Some(one.facts.name.as_str())
    });
    let names: Vec<&str> = all.map(|ws| ws.id.as_str()).collect();
    let words = format!("next for {}", names.join(", "));
    (!names.is_empty()).then(|| Line::of("○ ", Role::Quiet).with(words, Role::Text))
}

fn turns(one: &Figures<'_>, scene: &Scene<'_>, columns: usize) -> Vec<Line> {
    let turn = |at: crate::core::Timestamp, state: &State| {
        let words = Bar::of(state.clone()).map_or_else(|| "closed".to_owned(), |bar| short(&bar));
        let ago = format!("{} ago", roughly(scene.now.since(at)));
        Line::of(format!("{ago:<14}"), Role::Dim).with(words, Role::Text).cut(columns)
    };
    let mut lines = Vec::new();
    let known = &one.facts.record.turns;
    if let State::HalfOpen { since, .. } = &one.facts.breaker
        && known.back().is_none_or(|(at, _)| at < since)
    {
        lines.push(turn(*since, &one.facts.breaker));
    }
    lines.extend(known.iter().rev().map(|(at, state)| turn(*at, state)));
    if lines.is_empty() {
        lines.push(Line::of("it was never open, as far as is remembered", Role::Dim));
    }
    lines
}

/// Says what a breaker came to, without the time that was left then.
fn short(bar: &Bar) -> String {
    match bar {
        Bar::Shut { until: Some(_), why } => format!("open: {why}"),
        Bar::Shut { until: None, why } => format!("held: {why}"),
        Bar::Trial { .. } => "half-open".to_owned(),
    }
}

fn is_title(line: &Line) -> bool {
    line.pieces.iter().all(|piece| piece.role == Role::Accent)
}

fn section(lines: &mut Vec<Line>, title: &str) {
    lines.push(Line::new());
    lines.push(Line::of(title, Role::Accent));
}

fn entry(name: &str, words: &str, columns: usize) -> Vec<Line> {
    let texts = wrap(words, columns.saturating_sub(NAME)).into_iter().enumerate();
    let named = |(place, text)| {
        let name = if place == 0 { name } else { "" };
        Line::of(format!("{name:<NAME$}"), Role::Dim).with(text, Role::Text)
    };
    texts.map(named).collect()
}
