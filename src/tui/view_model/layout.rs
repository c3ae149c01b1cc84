//! Which part of the screen each pane has.

use ratatui::layout::Rect;

use crate::ipc::facts::Facts;
use crate::tui::action::needs_you;
use crate::tui::state::{Focus, UiState, View};

/// Fewer columns are too small.
pub const MIN_COLUMNS: u16 = 60;
/// Fewer rows are too small.
pub const MIN_ROWS: u16 = 16;

/// From this many columns the log stands beside the list; below, under it.
const BESIDE: u16 = 100;

/// Which part of the screen each pane has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The line at the top.
    pub header: Rect,
    /// The line below it, if something is wrong as a whole.
    pub banner: Option<Rect>,
    /// All that is between header and notice.
    pub body: Rect,
    /// The workstreams.
    pub list: Option<Rect>,
    /// The log.
    pub log: Option<Rect>,
    /// What waits for the operator.
    pub inbox: Option<Rect>,
    /// What is known of the selected one of those.
    pub detail: Option<Rect>,
    /// What happened last.
    pub notice: Rect,
    /// The keys.
    pub footer: Rect,
}

/// Returns the part of a pane that its frame leaves.
pub fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Returns the part of a log pane that has text: a column is left free beside its frame.
pub fn log_inner(area: Rect) -> Rect {
    let inner = inner(area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }
}

impl Layout {
    /// Divides the screen.
    pub fn new(facts: &Facts, ui: &UiState, (columns, rows): (u16, u16)) -> Self {
        if columns < MIN_COLUMNS || rows < MIN_ROWS {
            return Self::default();
        }
        let line = |y: u16| Rect { x: 0, y, width: columns, height: 1 };
        let top = 1 + u16::from(facts.banner.is_some());
        let body = Rect { x: 0, y: top, width: columns, height: rows - top - 2 };
        let mut layout = Self {
            header: line(0),
            banner: facts.banner.is_some().then(|| line(1)),
            body,
            notice: line(rows - 2),
            footer: line(rows - 1),
            ..Self::default()
        };
        match ui.view {
            View::Workstreams => layout.workstreams(facts, ui),
            View::Inbox => layout.inbox(facts, ui),
            // They divide the body themselves.
            View::Timeline
            | View::Grid
            | View::Diff
            | View::Detail
            | View::Notices
            | View::Agents
            | View::Alerts
            | View::Found => {}
        }
        layout
    }

    /// Says whether nothing can be shown.
    pub fn is_too_small(&self) -> bool {
        self.body.width == 0
    }

    fn workstreams(&mut self, facts: &Facts, ui: &UiState) {
        if facts.workstreams.is_empty() {
            self.list = Some(self.body);
            return;
        }
        if ui.zoom {
            match ui.focus {
                Focus::List => self.list = Some(self.body),
                Focus::Log => self.log = Some(self.body),
            }
            return;
        }
        let (list, log) = if self.body.width >= BESIDE {
            let width = (self.body.width * 9 / 20).clamp(46, 72);
            beside(self.body, width)
        } else {
            above(self.body, list_height(facts.workstreams.len(), self.body.height))
        };
        self.list = Some(list);
        self.log = Some(log);
    }

    fn inbox(&mut self, facts: &Facts, ui: &UiState) {
        if ui.zoom {
            self.detail = Some(self.body);
            return;
        }
        let waiting = facts.workstreams.iter().filter(|one| needs_you(one)).count();
        let height = u16::try_from(waiting.max(1)).unwrap_or(u16::MAX).saturating_add(2);
        let (inbox, detail) = above(self.body, height.min(self.body.height / 3).max(3));
        self.inbox = Some(inbox);
        self.detail = Some(detail);
    }
}

/// Returns how high a list above the log is: two rows each if that leaves the log more than half, else one each.
fn list_height(workstreams: usize, body: u16) -> u16 {
    let half = body / 2;
    let count = u16::try_from(workstreams).unwrap_or(u16::MAX).max(2);
    let two = count.saturating_mul(2).saturating_add(2);
    if two <= half { two } else { count.saturating_add(2).clamp(5, half.max(5)) }
}

fn beside(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    let left = Rect { width, ..area };
    (left, Rect { x: area.x + width, width: area.width - width, ..area })
}

fn above(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let upper = Rect { height, ..area };
    (upper, Rect { y: area.y + height, height: area.height - height, ..area })
}
