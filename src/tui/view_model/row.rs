//! The rows of one workstream in the list.

use super::mark;
use super::status::{bar, detail, elapsed, status};
use super::text::{Line, cut};
use super::{Hit, Row, Scene, Selected, chain};
use crate::core::PhaseWord;
use crate::core::time::clock;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// Names of workstreams are cut to this.
const MAX_ID: usize = 14;
/// The longest word of a phase.
const WORD: usize = 9;
/// The columns of the chip of the current tier, where there is room for it.
const CHIP: usize = 16;
/// From this many columns a row of one line has a chip.
const WITH_CHIP: usize = 76;

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
fn lead(workstream: &WorkstreamFacts, scene: &Scene<'_>, id: usize) -> Line {
    let mark = mark::phase(workstream.phase);
    let role = if workstream.slow { Role::Warning } else { mark.role };
    let pointer = if is_selected(workstream, scene) == Selected::Yes { "▸" } else { " " };
    let name = if scene.ui.unseen.contains(&workstream.id) { Role::Accent } else { Role::Dim };
    Line::of(pointer, Role::Accent)
        .with(mark.sign, role)
        .with(" ", Role::Text)
        .with(cut(workstream.id.as_str(), id), name)
        .padded(id + 3)
        .with(" ", Role::Text)
}

fn is_selected(workstream: &WorkstreamFacts, scene: &Scene<'_>) -> Selected {
    let selected = scene.selected().is_some_and(|selected| selected.id == workstream.id);
    if selected { Selected::Yes } else { Selected::No }
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
    let title = cut(&workstream.title, width.saturating_sub(indent));
    let wanted = crate::tui::clean::width(&title).min(width * 2 / 5);
    let chips = chain::chips(workstream, width.saturating_sub(indent + wanted + 3));
    let upper = Line::spread(left.with(title, Role::Strong), chips.with(" ", Role::Text), width);
    let status = status(workstream, scene.facts, scene.now, width.saturating_sub(4));
    let mut lower = Line::of("   ", Role::Text);
    lower.append(status);
    [row(upper, workstream, scene), row(lower, workstream, scene)]
}

/// Returns the only row of a workstream: name, title, tier, word, progress or what comes next, time.
pub fn one(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: Columns) -> Row {
    let Columns { width, id } = columns;
    let left = lead(workstream, scene, id).with(&workstream.title, Role::Strong);
    let mut right = Line::new();
    if width >= WITH_CHIP {
        right.append(chain::current(workstream, CHIP).padded(CHIP + 1));
    }
    let mark = mark::phase(workstream.phase);
    let (word, role) =
        if workstream.slow { ("⚠ slow", Role::Warning) } else { (mark.word, mark.role) };
    right.append(Line::of(word, role).padded(WORD + 1));
    let room = (width / 3).clamp(20, 44);
    right.append(brief(workstream, scene, room).padded(room + 1));
    row(Line::spread(left, right, width), workstream, scene)
}

fn brief(workstream: &WorkstreamFacts, scene: &Scene<'_>, columns: usize) -> Line {
    if workstream.phase != PhaseWord::Running {
        return detail(workstream, scene.facts, scene.now).cut(columns);
    }
    let time = elapsed(workstream, scene.now).map(clock).unwrap_or_default();
    let left = match &workstream.progress {
        Some(progress) => {
            let count = format!(" {}/{}", progress.done, progress.total);
            let room = columns.saturating_sub(count.len() + time.len() + 1);
            bar(progress, room.min(10)).with(count, Role::Text)
        }
        None => Line::of("no progress reported", Role::Dim),
    };
    Line::spread(left, Line::of(time, Role::Text), columns)
}
