//! What the screen itself remembers: selection, scroll, what is open. Nothing here is about the work.

pub mod alerts;
pub mod attached;
pub mod deeds;
pub mod diff;
pub mod form;
pub mod found;
pub mod grid;
pub mod marking;
pub mod notices;
pub mod rewrite;
pub mod text_area;
pub mod themes;
pub mod timeline;
pub mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use tui_input::Input;

use crate::core::event::{Request, Target};
use crate::core::outcome::Say;
use crate::core::{AgentName, AttemptId, WorkstreamId};
use crate::tui::action::Action;
use crate::tui::log::Fold;
use crate::tui::update::Order;
pub use alerts::Alerts;
pub use attached::Attached;
pub use deeds::{Asked, Deeds};
pub use diff::{Compared, Diff, DiffFound, DiffSearch, Divided, Point};
pub use form::{Form, Survey};
pub use found::Found;
pub use grid::Grid;
pub use marking::{MarkedBy, Marking};
pub use notices::Notices;
pub use rewrite::Rewrite;
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

/// A search in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is looked for, as typed; a regular expression, or plain text if it is not a valid one.
    pub pattern: String,
    /// How much was found of it.
    pub tally: Tally,
}

impl Search {
    /// Returns a search for this, of which nothing is found yet.
    pub fn of(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned(), tally: Tally::default() }
    }
}

/// How much a search has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Lines that match, as far as they are counted.
    pub count: usize,
    /// Which of them was gone to last, from 1; none if the pane stands elsewhere.
    pub place: Option<usize>,
    /// How much is searched; none if that is all.
    pub percent: Option<u8>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, place: None, percent: Some(0) }
    }
}

/// What a line of input is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A note for the next attempt, sent with this request's tier.
    RetryNote {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// A note for whoever an escalation goes to.
    EscalationNote {
        /// Where it goes.
        to: Target,
    },
    /// Characters for the agent.
    AgentInput,
    /// A search in the log.
    Search,
    /// A search in all logs.
    SearchAll,
    /// A filter of the list.
    Filter,
    /// A search in a change.
    SearchDiff,
    /// A time in the log.
    Time,
    /// A file into which the log is saved.
    Save,
}

/// What is chosen from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A request, sent when chosen.
    Send(Request),
    /// A note is asked for first, then a retry at this tier is sent.
    Note {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// A note is asked for first, then the escalation is sent.
    EscalationNote {
        /// Where it goes.
        to: Target,
    },
    /// The prompt is changed first, then a retry with it is sent.
    Rewrite {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// The tier is asked for next.
    Tier,
    /// This state of the files is compared with another, which is asked for next.
    CompareFrom(Point),
    /// These states of the files are compared.
    Compare(Point, Point),
    /// A shell is opened in the worktree.
    Shell,
    /// All these orders are given.
    All(Vec<Order>),
    /// This is done.
    Act(Action),
}

/// What lies over the view.
#[derive(Clone, Debug)]
pub enum Modal {
    /// The keys and what they do.
    Help {
        /// Lines scrolled.
        scroll: usize,
    },
    /// All actions, found by typing.
    Palette {
        /// What was typed.
        input: Input,
        /// The chosen one among those that match.
        selected: usize,
    },
    /// A question before something is ended.
    Confirm {
        /// What is asked, naming what ends and what stays.
        question: String,
        /// What is done on yes.
        then: Confirmed,
    },
    /// A line of text.
    Line {
        /// Of which workstream.
        workstream: WorkstreamId,
        /// What for.
        purpose: Purpose,
        /// What was typed.
        input: Input,
    },
    /// One of several.
    Choose {
        /// Of which workstream; none if it is about an agent.
        workstream: Option<WorkstreamId>,
        /// What is asked, in a few words.
        title: String,
        /// What there is to know before; may be empty.
        about: String,
        /// The choices and their labels.
        choices: Vec<(String, Choice)>,
        /// The chosen one.
        selected: usize,
    },
    /// A theme.
    Themes {
        /// The chosen one among those that there are.
        selected: usize,
        /// What was chosen before the list was opened.
        before: Option<String>,
    },
    /// A new workstream.
    New(Box<Form>),
    /// Another prompt for the next attempt.
    Rewrite(Box<Rewrite>),
    /// Why the selected workstream is where it is, or how the selected agent fares.
    Why {
        /// Lines scrolled.
        scroll: usize,
    },
}

/// What is done after a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// A request to a workstream.
    Send(WorkstreamId, Request),
    /// The breaker of an agent does this.
    Breaker(AgentName, Say),
    /// All of these orders.
    All(Vec<Order>),
    /// Everything is stopped and the screen left.
    StopAllAndQuit,
    /// The log is written over this file.
    SaveOver(String),
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
