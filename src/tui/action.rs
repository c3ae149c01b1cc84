//! The one table of all actions: the dispatcher, the footer, the help and the palette read it.

mod applies;
mod footer;

use crate::core::phase::PhaseWord;
use crate::ipc::facts::{AgentFacts, Facts, WorkstreamFacts};

pub use footer::footer;

use super::log::Fold;
use super::state::{Leaving, Reading, Scroll, UiState, View};

/// What the operator can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is documented for people in `TABLE`")]
pub enum Action {
    Down,
    Up,
    First,
    Last,
    PageDown,
    PageUp,
    Jump,
    NextWaiting,
    Zoom,
    NextPane,
    Back,
    Inbox,
    Timeline,
    Grid,
    Diff,
    Compare,
    Divide,
    Detail,
    Notices,
    Agents,
    Alerts,
    Acknowledge,
    AcknowledgeAll,
    Closer,
    Farther,
    Left,
    Right,
    Mark,
    MarkAll,
    MarkFailed,
    Filter,
    Menu,
    Retry,
    RetryFrom,
    RetryWith,
    Escalate,
    Extend,
    SendInput,
    Terminal,
    Stop,
    Kill,
    Detach,
    Attach,
    Shell,
    Accept,
    GiveUp,
    BreakerClose,
    BreakerOpen,
    BreakerHold,
    Why,
    Follow,
    Raw,
    Search,
    SearchAll,
    NextMatch,
    PreviousMatch,
    NextTrouble,
    PreviousTrouble,
    GoToTime,
    Times,
    Wrap,
    MarkLines,
    Copy,
    Save,
    Pager,
    Editor,
    EarlierOutput,
    LaterOutput,
    New,
    Pause,
    Undo,
    Help,
    Palette,
    Theme,
    Redraw,
    Suspend,
    Leave,
    StopAll,
}

/// Under which heading the help lists an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Moving around.
    Move,
    /// Deciding about the selected workstream.
    Decide,
    /// Deciding about the selected agent.
    Agent,
    /// Looking closer.
    Look,
    /// The project and the screen as a whole.
    Whole,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: &[Self] = &[Self::Move, Self::Decide, Self::Agent, Self::Look, Self::Whole];

    /// Returns the heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Decide => "The selected workstream",
            Self::Agent => "The selected agent",
            Self::Look => "Look closer",
            Self::Whole => "The whole",
        }
    }
}

/// What the table says of an action.
#[derive(Debug)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its keys, unless the configuration names others.
    pub keys: &'static [&'static str],
    /// The one or two words of the footer.
    pub word: &'static str,
    /// What it does, in a line.
    pub doc: &'static str,
    /// Where the help lists it.
    pub group: Group,
}

macro_rules! table {
    ($($group:ident { $($action:ident $name:literal [$($key:literal)*] $word:literal $doc:literal)+ })+) => {
        /// Every action, in the order of the help.
        pub const TABLE: &[Entry] = &[$($(Entry {
            action: Action::$action,
            name: $name,
            keys: &[$($key),*],
            word: $word,
            doc: $doc,
            group: Group::$group,
        },)+)+];
    };
}

table! {
    Move {
        Down "down" ["j" "down"] "down" "next workstream, or one line down in the log"
        Up "up" ["k" "up"] "up" "previous workstream, or one line up in the log"
        First "first" ["g" "home"] "first" "first workstream, or the start of the log"
        Last "last" ["G" "end"] "last" "last workstream, or the end of the log"
        PageDown "page-down" ["pagedown" "ctrl-d"] "page" "one page down in the log"
        PageUp "page-up" ["pageup" "ctrl-u"] "page" "one page up in the log"
        Jump "jump" ["1" "2" "3" "4" "5" "6" "7" "8" "9"] "jump" "the workstream in this row"
        NextWaiting "next-waiting" ["w"] "next waiting" "the next workstream that waits for you"
        Filter "filter" ["|"] "filter" "list only workstreams with this in their name, title, state or agent; esc lists all again"
        Left "left" ["h" "left"] "left" "earlier in the timeline, the log at the left in the grid, to the left in a diff, or in a log that is cut"
        Right "right" ["l" "right"] "right" "later in the timeline, the log at the right in the grid, to the right in a diff, or in a log that is cut"
        Closer "closer" ["+" "="] "closer" "less time in the timeline, fewer logs in the grid"
        Farther "farther" ["-"] "farther" "more time in the timeline, more logs in the grid"
        NextPane "next-pane" ["tab"] "pane" "move in the list, or in the log; in the files of a diff, or in its lines"
        Back "back" ["esc"] "back" "close what was opened last"
    }
    Decide {
        Mark "select" ["space"] "select" "select it together with others, or no longer; what decides is then about all of them"
        MarkAll "select-all" ["*"] "select all" "select all together, or none"
        MarkFailed "select-failed" [] "select failed" "select together all that failed for something that passes"
        Menu "menu" ["M"] "menu" "what can be done about it now; a right click opens it too"
        Retry "retry" ["r"] "retry" "try again with the same agent"
        RetryFrom "retry-from" ["R"] "retry from" "try again with an agent, or from a checkpoint, of your choice"
        RetryWith "retry-with" [] "another prompt" "try again with another prompt, which you write for that attempt"
        Escalate "escalate" ["e"] "escalate" "go on with another agent, or with you"
        Extend "extend" ["t"] "more time" "move the timeouts of the running agent"
        SendInput "send-input" ["m"] "input" "send a line to the running agent"
        Terminal "terminal" ["A"] "terminal" "the live terminal of the running agent; Ctrl-Q leads back"
        Stop "stop" ["x"] "stop" "end the agent: TERM, KILL if it does not go; asks first"
        Kill "kill" ["X"] "kill" "end the agent at once; asks first"
        Detach "detach" ["d"] "detach" "let a process of its own run it, with or without this screen"
        Attach "attach" ["a"] "attach" "take it back into this screen"
        Shell "shell" ["s"] "shell" "open a shell in its worktree"
        Accept "accept" [] "accept" "take the work as it is; asks first"
        GiveUp "give-up" [] "give up" "end it as failed; asks first"
    }
    Agent {
        BreakerClose "breaker-close" ["c"] "close" "use it again: close its breaker"
        BreakerOpen "breaker-open" ["o"] "open" "start nothing with it until the delay of its breaker is over; asks first"
        BreakerHold "breaker-hold" ["O"] "hold" "start nothing with it until its breaker is closed by hand; asks first"
    }
    Look {
        Zoom "zoom" ["enter" "z"] "zoom" "let the pane fill the screen; decide, in the inbox and about an agent"
        Why "why" ["i"] "why" "why it is where it is, with the evidence; all that is known of an agent"
        Inbox "inbox" ["E"] "inbox" "all that waits for you"
        Timeline "timeline" ["T"] "timeline" "what every workstream was at, as bars over time"
        Grid "grid" ["L"] "logs" "the logs of those at work at once"
        Diff "diff" ["D"] "diff" "how its files have changed: all in all, and by each attempt"
        Compare "compare" ["&"] "compare" "in a diff: choose the two states of the files that are compared"
        Divide "divide" ["%"] "divide" "in a diff: what each commit made, what each attempt did, what was made for each task, or all in one"
        Detail "detail" ["I"] "detail" "all that is known of it: prompt, attempts, evidence, where it can go back to"
        Notices "notices" ["H"] "notices" "all that was told, the newest first"
        Agents "agents" ["b"] "agents" "how the agents and the fleet fare: health, breakers, what is to come"
        Alerts "alerts" ["!"] "alerts" "what is wrong now, the worst first"
        Acknowledge "acknowledge" ["K"] "acknowledge" "take note of the chosen alert: it is silent until it gets worse"
        AcknowledgeAll "acknowledge-all" ["ctrl-k"] "acknowledge all" "take note of every alert there is"
        Follow "follow" ["f"] "follow" "stay at the end of the log, with the time, with what is at work, or where you are; read a diff, or search all logs, again"
        Raw "raw" ["v"] "raw" "the log of an agent that writes JSON: as it was written, or readable again"
        Search "search" ["/"] "search" "look for text, or a regular expression, in the log or in a diff"
        SearchAll "search-all" ["F" "ctrl-f"] "search all" "look for text in the logs of all attempts of all workstreams"
        NextMatch "next-match" ["n"] "next" "the next place that matches; the next change in a diff that is not searched; elsewhere, without a search, a new workstream"
        PreviousMatch "previous-match" ["N"] "previous" "the previous place that matches; the change before in a diff that is not searched"
        NextTrouble "next-trouble" ["}"] "trouble" "the next line of the log that tells of an error, a warning or a failure, or at which ostler told of one"
        PreviousTrouble "previous-trouble" ["{"] "trouble before" "the line before that does"
        GoToTime "go-to-time" ["@"] "go to time" "go to a time in the log: 12:30, 12:30:15, -5m before its end, +5m after its beginning"
        Times "times" ["#"] "times" "when each line of the log was written, or no longer"
        Wrap "wrap" ["W"] "wrap" "wrap the long lines of logs, or cut them, so that h and l move to the side"
        MarkLines "mark-lines" ["V"] "mark" "mark lines of the log from here on, or none any more; the mouse marks by dragging"
        Copy "copy" ["y"] "copy" "copy the marked lines of the log to the clipboard, or those in sight"
        Save "save" ["S"] "save" "save the whole log to a file, as text"
        Pager "pager" ["P"] "pager" "open the log in $PAGER"
        Editor "editor" ["ctrl-e"] "editor" "open the log in $VISUAL or $EDITOR"
        EarlierOutput "earlier-output" ["["] "earlier" "the log, or the diff, of the attempt before"
        LaterOutput "later-output" ["]"] "later" "the log of the attempt after, then that of the check; its diff, then that of all attempts"
    }
    Whole {
        New "new" ["ctrl-n"] "new" "a new workstream, which you write down"
        Pause "pause" ["p"] "pause" "start nothing new until pressed again; what runs goes on"
        Undo "undo" ["u"] "undo" "take back what was done last on this screen, if nothing has come of it"
        Help "help" ["?" "f1"] "help" "this list"
        Palette "palette" [":" "ctrl-p"] "commands" "all actions by name"
        Theme "theme" ["C"] "theme" "the colours of the screen, seen while you choose"
        Redraw "redraw" ["ctrl-l"] "redraw" "draw the whole screen again"
        Suspend "suspend" ["ctrl-z"] "suspend" "stop this program until it is continued by the shell"
        Leave "leave" ["q" "ctrl-c"] "leave" "leave the screen; the work goes on"
        StopAll "stop-all" ["Q"] "stop all" "end every agent, then leave; asks first"
    }
}

impl Action {
    /// Returns what the table says of it.
    pub fn entry(self) -> &'static Entry {
        TABLE.iter().find(|entry| entry.action == self).unwrap_or(&TABLE[0])
    }

    /// Returns the action with this name in the configuration.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|entry| entry.name == name).map(|entry| entry.action)
    }

    /// Returns the words of the footer, which depend on what the action would do now.
    pub fn word(self, facts: &Facts, ui: &UiState) -> &'static str {
        match self {
            Self::Zoom if ui.view == View::Inbox => {
                let asks = selected(facts, ui).is_some_and(|ws| needs_you(ws) && !waits(ws));
                if asks { "go there" } else { "decide" }
            }
            Self::Zoom if ui.view == View::Agents => "decide",
            Self::Zoom if ui.view == View::Alerts => "go there",
            Self::Zoom if ui.zoom && ui.view != View::Found => "unzoom",
            Self::Zoom if matches!(ui.view, View::Timeline | View::Grid | View::Detail) => "log",
            Self::Follow if ui.view == View::Timeline => "to now",
            Self::Follow if ui.view == View::Diff => "read again",
            Self::Follow if ui.view == View::Found => "search again",
            Self::Zoom if ui.view == View::Found => "open",
            Self::Escalate if selected(facts, ui).is_some_and(waits) => "decide",
            Self::Follow if ui.view == View::Grid && ui.grid.held.is_some() => "follow",
            Self::Follow if ui.view == View::Grid => "hold",
            Self::Follow if ui.scroll == Scroll::Follow => "hold",
            Self::Pause if facts.paused => "go on",
            Self::Wrap if ui.fold == Fold::Wrap => "cut",
            Self::Times if ui.times => "no times",
            Self::Raw if ui.reading == Reading::Raw => "readable",
            _other => self.entry().word,
        }
    }

    /// Says whether it may end what runs, or throw away what was done.
    pub fn ends_work(self) -> bool {
        matches!(
            self,
            Self::Retry
                | Self::RetryFrom
                | Self::RetryWith
                | Self::Escalate
                | Self::Stop
                | Self::Kill
                | Self::Accept
                | Self::GiveUp
                | Self::Undo
                | Self::StopAll
        )
    }

    /// Says whether it decides about a workstream or an agent, rather than choosing or looking at one.
    pub fn is_decision(self) -> bool {
        let chooses = matches!(self, Self::Mark | Self::MarkAll | Self::MarkFailed | Self::Menu);
        matches!(self.entry().group, Group::Decide | Group::Agent) && !chooses
    }

    /// Says whether it can be about several workstreams at once.
    pub fn is_for_many(self) -> bool {
        matches!(
            self,
            Self::Retry
                | Self::RetryFrom
                | Self::Escalate
                | Self::Extend
                | Self::Stop
                | Self::Kill
                | Self::Detach
                | Self::Attach
                | Self::Accept
                | Self::GiveUp
        )
    }

    /// Returns what it does, in a line.
    pub fn doc(self, leaving: Leaving) -> &'static str {
        match (self, leaving) {
            (Self::Leave, Leaving::EndsAll) => "end every agent, then leave; nothing is kept",
            _other => self.entry().doc,
        }
    }
}

/// Returns the selected workstream.
pub fn selected<'a>(facts: &'a Facts, ui: &UiState) -> Option<&'a WorkstreamFacts> {
    let id = ui.selected.as_ref()?;
    facts.workstreams.iter().find(|ws| ws.id == *id).map(AsRef::as_ref)
}

/// Returns the selected agent: the one that the screen remembers, or else the first.
pub fn selected_agent<'a>(facts: &'a Facts, ui: &UiState) -> Option<&'a AgentFacts> {
    let found = facts.agents.iter().find(|agent| Some(&agent.name) == ui.agent.as_ref());
    found.or_else(|| facts.agents.first())
}

/// Says whether a workstream waits for the operator.
pub fn waits(ws: &WorkstreamFacts) -> bool {
    ws.phase == PhaseWord::Escalated
}

/// Says whether a workstream wants something of the operator: a decision, or an answer to its agent.
pub fn needs_you(ws: &WorkstreamFacts) -> bool {
    waits(ws) || (ws.phase == PhaseWord::Running && ws.waiting.is_some())
}

/// Says whether nothing happens to a workstream any more unless the operator says so.
pub fn at_rest(ws: &WorkstreamFacts) -> bool {
    ws.phase.is_final()
}
