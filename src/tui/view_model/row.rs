//! The rows of one workstream in the list.

use super::mark;
use super::status::{WORD, bar, detail, head, status};
use super::text::{Line, cut};
use super::{Hit, Row, Scene, Selected, chain, estimate, inside};
use crate::core::PhaseWord;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// Names of workstreams are cut to this.
const MAX_ID: usize = 14;
/// The columns of a chain that is shown by its marks.
const MARKS: usize = 5;
/// From this many columns a row of one line shows the chain by its marks, …
const WITH_MARKS: usize = 70;
/// … and from this many by names.
const WITH_NAMES: usize = 100;

/// How all rows of a list are laid out.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// All columns.
    pub width: usize,
    /// Those of the names.
    pub id: usize,
}

impl Columns {
    /// Returns the layout for a list of this width.
    pub fn new(scene: &Scene<'_>, width: usize) -> Self {
        let longest = scene.facts.workstreams.iter().map(|one| one.id.as_str().chars().count());
        Self { width, id: longest.max().unwrap_or(0).clamp(2, MAX_ID) }
    }
}

/// Returns the beginning of a workstream's first row: where it stands in a selection, mark, name.
pub fn lead(workstream: &WorkstreamFacts, scene: &Scene<'_>, id: usize) -> Line {
    let mark = mark::state(workstream);
    let role = if workstream.slow { Role::Warning } else { mark.role };
    let is_marked = scene.ui.marked.contains(&workstream.id);
    let is_unseen = scene.ui.unseen.contains(&workstream.id);
    let chosen = match (is_marked, is_unseen) {
        (true, _) => ("✓", Role::Accent),
        (false, true) => ("•", Role::Accent),
        (false, false) => (" ", Role::Text),
    };
    let pointer = if is_selected(workstream, scene) == Selected::Yes { "▸" } else { " " };
    let name = if is_unseen { Role::Accent } else { Role::Dim };
    Line::of(pointer, Role::Accent)
        .with(mark.sign, role)
        .with(chosen.0, chosen.1)
        .with(cut(workstream.id.as_str(), id), name)
        .padded(id + 3)
        .with(" ", Role::Text)
}

fn is_selected(workstream: &WorkstreamFacts, scene: &Scene<'_>) -> Selected {
    let selected = scene.selected().is_some_and(|selected| selected.id == workstream.id);
    if selected { Selected::Yes } else { Selected::No }
}

/// Titles of what is over are dim, so that the eye finds the others.
fn title(workstream: &WorkstreamFacts) -> Role {
    match workstream.phase {
        PhaseWord::Done | PhaseWord::Stopped => Role::Dim,
        _ => Role::Text,
    }
}

fn row(line: Line, workstream: &WorkstreamFacts, scene: &Scene<'_>) -> Row {
    Row {
        line,
        selected: is_selected(workstream, scene),
        hit: Some(Hit::Workstream(workstream.id.clone())),
    }
}

/// Returns the two rows of a workstream: what it is and its chain, and below how it fares.
pub fn two(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: Columns) -> [Row; 2] {
    let Columns { width, id } = columns;
    let left = lead(workstream, scene, id);
    let indent = left.width();
    let text = cut(&workstream.title, width.saturating_sub(indent));
    let wanted = crate::tui::clean::width(&text).min(width * 2 / 5);
    let chips = chain::chips(workstream, width.saturating_sub(indent + wanted + 3));
    let upper =
        Line::spread(left.with(text, title(workstream)), chips.with(" ", Role::Text), width);
    let status = status(workstream, scene.facts, scene.now, width.saturating_sub(4));
    let mut lower = Line::of("   ", Role::Text);
    lower.append(status);
    [row(upper, workstream, scene), row(lower, workstream, scene)]
}

/// Returns the only row of a workstream: name, title, chain, word, time, progress or what comes next.
pub fn one(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: Columns) -> Row {
    let Columns { width, id } = columns;
    let left = lead(workstream, scene, id).with(&workstream.title, title(workstream));
    let mut right = Line::new();
    if width >= WITH_NAMES {
        right.append(chain::chips(workstream, width / 4).padded(width / 4 + 2));
    } else if width >= WITH_MARKS {
        right.append(chain::marks(workstream, MARKS).padded(MARKS + 1));
    }
    let mut head = head(workstream, scene.now);
    if let Some(word) =
        head.pieces.first_mut().filter(|_| workstream.slow && workstream.waiting.is_none())
    {
        word.text = format!("{:<WORD$}", format!("{} {}", mark::SLOW.sign, mark::SLOW.word));
        word.role = mark::SLOW.role;
    }
    right.append(head);
    right.push("  ", Role::Text);
    let room = if width >= WITH_NAMES { width / 4 } else { (width / 4).max(12) };
    right.append(brief(workstream, scene, room).padded(room + 1));
    row(Line::spread(left, right, width), workstream, scene)
}

fn brief(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: usize) -> Line {
    if workstream.phase != PhaseWord::Running {
        return detail(workstream, scene.facts, scene.now).cut(columns);
    }
    if let Some(question) = &workstream.waiting {
        return Line::of(question, Role::Text).cut(columns);
    }
    let inner = workstream.attempts.last().map_or(&[][..], |attempt| &attempt.account.inner);
    match &workstream.progress {
        Some(progress) => {
            let count = format!(" {}/{}", progress.done, progress.total);
            let room = columns.saturating_sub(count.len());
            bar(progress, room.min(10)).with(count, Role::Text).cut(columns)
        }
        None if !inner.is_empty() => inside::short(inner).cut(columns),
        None if let Some(risk) = estimate::mark(workstream, (scene.facts, scene.now)) => {
            risk.cut(columns)
        }
        None if columns < 16 => Line::of("progress ?", Role::Dim),
        None if columns < 20 => Line::of("progress unknown", Role::Dim),
        None => Line::of("no progress reported", Role::Dim),
    }
}
