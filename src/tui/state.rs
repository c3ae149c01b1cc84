//! What the screen itself remembers: selection, scroll, what is open. Nothing here is about the work.

pub mod alerts;
pub mod attached;
pub mod deeds;
pub mod diff;
pub mod form;
pub mod found;
pub mod grid;
pub mod marking;
pub mod modal;
pub mod notices;
pub mod rewrite;
pub mod search;
pub mod text_area;
pub mod themes;
pub mod timeline;
pub mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::core::{AgentName, AttemptId, WorkstreamId};
use crate::tui::action::Action;
use crate::tui::log::Fold;
pub use alerts::Alerts;
pub use attached::Attached;
pub use deeds::{Asked, Deeds};
pub use diff::{Compared, Diff, DiffFound, DiffSearch, Divided, Point};
pub use form::{Form, Survey};
pub use found::Found;
pub use grid::Grid;
pub use marking::{MarkedBy, Marking};
pub use modal::{Choice, Confirmed, Modal, Purpose};
pub use notices::Notices;
pub use rewrite::Rewrite;
pub use search::{Search, Tally};
pub use text_area::TextArea;
pub use themes::Themes;
pub use timeline::Timeline;
pub use view::View;

/// What leaving the screen means for the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    /// It goes on without the screen.
    #[default]
    HandsOver,
    /// Everything is stopped, and then removed by whoever made the project: the demo.
    EndsAll,
}

/// Which pane the movement keys go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The log.
    Log,
}

/// Where the log pane stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scroll {
    /// At the end, moving with it.
    #[default]
    Follow,
    /// The line with this number (from 0) is at the top.
    At(usize),
    /// The row so many rows below the beginning of this line, or above it, is at the top.
    Rows {
        /// The line, from 0.
        line: usize,
        /// The rows.
        rows: isize,
    },
}

/// How a log of events is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// As lines that people read.
    #[default]
    Readable,
    /// As it was written.
    Raw,
}

/// Which output of a workstream is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// That of the attempt at work, or of the last one.
    #[default]
    Latest,
    /// That of this attempt.
    Attempt(AttemptId),
    /// That of the last check.
    Check,
}

/// What the screen itself remembers.
#[derive(Clone, Debug, Default)]
pub struct UiState {
    /// The selected workstream; the selection follows it, not its row.
    pub selected: Option<WorkstreamId>,
    /// The selected agent; the first if it is none that there is.
    pub agent: Option<AgentName>,
    /// What the workstreams of the list have in them; none if it shows all.
    pub filter: Option<String>,
    /// Those that are selected together, to decide about all of them at once.
    pub marked: BTreeSet<WorkstreamId>,
    /// What fills the screen.
    pub view: View,
    /// What did before, and does again when that is left.
    pub origin: View,
    /// Which part of the time the timeline shows.
    pub timeline: Timeline,
    /// Which logs are in sight at once.
    pub grid: Grid,
    /// Which change is shown.
    pub diff: Diff,
    /// Which notices were read.
    pub notices: Notices,
    /// Which alert is chosen.
    pub alerts: Alerts,
    /// What is looked for in all logs.
    pub found: Found,
    /// The lines scrolled away in a view that is one long text.
    pub page: usize,
    /// Where the movement keys go.
    pub focus: Focus,
    /// Whether the focused pane fills the view.
    pub zoom: bool,
    /// The terminal that all input goes to; none if it goes to the screen.
    pub terminal: Option<Attached>,
    /// What lies over the view.
    pub modal: Option<Modal>,
    /// Where the log pane stands.
    pub scroll: Scroll,
    /// How it shows events.
    pub reading: Reading,
    /// How it shows lines that are too long for it.
    pub fold: Fold,
    /// Whether it shows when its lines were written.
    pub times: bool,
    /// The lines of it that are marked to be copied.
    pub marking: Option<Marking>,
    /// The line of it on which the mouse was pressed.
    pub pressed: Option<usize>,
    /// Which output it shows.
    pub shown: Shown,
    /// The search in it.
    pub search: Option<Search>,
    /// What was done on it, to be undone.
    pub deeds: Deeds,
    /// The number of the last notice that has faded.
    pub faded: u64,
    /// Workstreams that came to rest and were not looked at since.
    pub unseen: BTreeSet<WorkstreamId>,
    /// Which theme it is seen in.
    pub themes: Themes,
    /// What a new workstream can have, as far as that was looked for.
    pub survey: Option<Arc<Survey>>,
    /// A new workstream that is selected as soon as it is there.
    pub awaited: Option<WorkstreamId>,
    /// What the last key asked for; gone with the next key.
    pub asked: Option<Asked>,
    /// Why the last key did nothing; gone with the next key.
    pub hint: Option<String>,
    /// Whether the screen leaves as soon as nothing runs, since all is being stopped.
    pub ending: bool,
    /// What leaving the screen means.
    pub leaving: Leaving,
}

impl UiState {
    /// Says whether there is no next match, neither in a log nor in a diff.
    pub fn has_nothing_to_match(&self) -> bool {
        self.search.is_none() && self.view != View::Diff
    }

    /// Says whether an action is about all that are selected together, rather than about the selected one.
    pub fn is_about_many(&self, action: Action) -> bool {
        let lists = matches!(self.view, View::Workstreams | View::Timeline | View::Grid);
        lists && !self.marked.is_empty() && action.is_for_many()
    }
}
