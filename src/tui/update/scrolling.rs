//! The six actions that scroll, wherever something is longer than its pane.

use crate::tui::action::Action;

/// How far an action scrolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// By so many rows.
    Rows(isize),
    /// By so many pages.
    Pages(isize),
    /// To the beginning.
    First,
    /// To the end.
    Last,
}

impl Step {
    /// Returns the rows that this is where so many are in sight.
    pub(super) fn rows(self, height: usize) -> isize {
        let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
        match self {
            Self::Rows(rows) => rows,
            Self::Pages(pages) => pages.saturating_mul(page),
            Self::First => isize::MIN,
            Self::Last => isize::MAX,
        }
    }
}

/// Returns how far an action scrolls; none if it does not.
pub(super) fn of(action: Action) -> Option<Step> {
    match action {
        Action::Down => Some(Step::Rows(1)),
        Action::Up => Some(Step::Rows(-1)),
        Action::PageDown => Some(Step::Pages(1)),
        Action::PageUp => Some(Step::Pages(-1)),
        Action::First => Some(Step::First),
        Action::Last => Some(Step::Last),
        _elsewhere => None,
    }
}
