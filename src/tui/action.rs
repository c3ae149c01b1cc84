//! The one table of all actions: the dispatcher, the footer, the help and the palette read it.

use crate::core::phase::PhaseWord;
use crate::ipc::facts::{Facts, Owner, WorkstreamFacts};

use super::outputs;
use super::state::{Focus, Leaving, Reading, Scroll, UiState, View};

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
    Retry,
    RetryFrom,
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
    Why,
    Follow,
    Raw,
    Search,
    NextMatch,
    PreviousMatch,
    EarlierOutput,
    LaterOutput,
    Pause,
    Help,
    Palette,
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
    /// Looking closer.
    Look,
    /// The project and the screen as a whole.
    Whole,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: &[Self] = &[Self::Move, Self::Decide, Self::Look, Self::Whole];

    /// Returns the heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Decide => "The selected workstream",
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
        NextPane "next-pane" ["tab"] "pane" "move in the list, or in the log"
        Back "back" ["esc"] "back" "close what was opened last"
    }
    Decide {
        Retry "retry" ["r"] "retry" "try again with the same agent"
        RetryFrom "retry-from" ["R"] "retry from" "try again with an agent, or from a checkpoint, of your choice"
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
    Look {
        Zoom "zoom" ["enter" "z"] "zoom" "let the pane fill the screen; decide, in the inbox"
        Why "why" ["i"] "why" "why it is where it is, with the evidence"
        Inbox "inbox" ["E"] "inbox" "all that waits for you"
        Follow "follow" ["f"] "follow" "stay at the end of the log, or where you are"
        Raw "raw" ["v"] "raw" "the log of an agent that writes JSON: as it was written, or readable again"
        Search "search" ["/"] "search" "look for text in the log"
        NextMatch "next-match" ["n"] "next" "the next place that matches"
        PreviousMatch "previous-match" ["N"] "previous" "the previous place that matches"
        EarlierOutput "earlier-output" ["["] "earlier" "the log of the attempt before"
        LaterOutput "later-output" ["]"] "later" "the log of the attempt after, then that of the check"
    }
    Whole {
        Pause "pause" ["p"] "pause" "start nothing new until pressed again; what runs goes on"
        Help "help" ["?" "f1"] "help" "this list"
        Palette "palette" [":" "ctrl-p"] "commands" "all actions by name"
        Redraw "redraw" ["ctrl-l"] "redraw" "draw the whole screen again"
        Suspend "suspend" ["ctrl-z"] "suspend" "stop this program until it is continued by the shell"
        Leave "leave" ["q" "ctrl-c"] "leave" "leave the screen; the work goes on"
        StopAll "stop-all" ["Q"] "stop all" "end every agent, then leave; asks first"
    }
}

/// Which actions the footer prefers, most useful first.
const FOOTER: &[Action] = &[
    Action::Retry,
    Action::Attach,
    Action::Terminal,
    Action::Extend,
    Action::Stop,
    Action::Escalate,
    Action::Detach,
    Action::Zoom,
    Action::Why,
    Action::Search,
];

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
            Self::Zoom if ui.zoom => "unzoom",
            Self::Escalate if selected(facts, ui).is_some_and(waits) => "decide",
            Self::Follow if ui.scroll == Scroll::Follow => "hold",
            Self::Pause if facts.paused => "go on",
            Self::Raw if ui.reading == Reading::Raw => "readable",
            _other => self.entry().word,
        }
    }

    /// Returns what it does, in a line.
    pub fn doc(self, leaving: Leaving) -> &'static str {
        match (self, leaving) {
            (Self::Leave, Leaving::EndsAll) => "end every agent, then leave; nothing is kept",
            _other => self.entry().doc,
        }
    }

    /// Says whether it applies now; if it does not, the error is a sentence that says why.
    pub fn applies(self, facts: &Facts, ui: &UiState) -> Result<(), &'static str> {
        match self {
            Self::Help
            | Self::Palette
            | Self::Redraw
            | Self::Suspend
            | Self::Leave
            | Self::Pause
            | Self::Inbox
            | Self::Back => Ok(()),
            Self::StopAll => {
                let any = facts.workstreams.iter().any(|ws| !at_rest(ws));
                any.then_some(()).ok_or("nothing is left to stop")
            }
            Self::NextWaiting => facts
                .workstreams
                .iter()
                .any(|ws| needs_you(ws))
                .then_some(())
                .ok_or("nothing waits for you"),
            Self::NextMatch | Self::PreviousMatch if ui.view == View::Workstreams => {
                ui.search.is_some().then_some(()).ok_or("there is no search; `/` begins one")
            }
            _of_a_workstream => match selected(facts, ui) {
                None => Err("there is no workstream"),
                Some(workstream) if ui.view == View::Inbox && !needs_you(workstream) => {
                    Err("nothing waits for you")
                }
                Some(workstream) => self.applies_to(workstream, ui),
            },
        }
    }

    fn applies_to(self, ws: &WorkstreamFacts, ui: &UiState) -> Result<(), &'static str> {
        let phase = ws.phase;
        let running = phase == PhaseWord::Running;
        match self {
            Self::Extend => {
                running.then_some(()).ok_or("no agent runs, so there is no timeout to move")
            }
            Self::SendInput => {
                running.then_some(()).ok_or("no agent runs, so nobody reads the input")
            }
            Self::Terminal if !running => Err("no agent runs, so there is no terminal"),
            Self::Terminal => {
                ws.terminal.then_some(()).ok_or("its agent has no terminal; `io: pty` gives it one")
            }
            Self::Stop | Self::Escalate if phase == PhaseWord::Lost => {
                Err("its processes survived; kill tries again")
            }
            Self::Stop => (!at_rest(ws)).then_some(()).ok_or("it has ended already"),
            Self::Kill => (!at_rest(ws) || phase == PhaseWord::Lost)
                .then_some(())
                .ok_or("it has ended already"),
            Self::Escalate => (!at_rest(ws)).then_some(()).ok_or("it has ended; retry it instead"),
            Self::Detach if ws.owner != Owner::Here => Err("another process runs it already"),
            Self::Detach => (!at_rest(ws) && !waits(ws))
                .then_some(())
                .ok_or("nothing of it goes on, so there is nothing to hand over"),
            Self::Attach => {
                (ws.owner != Owner::Here).then_some(()).ok_or("this screen runs it already")
            }
            Self::Shell => ws.worktree.is_some().then_some(()).ok_or("it has no worktree yet"),
            Self::Accept => {
                (matches!(phase, PhaseWord::Escalated | PhaseWord::Failed | PhaseWord::Stopped))
                    .then_some(())
                    .ok_or("only what waits or has ended can be accepted")
            }
            Self::GiveUp => {
                (matches!(phase, PhaseWord::Escalated | PhaseWord::Queued | PhaseWord::Backoff))
                    .then_some(())
                    .ok_or("stop it first")
            }
            Self::Follow
            | Self::Raw
            | Self::Search
            | Self::NextMatch
            | Self::PreviousMatch
            | Self::EarlierOutput
            | Self::LaterOutput
                if ui.view == View::Inbox =>
            {
                Err("its log is not in sight; go back first")
            }
            Self::Follow | Self::Raw | Self::Search => {
                has_output(ws).then_some(()).ok_or("it has no log yet")
            }
            Self::EarlierOutput => {
                outputs::beside(ws, ui.shown, -1).map(drop).ok_or("it has no earlier output")
            }
            Self::LaterOutput => {
                outputs::beside(ws, ui.shown, 1).map(drop).ok_or("it has no later output")
            }
            Self::NextPane => {
                (ui.view == View::Workstreams).then_some(()).ok_or("the inbox has one pane")
            }
            _moves => Ok(()),
        }
    }
}

/// Returns what the footer shows: at most seven actions that apply now, help and palette at the end.
pub fn footer(facts: &Facts, ui: &UiState) -> Vec<Action> {
    let waiting = facts.workstreams.iter().any(|ws| needs_you(ws));
    let mut shown = Vec::with_capacity(7);
    match (ui.view, ui.focus) {
        (View::Inbox, _) => shown.extend([
            Action::Zoom,
            Action::Retry,
            Action::RetryFrom,
            Action::Shell,
            Action::Back,
        ]),
        (View::Workstreams, Focus::Log) => {
            shown.extend([Action::Zoom, Action::Follow, Action::Search]);
            if ui.search.is_some() {
                shown.extend([Action::NextMatch, Action::PreviousMatch]);
            } else {
                shown.extend([Action::EarlierOutput, Action::LaterOutput, Action::NextPane]);
            }
        }
        (View::Workstreams, Focus::List) => {
            shown.extend(waiting.then_some(Action::Inbox));
            shown.extend(FOOTER);
        }
    }
    shown.retain(|action| action.applies(facts, ui).is_ok());
    shown.truncate(5);
    shown.extend([Action::Palette, Action::Help]);
    shown
}

/// Returns the selected workstream.
pub fn selected<'a>(facts: &'a Facts, ui: &UiState) -> Option<&'a WorkstreamFacts> {
    let id = ui.selected.as_ref()?;
    facts.workstreams.iter().find(|ws| ws.id == *id).map(AsRef::as_ref)
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

fn has_output(ws: &WorkstreamFacts) -> bool {
    ws.log.is_some() || ws.check_log.is_some()
}
