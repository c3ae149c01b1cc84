//! The log of the selected workstream.

use ratatui::layout::Rect;

use super::layout::inner;
use super::text::{Line, wrap};
use super::{Content, Focused, Pane, PaneKind, Row, Scene, Scrolled, why};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::clean::width;
use crate::tui::log::{Attributes, Fold, Form, LogPage, LogSpan, Sgr, StyledLine};
use crate::tui::state::{Focus, Marking, Scroll, Shown, Tally};
use crate::tui::theme::Role;

/// Returns the pane.
pub fn pane(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let selected = scene.selected();
    let shown = scene.log.filter(|page| !page.lines.is_empty());
    let content = match (shown, selected) {
        (Some(page), _) => {
            let shown = page.lines.iter().take(usize::from(room.height)).cloned();
            Content::Log(marked(shown.collect(), (page, scene), usize::from(room.width)))
        }
        (None, Some(workstream)) => Content::Rows(nothing_yet(workstream, scene, room)),
        (None, None) => Content::Rows(Vec::new()),
    };
    let note = shown.map_or_else(Line::new, |page| note(scene, page));
    let columns = usize::from(area.width).saturating_sub(4);
    let title = selected.map_or_else(Line::new, |workstream| title(workstream, scene));
    Pane {
        kind: PaneKind::Log,
        area,
        focused: if scene.ui.focus == Focus::Log { Focused::Yes } else { Focused::No },
        title: title.cut(columns.saturating_sub(note.width() + 2)).with(" ", Role::Text),
        note: note.cut(columns),
        scroll: shown.and_then(|page| scrolled(page, usize::from(room.height))),
        content,
    }
}

/// Lays the mark over the rows of lines that are marked to be copied.
fn marked(
    mut rows: Vec<StyledLine>,
    (page, scene): (&LogPage, &Scene<'_>),
    columns: usize,
) -> Vec<StyledLine> {
    let Some(lines) = scene.ui.marking.map(Marking::lines) else { return rows };
    let numbered = rows.iter_mut().zip(&page.numbers);
    for (row, _) in numbered.filter(|(_, number)| lines.contains(*number)) {
        let used: usize = row.spans.iter().map(|span| width(&span.text)).sum();
        let rest = " ".repeat(columns.saturating_sub(used + 1));
        row.spans.push(LogSpan { text: rest, sgr: Sgr::default() });
        for span in &mut row.spans {
            span.sgr.attributes.insert(Attributes::MARKED);
        }
    }
    rows
}

fn title(workstream: &WorkstreamFacts, scene: &Scene<'_>) -> Line {
    let latest = workstream.attempts.last();
    let (what, attempt) = match scene.ui.shown {
        Shown::Latest => ("log", latest),
        Shown::Attempt(id) => ("log", workstream.attempts.iter().find(|one| one.id == id)),
        Shown::Check => ("check", latest),
    };
    let mut text = format!(" {} · {what}", workstream.id);
    if let Some(attempt) = attempt {
        if scene.ui.shown != Shown::Check {
            text = format!("{text} · {}", attempt.agent);
        }
        text = format!("{text} · attempt {}", attempt.id);
    }
    Line::of(text, Role::Text)
}

/// Returns where the pane stands in the log and what is searched in it.
fn note(scene: &Scene<'_>, page: &LogPage) -> Line {
    let mut line = Line::new();
    if let Some(search) = &scene.ui.search {
        line.push(format!(" /{}", super::text::cut(&search.pattern, 20)), Role::Accent);
        let found = tally(search.tally);
        line.push(found, Role::Dim);
        line.push(" ·", Role::Dim);
    }
    if let Some(marking) = scene.ui.marking {
        line.push(format!(" {} marked ·", marking.count()), Role::Accent);
    }
    let place = match (&scene.ui.scroll, page.below) {
        (Scroll::Follow, _) => " following ".to_owned(),
        (_, Some(0)) => " scrolled, at the end ".to_owned(),
        (_, Some(1)) => " scrolled, 1 line below ".to_owned(),
        (_, Some(below)) => format!(" scrolled, {below} lines below "),
        (_, None) => " scrolled … ".to_owned(),
    };
    match scene.ui.fold {
        Fold::Wrap => {}
        Fold::Cut { left: 0 } => line.push(" cut ·", Role::Dim),
        Fold::Cut { left } => line.push(format!(" cut, from column {} ·", left + 1), Role::Dim),
    }
    if page.form == Form::Raw {
        line.push(" raw ·", Role::Dim);
    }
    line.push(place, Role::Dim);
    line
}

/// Says how much a search has found.
pub fn tally(tally: Tally) -> String {
    let count = match tally {
        Tally { count, place: Some(place), .. } => format!("{place}/{count}"),
        Tally { count: 0, percent: None, .. } => "nothing found".to_owned(),
        Tally { count: 1, .. } => "1 match".to_owned(),
        Tally { count, .. } => format!("{count} matches"),
    };
    match tally.percent {
        Some(percent) => format!("  {count} … {percent} %"),
        None => format!("  {count}"),
    }
}

fn scrolled(page: &LogPage, shown: usize) -> Option<Scrolled> {
    let (above, total) = (page.first?, page.total?);
    (total > shown).then_some(Scrolled { above, shown, total })
}

/// Says why there is no log, and what is going to be done.
fn nothing_yet(workstream: &WorkstreamFacts, scene: &Scene<'_>, room: Rect) -> Vec<Row> {
    let columns = usize::from(room.width).saturating_sub(4);
    let mut rows = vec![Row::default()];
    let mut say = |text: &str, role: Role| {
        for line in wrap(text, columns) {
            rows.push(Row::plain(Line::of("  ", Role::Text).with(line, role)));
        }
    };
    let none = match scene.ui.shown {
        Shown::Check => "No check has run yet.",
        Shown::Latest | Shown::Attempt(_) if workstream.log.is_some() => "No output yet.",
        Shown::Latest | Shown::Attempt(_) => "No log yet.",
    };
    say(none, Role::Strong);
    say(&workstream.explain, Role::Text);
    if let Some(age) = why::age(workstream, scene.now) {
        say(&age.text(), Role::Dim);
    }
    if !workstream.prompt.is_empty() {
        say(" ", Role::Text);
        say("What is to be done", Role::Dim);
        say(&workstream.prompt, Role::Text);
    }
    for task in &workstream.tasks {
        say(&format!("· {task}"), Role::Text);
    }
    rows.truncate(usize::from(room.height));
    rows
}
