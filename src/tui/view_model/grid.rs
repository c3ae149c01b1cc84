//! The logs of several workstreams at once, each at its end.

use ratatui::layout::Rect;

use super::layout::{inner, log_inner};
use super::status::head;
use super::text::{Line, cut, wrap};
use super::{Content, Focused, Pane, PaneKind, Row, Scene, mark};
use crate::core::WorkstreamId;
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::tui::log::LogPage;
use crate::tui::state::UiState;
use crate::tui::theme::Role;

/// From so many columns on two logs stand beside each other rather than below.
const BESIDE: u16 = 100;
/// The same for three.
const THREE_BESIDE: u16 = 150;

/// A log in the grid.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Whose it is.
    pub workstream: WorkstreamId,
    /// Its end, of the size that [`tiles`] asks for; none if there is no log.
    pub page: Option<LogPage>,
}

/// Returns the workstreams in sight and the part of the screen that each has, frame included.
pub fn tiles(facts: &Facts, ui: &UiState, body: Rect) -> Vec<(WorkstreamId, Rect)> {
    let shown = ui.grid.in_sight(facts, ui.selected.as_ref());
    let areas = areas(body, shown.len());
    shown.into_iter().zip(areas).collect()
}

/// Returns the rows and columns that a tile has for text.
pub fn window(area: Rect) -> (usize, usize) {
    let room = log_inner(area);
    (usize::from(room.height), usize::from(room.width))
}

/// Returns the panes.
pub fn panes(scene: &Scene<'_>, body: Rect) -> Vec<Pane> {
    let tiles = tiles(scene.facts, scene.ui, body);
    if tiles.is_empty() {
        return vec![empty(scene, body)];
    }
    let panes = tiles.into_iter().enumerate().filter_map(|(place, (id, area))| {
        let ws = scene.facts.workstreams.iter().find(|ws| ws.id == id)?;
        let page = scene.grid.iter().find(|tile| tile.workstream == id);
        Some(pane(scene, ws, page.and_then(|tile| tile.page.as_ref()), (place, area)))
    });
    panes.collect()
}

fn pane(
    scene: &Scene<'_>,
    ws: &WorkstreamFacts,
    page: Option<&LogPage>,
    (place, area): (usize, Rect),
) -> Pane {
    let is_selected = scene.ui.selected.as_ref() == Some(&ws.id);
    let columns = usize::from(area.width).saturating_sub(4);
    let state = mark::state(ws);
    let mut note = Line::of(format!(" {} ", state.sign), state.role);
    note.append(head(ws, scene.now));
    note.push(" ", Role::Text);
    // Where there is little room the mark tells the state.
    if note.width() * 2 > columns {
        note = Line::of(format!(" {} ", state.sign), state.role);
    }
    let attempt = ws.attempts.last().map(|one| format!(" · {}", one.agent)).unwrap_or_default();
    let pointer = if is_selected { "▸" } else { " " };
    let title = Line::of(format!("{pointer}{}{attempt}", ws.id), Role::Text);
    let height = usize::from(inner(area).height);
    let content = match page.filter(|page| !page.lines.is_empty()) {
        Some(page) => Content::Log(page.lines.iter().take(height).cloned().collect()),
        None => Content::Rows(nothing_yet(ws, (columns, height))),
    };
    Pane {
        kind: PaneKind::Tile(place),
        area,
        focused: if is_selected { Focused::Yes } else { Focused::No },
        title: title.cut(columns.saturating_sub(note.width() + 2)).with(" ", Role::Text),
        note,
        content,
        scroll: None,
    }
}

fn nothing_yet(ws: &WorkstreamFacts, (columns, height): (usize, usize)) -> Vec<Row> {
    let none = if ws.log.is_some() { "No output yet." } else { "No log yet." };
    let said = [(none, Role::Strong), (ws.explain.as_str(), Role::Dim)];
    let lines = said.into_iter().flat_map(|(text, role)| {
        wrap(text, columns.saturating_sub(1)).into_iter().map(move |text| (text, role))
    });
    let row = |(text, role): (String, Role)| Row::plain(Line::of(format!(" {text}"), role));
    lines.map(row).take(height).collect()
}

fn empty(scene: &Scene<'_>, body: Rect) -> Pane {
    let text = if scene.facts.workstreams.is_empty() {
        "  No workstreams yet."
    } else {
        "  None of those that were held is there any more; f follows what is at work again."
    };
    let columns = usize::from(inner(body).width);
    Pane {
        kind: PaneKind::Tile(0),
        area: body,
        focused: Focused::Yes,
        title: Line::of(" Logs ", Role::Text),
        note: Line::new(),
        content: Content::Rows(vec![
            Row::default(),
            Row::plain(Line::of(cut(text, columns), Role::Strong)),
        ]),
        scroll: None,
    }
}

/// Divides the body into so many areas, row by row; the last row may have fewer and wider ones.
fn areas(body: Rect, count: usize) -> Vec<Rect> {
    let columns = match count {
        0 => return Vec::new(),
        1 => 1,
        2 if body.width < BESIDE => 1,
        2..=4 => 2,
        5..=6 if body.width < THREE_BESIDE => 2,
        _more => 3,
    };
    let rows = count.div_ceil(columns);
    let mut areas = Vec::with_capacity(count);
    for row in 0..rows {
        let (y, height) = part(body.height, row, rows);
        let in_row = columns.min(count - row * columns);
        for column in 0..in_row {
            let (x, width) = part(body.width, column, in_row);
            areas.push(Rect { x: body.x + x, y: body.y + y, width, height });
        }
    }
    areas
}

/// Returns where one of several equal parts of a length begins, and how long it is.
fn part(length: u16, place: usize, of: usize) -> (u16, u16) {
    let at =
        |place: usize| u16::try_from(usize::from(length) * place / of.max(1)).unwrap_or(length);
    (at(place), at(place + 1) - at(place))
}
