//! What has changed in a worktree: the files, and the lines of one after the other.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::diff_rows::{Pages, number_columns, side_row, unified_row};
use super::diff_text::Look;
use super::layout::inner;
use super::ledger::change;
use super::status::seconds;
use super::text::{Line, cut, cut_left, wrap};
use super::workstreams::first_shown;
use super::{Content, Focused, Hit, Pane, PaneKind, Row, Scene, Scrolled, Selected};
use crate::core::verdict::DiffSize;
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::diff::{Change, Fate, Patch, PatchFile};
use crate::tui::log::Finder;
use crate::tui::state::{Compared, Diff, Focus, UiState};
use crate::tui::theme::Role;

/// From so many columns on the files stand beside the lines.
const BESIDE: u16 = 90;
/// From so many columns on old and new lines stand beside each other.
const SIDE_BY_SIDE: u16 = 120;

/// Which part of the screen files and lines have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The files; none if they are not in sight.
    pub files: Option<Rect>,
    /// The lines; none if they are not in sight.
    pub lines: Option<Rect>,
}

impl Split {
    /// Divides the body.
    pub fn new(ui: &UiState, body: Rect) -> Self {
        if ui.zoom {
            return Self { files: None, lines: Some(body) };
        }
        if body.width < BESIDE {
            return match ui.focus {
                Focus::List => Self { files: Some(body), lines: None },
                Focus::Log => Self { files: None, lines: Some(body) },
            };
        }
        let width = (body.width / 4).clamp(26, 44);
        let files = Rect { width, ..body };
        let lines = Rect { x: body.x + width, width: body.width - width, ..body };
        Self { files: Some(files), lines: Some(lines) }
    }
}

/// Returns how the lines are shown in an area of this width.
pub fn pages(width: u16) -> Pages {
    if width >= SIDE_BY_SIDE { Pages::SideBySide } else { Pages::Unified }
}

/// Returns the panes.
pub fn panes(scene: &Scene<'_>, body: Rect) -> Vec<Pane> {
    let Split { files, lines } = Split::new(scene.ui, body);
    let patch = scene.change.patch();
    let files = files.map(|area| self::files(scene, patch.map(AsRef::as_ref), area));
    files.into_iter().chain(lines.map(|area| self::lines(scene, area))).collect()
}

fn files(scene: &Scene<'_>, patch: Option<&Patch>, area: Rect) -> Pane {
    let room = inner(area);
    let (columns, height) = (usize::from(room.width), usize::from(room.height).max(1));
    let all: &[PatchFile] = patch.map_or(&[], |patch| &patch.files);
    let at = patch.and_then(|patch| patch.file_at(scene.ui.diff.top)).unwrap_or(0);
    let entries = patch.map(entries).unwrap_or_default();
    let chosen = entries.iter().position(|entry| *entry == Entry::File(at)).unwrap_or(0);
    let first = first_shown(chosen, height, entries.len());
    let shown = entries.iter().skip(first).take(height);
    let row = |entry: &Entry| match *entry {
        Entry::Part(number) => {
            let title = patch.and_then(|patch| patch.parts.get(number)).map(|part| &part.title);
            let title = cut(title.map_or("", String::as_str), columns.saturating_sub(2));
            Some(Row::plain(Line::of("■ ", Role::Accent).with(title, Role::Strong)))
        }
        Entry::File(number) => all.get(number).map(|file| Row {
            line: self::entry(file, number == at, columns),
            selected: if number == at { Selected::Yes } else { Selected::No },
            hit: Some(Hit::File(number)),
        }),
    };
    let rows: Vec<Row> = shown.filter_map(row).collect();
    let total = entries.len();
    let scroll = (total > height).then_some(Scrolled { above: first, shown: height, total });
    Pane {
        kind: PaneKind::Files,
        area,
        focused: focused(scene, Focus::List),
        title: Line::of(" Files ", Role::Text),
        note: Line::of(patch.map_or_else(String::new, |_| format!(" {} ", all.len())), Role::Dim),
        content: Content::Rows(rows),
        scroll,
    }
}

/// What stands in a row of the list of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// What the part with this number is.
    Part(usize),
    /// The file with this number.
    File(usize),
}

/// Returns the files, each part of a change that is divided above its own.
fn entries(patch: &Patch) -> Vec<Entry> {
    let mut files = patch.files.iter().enumerate().peekable();
    let mut entries = Vec::new();
    for (part, head) in patch.parts.iter().enumerate() {
        entries.extend((!head.title.is_empty()).then_some(Entry::Part(part)));
        while let Some((number, _)) = files.next_if(|(_, file)| file.part == part) {
            entries.push(Entry::File(number));
        }
    }
    entries
}

fn entry(file: &PatchFile, is_selected: bool, columns: usize) -> Line {
    let (sign, role) = fate(file.fate);
    let right = Line::of(format!(" +{}", file.added), Role::Good)
        .with(format!(" −{} ", file.removed), Role::Bad);
    let left =
        Line::of(if is_selected { "▸" } else { " " }, Role::Accent).with(format!("{sign} "), role);
    let room = columns.saturating_sub(right.width() + left.width());
    Line::spread(left.with(cut_left(&file.path, room), Role::Text), right, columns)
}

/// Returns the letter that git has for what became of a file.
pub fn fate(fate: Fate) -> (&'static str, Role) {
    match fate {
        Fate::Added => ("A", Role::Good),
        Fate::Modified => ("M", Role::Info),
        Fate::Deleted => ("D", Role::Bad),
        Fate::Renamed => ("R", Role::Warning),
    }
}

fn lines(scene: &Scene<'_>, area: Rect) -> Pane {
    let room = inner(area);
    let columns = usize::from(area.width).saturating_sub(4);
    let note = note(scene);
    let title = scene.selected().map_or_else(Line::new, |ws| title(ws, &scene.ui.diff));
    let (rows, scroll) = match scene.change {
        Change::Reading => (said("Reading what has changed …", Role::Dim, room), None),
        Change::Unread(why) => (said(why, Role::Bad, room), None),
        Change::Read(patch, _) if patch.rows.is_empty() => {
            (said("Nothing has changed.", Role::Strong, room), None)
        }
        Change::Read(patch, _) => shown(scene, patch, (room, pages(area.width))),
    };
    Pane {
        kind: PaneKind::Patch,
        area,
        focused: focused(scene, Focus::Log),
        title: title.cut(columns.saturating_sub(note.width() + 2)).with(" ", Role::Text),
        note: note.cut(columns),
        content: Content::Rows(rows),
        scroll,
    }
}

fn focused(scene: &Scene<'_>, focus: Focus) -> Focused {
    if scene.ui.focus == focus { Focused::Yes } else { Focused::No }
}

fn title(ws: &WorkstreamFacts, diff: &Diff) -> Line {
    let what = match diff.compared {
        Compared::Whole => "all changes".to_owned(),
        Compared::Attempt(id) => {
            let made = ws.attempts.iter().find(|attempt| attempt.id == id);
            let agent = made.map_or_else(String::new, |made| format!(" · {}", made.agent));
            format!("attempt {id}{agent}")
        }
        Compared::Between(from, to) => format!("{} → {}", from.short(), to.short()),
    };
    let divided = match diff.divided.word() {
        "" => String::new(),
        word => format!(" · {word}"),
    };
    Line::of(format!(" {} · diff · {what}{divided}", ws.id), Role::Text)
}

/// Says how large the change is, how old what is shown, and whether it is all.
fn note(scene: &Scene<'_>) -> Line {
    let Change::Read(patch, at) = scene.change else { return Line::new() };
    let sum = |of: fn(&PatchFile) -> u32| patch.files.iter().map(of).fold(0, u32::saturating_add);
    let files = u32::try_from(patch.names).unwrap_or(u32::MAX);
    let size = DiffSize { files, added: sum(|it| it.added), removed: sum(|it| it.removed) };
    let mut line = Line::new();
    if let Some(search) = &scene.ui.diff.search {
        line.push(format!(" /{}", cut(&search.pattern, 20)), Role::Accent);
        let found = search.found.as_ref().filter(|found| Arc::ptr_eq(&found.patch, patch));
        let tally = found.map(|found| format!("  {}/{}", found.place, found.count));
        line.push(tally.unwrap_or_default(), Role::Dim);
        line.push(" ·", Role::Dim);
    }
    if patch.cut.is_some() {
        line.push(" ⚠ only the beginning ·", Role::Warning);
    }
    if !patch.files.is_empty() {
        line.push(format!(" {} ·", change(size)), Role::Dim);
    }
    line.with(format!(" {} ago ", seconds(scene.now.since(*at))), Role::Dim)
}

fn said(text: &str, role: Role, room: Rect) -> Vec<Row> {
    let lines = wrap(text, usize::from(room.width).saturating_sub(4));
    let rows = lines.into_iter().map(|text| Row::plain(Line::of(format!("  {text}"), role)));
    std::iter::once(Row::default()).chain(rows).take(usize::from(room.height)).collect()
}

fn shown(
    scene: &Scene<'_>,
    patch: &Patch,
    (room, pages): (Rect, Pages),
) -> (Vec<Row>, Option<Scrolled>) {
    let (columns, height) = (usize::from(room.width), usize::from(room.height));
    let pattern = scene.ui.diff.search.as_ref().map(|search| search.pattern.as_str());
    let finder = pattern.and_then(Finder::new);
    let left = scene.ui.diff.left;
    let (tokens, digits) = (scene.tokens, number_columns(patch));
    let look = Look { patch, tokens, digits, left, find: finder.as_ref() };
    let total = match pages {
        Pages::Unified => patch.rows.len(),
        Pages::SideBySide => patch.sides.len(),
    };
    let first = match pages {
        Pages::Unified => scene.ui.diff.top,
        Pages::SideBySide => patch.side_of(scene.ui.diff.top),
    };
    let first = first.min(total.saturating_sub(1));
    let row = |number: usize| match pages {
        Pages::Unified => patch.rows.get(number).map(|place| unified_row(*place, look, columns)),
        Pages::SideBySide => patch.sides.get(number).map(|side| side_row(side, look, columns)),
    };
    let mut rows: Vec<Row> = (first..total)
        .take(height)
        .filter_map(row)
        .map(|line| Row::plain(line.cut(columns)))
        .collect();
    if let Some(cut) = patch.cut.as_ref().filter(|_| rows.len() < height) {
        let more = wrap(&format!("⚠ {cut}"), columns.saturating_sub(2)).into_iter();
        let more = more.map(|text| Row::plain(Line::of(format!(" {text}"), Role::Warning)));
        rows.extend(more.take(height - rows.len()));
    }
    (rows, (total > height).then_some(Scrolled { above: first, shown: height, total }))
}
