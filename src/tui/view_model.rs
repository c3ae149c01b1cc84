//! What a frame shows: every string and every role is decided here, and nothing is drawn.
//!
//! [`project`] is a function of its arguments alone. Whatever it returns fits its size.

pub mod agents;
pub mod alerts;
pub mod attempt_table;
pub mod chain;
pub mod choose;
pub mod detail;
pub mod dialog;
pub mod diff;
pub mod diff_rows;
mod diff_text;
pub mod estimate;
pub mod footer;
pub mod form;
pub mod found;
pub mod grid;
pub mod header;
pub mod help;
pub mod hint;
pub mod inbox;
pub mod inside;
pub mod layout;
pub mod ledger;
pub mod line_input;
pub mod log;
pub mod mark;
pub mod notices;
pub mod page;
pub mod palette;
pub mod rewrite;
pub mod row;
pub mod span;
pub mod start;
pub mod status;
pub mod table;
pub mod terminal;
pub mod text;
pub mod text_rows;
pub mod timeline;
pub mod too_small;
pub mod why;
mod windows;
pub mod workstreams;

use ratatui::layout::{Position, Rect};

use super::diff::{Change, Tokens};
use super::emulator::paint::Picture;
use super::found::FoundLines;
use super::log::LogPage;
pub use super::log::StyledLine;
use super::state::{UiState, View};
use crate::core::alert::Key;
use crate::core::{AgentName, Timestamp, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};
pub use hint::{Hint, HintGroup};
use layout::Layout;
pub use text::{Line, Piece};
pub use windows::{found_height, grid_windows, log_window, patch_window, terminal_area};

/// What a frame is made of.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is known of the project.
    pub facts: &'a Facts,
    /// What the screen remembers.
    pub ui: &'a UiState,
    /// The part of the log that is shown, of the size that [`log_window`] asks for; none if there is no log.
    pub log: Option<&'a LogPage>,
    /// The logs of the grid, those that [`grid_windows`] asks for; only looked at while that is in sight.
    pub grid: &'a [grid::Tile],
    /// The change that is shown; only looked at while that is in sight.
    pub change: &'a Change,
    /// What is known of the lines of that change.
    pub tokens: &'a Tokens,
    /// What was found in all logs; only looked at while that is in sight.
    pub found: &'a FoundLines,
    /// What is on the terminal that the operator is in; only looked at while that is open.
    pub terminal: Option<&'a Picture>,
    /// The keys that work now, the most useful first; the last one is always shown.
    pub keys: &'a [Hint],
    /// All keys, for the help; only looked at while it is open.
    pub help: &'a [HintGroup],
    /// The actions that match what was typed into the palette, best first; only looked at while it is open.
    pub palette: &'a [Hint],
    /// What can be done while there are no workstreams; only looked at then.
    pub start: &'a [Hint],
    /// The time.
    pub now: Timestamp,
    /// The columns and rows of the screen.
    pub size: (u16, u16),
}

/// What a frame shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewModel {
    /// The columns and rows that it was made for.
    pub size: (u16, u16),
    /// The lines at the top: name, counts, and what is wrong as a whole.
    pub header: Vec<Bar>,
    /// The panes, beside or below each other.
    pub panes: Vec<Pane>,
    /// What happened last.
    pub notice: Option<Bar>,
    /// The keys that work now.
    pub footer: Option<Footer>,
    /// Where the cursor of an open terminal stands.
    pub cursor: Option<Position>,
    /// What lies over all that.
    pub dialog: Option<Dialog>,
    /// Shown instead of everything if the screen is too small.
    pub too_small: Vec<Bar>,
}

/// A line that fills the screen from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Where it is.
    pub area: Rect,
    /// What it says.
    pub line: Line,
    /// What it is as a whole.
    pub role: crate::tui::theme::Role,
}

/// The keys that work now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    /// The line.
    pub bar: Bar,
    /// The columns of each key and its number among [`Scene::keys`].
    pub keys: Vec<(std::ops::Range<u16>, usize)>,
}

/// What a pane is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneKind {
    /// The workstreams.
    List,
    /// The log of the selected one.
    Log,
    /// The terminal of the agent of the selected one.
    Terminal,
    /// What waits for the operator.
    Inbox,
    /// What is known of the selected one of those.
    Detail,
    /// What every workstream was at, over time.
    Timeline,
    /// One of the logs of the grid, by its place.
    Tile(usize),
    /// The files of a change.
    Files,
    /// Its lines.
    Patch,
    /// What is wrong now.
    Alerts,
    /// One long text.
    Page,
    /// How the fleet fares.
    Fleet,
    /// The agents.
    Agents,
    /// What is known of the selected one of those.
    Agent,
    /// What was found in all logs.
    Found,
}

/// Whether the movement keys go to a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focused {
    /// They do.
    Yes,
    /// They do not.
    No,
}

/// A framed part of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pane {
    /// What it is for.
    pub kind: PaneKind,
    /// Where it is, frame included.
    pub area: Rect,
    /// Whether the movement keys go to it.
    pub focused: Focused,
    /// What stands at the left of its upper edge.
    pub title: Line,
    /// What stands at the right of its upper edge.
    pub note: Line,
    /// What is in it.
    pub content: Content,
    /// Which part of a longer list is shown.
    pub scroll: Option<Scrolled>,
}

/// What is in a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Rows from the top.
    Rows(Vec<Row>),
    /// Rows of a log from the top.
    Log(Vec<StyledLine>),
}

/// Whether a row is the selected one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selected {
    /// It is.
    Yes,
    /// It is not.
    #[default]
    No,
}

/// A row of a pane or a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it says.
    pub line: Line,
    /// Whether it is the selected one.
    pub selected: Selected,
    /// What a click on it means.
    pub hit: Option<Hit>,
}

impl Row {
    /// Returns a row that is only read.
    pub fn plain(line: Line) -> Self {
        Self { line, ..Self::default() }
    }
}

/// Which part of something longer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scrolled {
    /// Rows above.
    pub above: usize,
    /// Rows shown.
    pub shown: usize,
    /// Rows in all.
    pub total: usize,
}

/// A window that lies over the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Where it is, frame included.
    pub area: Rect,
    /// What stands at the left of its upper edge.
    pub title: Line,
    /// What stands at its lower edge: how to leave it.
    pub hint: Line,
    /// What is in it.
    pub rows: Vec<Row>,
    /// Where the cursor stands.
    pub cursor: Option<Position>,
    /// Which part of a longer text is shown.
    pub scroll: Option<Scrolled>,
}

/// What lies under the mouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A workstream's row.
    Workstream(WorkstreamId),
    /// An agent's row.
    Agent(AgentName),
    /// A file of a change, by its number.
    File(usize),
    /// An alert.
    Alert(Key),
    /// A line of what was found, by its number.
    Found(usize),
    /// A pane, beside its rows.
    Pane(PaneKind),
    /// A key in the footer, by its number among [`Scene::keys`].
    Key(usize),
    /// An entry of the open dialog, by its number.
    Entry(usize),
    /// The open dialog, beside its entries.
    Dialog,
    /// Beside the open dialog.
    Outside,
}

/// Decides what a frame shows.
pub fn project(scene: &Scene<'_>) -> ViewModel {
    let layout = Layout::new(scene.facts, scene.ui, scene.size);
    let mut model = ViewModel {
        size: scene.size,
        header: Vec::new(),
        panes: Vec::new(),
        notice: None,
        footer: None,
        cursor: None,
        dialog: None,
        too_small: Vec::new(),
    };
    if layout.is_too_small() {
        model.too_small = too_small::bars(scene.size);
        return model;
    }
    model.header = header::bars(scene, &layout);
    if let Some(area) = layout.list {
        model.panes.push(workstreams::pane(scene, area));
    }
    if let Some(area) = layout.inbox {
        model.panes.push(inbox::list(scene, area));
    }
    if let Some(area) = layout.detail {
        model.panes.push(inbox::detail(scene, area));
    }
    if let Some(area) = layout.log {
        if let Some(attached) = &scene.ui.terminal {
            let (pane, cursor) = terminal::pane(scene, attached, area);
            model.panes.push(pane);
            model.cursor = cursor;
        } else {
            model.panes.push(log::pane(scene, area));
        }
    }
    match scene.ui.view {
        View::Workstreams | View::Inbox => {}
        View::Timeline => model.panes.push(timeline::pane(scene, layout.body)),
        View::Grid => model.panes.extend(grid::panes(scene, layout.body)),
        View::Diff => model.panes.extend(diff::panes(scene, layout.body)),
        View::Detail => model.panes.push(detail::pane(scene, layout.body)),
        View::Agents => model.panes.extend(agents::panes(scene, layout.body)),
        View::Alerts => model.panes.push(alerts::pane(scene, layout.body)),
        View::Found => model.panes.push(found::pane(scene, layout.body)),
        View::Notices => model.panes.push(notices::pane(scene, layout.body)),
    }
    model.notice = footer::notice(scene, layout.notice);
    model.footer = Some(footer::footer(scene.keys, layout.footer));
    model.dialog = dialog::dialog(scene, layout.body);
    model
}

/// Returns how far the open help or explanation can be scrolled, in rows.
pub fn scroll_limit(model: &ViewModel) -> usize {
    let scroll = model.dialog.as_ref().and_then(|dialog| dialog.scroll);
    scroll.map_or(0, |scroll| scroll.total.saturating_sub(scroll.shown))
}

impl ViewModel {
    /// Returns what lies under a place on the screen.
    pub fn hit(&self, column: u16, row: u16) -> Option<Hit> {
        let at = Position::new(column, row);
        if let Some(footer) = self.footer.as_ref().filter(|footer| footer.bar.area.contains(at)) {
            let found = footer.keys.iter().find(|(columns, _)| columns.contains(&column));
            return found.map(|(_, number)| Hit::Key(*number));
        }
        if let Some(dialog) = &self.dialog {
            if !dialog.area.contains(at) {
                return Some(Hit::Outside);
            }
            let hit = row_at(&dialog.rows, layout::inner(dialog.area), at);
            return Some(hit.unwrap_or(Hit::Dialog));
        }
        let pane = self.panes.iter().find(|pane| pane.area.contains(at))?;
        let hit = match &pane.content {
            Content::Rows(rows) => row_at(rows, layout::inner(pane.area), at),
            Content::Log(_) => None,
        };
        Some(hit.unwrap_or(Hit::Pane(pane.kind)))
    }
}

fn row_at(rows: &[Row], inner: Rect, at: Position) -> Option<Hit> {
    if !inner.contains(at) {
        return None;
    }
    rows.get(usize::from(at.y - inner.y)).and_then(|row| row.hit.clone())
}

impl Scene<'_> {
    /// Returns the selected workstream: the one that the screen remembers, or else the first.
    pub fn selected(&self) -> Option<&WorkstreamFacts> {
        let all = &self.facts.workstreams;
        let wanted = self.ui.selected.as_ref();
        let found = wanted.and_then(|wanted| all.iter().find(|known| known.id == *wanted));
        found.or_else(|| all.first()).map(AsRef::as_ref)
    }
}
