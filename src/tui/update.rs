//! What an input does: it changes what the screen remembers, and returns what is to be done elsewhere. Pure.

mod agents;
mod alerts;
mod ask;
mod choices;
mod deeds;
mod diff;
mod diff_search;
pub mod facts;
mod filter;
pub mod form;
pub mod found;
mod log;
mod many;
mod marking;
mod menu;
mod modal;
mod mouse;
mod moves;
mod page;
pub mod palette;
mod questions;
mod rewrite;
mod scrolling;
pub mod seen;
mod terminal;
mod themes;
pub(in crate::tui) mod undo;
mod views;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use crossterm::event::{KeyEvent, MouseEvent};

use super::action::{Action, selected};
use super::keymap::{Bound, Keymap};
use super::log::Moment;
use super::state::{Modal, UiState, View};
use crate::core::alert;
use crate::core::draft::Draft;
use crate::core::event::Request;
use crate::core::outcome::Say;
use crate::core::{AgentName, AttemptId, Timestamp, WorkstreamId};
use crate::ipc::facts::Facts;
use crate::ipc::touch::Touch;

pub use seen::Seen;

/// What comes from the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, held or let go.
    Key(KeyEvent),
    /// Text was pasted. It is only ever text: no key is looked up for it.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// This is wanted, however it was chosen.
    Act(Bound),
}

impl From<Action> for Input {
    fn from(action: Action) -> Self {
        Self::Act(Bound { action, nth: 0 })
    }
}

/// Whether new attempts are started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launches {
    /// They are not.
    Paused,
    /// They are.
    Going,
}

/// What is asked of whoever runs the workstreams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Give this request to this workstream.
    Send(WorkstreamId, Request),
    /// Do this at the terminal of the agent of this attempt.
    Touch(WorkstreamId, AttemptId, Touch),
    /// Hand its policy to a process of its own.
    Detach(WorkstreamId),
    /// Take its policy back.
    Attach(WorkstreamId),
    /// Let the breaker of this agent do this.
    Breaker(AgentName, Say),
    /// Start new attempts, or do not.
    Launches(Launches),
    /// Take note of this alert; of all without a name.
    Acknowledge(Option<alert::Key>),
    /// Take no note of this alert after all.
    Recall(alert::Key),
    /// End every agent, start nothing more.
    StopAll,
}

/// Where a search goes from the line that is at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To later lines.
    Down,
    /// To earlier lines.
    Up,
}

/// What a file that is saved may be written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing: it must be new.
    Nothing,
    /// What is there.
    What,
}

/// A program of the operator's that shows a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// `$PAGER`.
    Pager,
    /// `$VISUAL` or `$EDITOR`.
    Editor,
}

/// What the operator does at the terminal of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// A key is pressed, held or let go.
    Key(KeyEvent),
    /// Text is pasted.
    Paste(String),
    /// The mouse does something; its place counts from the corner of that terminal.
    Mouse(MouseEvent),
}

/// What is to be done after an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Pass this on.
    Order(Order),
    /// Pass this on, which undoes what was done before.
    TakeBack(Order),
    /// Leave the screen; the work goes on.
    Leave,
    /// Leave the screen for a shell in this worktree, then come back.
    Shell {
        /// Of which workstream.
        workstream: WorkstreamId,
        /// Where.
        worktree: PathBuf,
    },
    /// Stop this program until it is continued.
    Suspend,
    /// Draw everything again, whatever the terminal shows now.
    Redraw,
    /// Do this at the terminal that is open, in the form that its agent asked for.
    Gesture(Gesture),
    /// Find the next line of the shown log that matches.
    Find(Direction),
    /// Find the next line of the shown log that tells of trouble.
    FindTrouble(Direction),
    /// Go to this time in the shown log.
    GoToTime(Moment),
    /// Copy these lines of the shown log to the clipboard.
    Copy(RangeInclusive<usize>),
    /// Save the shown log to a file.
    Save {
        /// Its name, as typed.
        name: String,
        /// What it may be written over.
        over: Over,
    },
    /// Leave the screen for a program that shows the log, then come back.
    View(Viewer),
    /// Open the log of this line of what was found in all logs.
    OpenFound(usize),
    /// Look for what a new workstream can have.
    Survey,
    /// Make this part of the configuration.
    Create(Box<Draft>),
    /// Leave the screen for an editor on this text, then come back.
    Edit(String),
}

/// What an input is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What is known of the project.
    pub facts: &'a Facts,
    /// Which key does what.
    pub keymap: &'a Keymap,
    /// What was drawn last.
    pub seen: &'a Seen,
    /// The time.
    pub now: Timestamp,
}

/// Takes one input and returns what is to be done about it, in order.
pub fn update(ui: &mut UiState, input: &Input, context: Context<'_>) -> Vec<Command> {
    let commands = take(ui, input, context);
    deeds::remember(ui, &commands, context.facts);
    commands
}

fn take(ui: &mut UiState, input: &Input, context: Context<'_>) -> Vec<Command> {
    if ui.selected.is_none() {
        facts::select_something(ui, context.facts);
    }
    if ui.view == View::Notices {
        ui.notices.read = views::last_notice(context.facts);
    }
    if let Some(attached) = ui.terminal.clone() {
        return terminal::input(ui, &attached, input, context);
    }
    if context.seen.is_too_small() {
        return unseen(ui, input, context);
    }
    match input {
        Input::Key(event) if ui.modal.is_some() => modal::key(ui, event, context),
        Input::Key(event) => match context.keymap.lookup(event) {
            Some(bound) => act(ui, bound, context),
            None => Vec::new(),
        },
        Input::Paste(text) => {
            modal::paste(ui, text);
            Vec::new()
        }
        Input::Mouse(event) => mouse::mouse(ui, *event, context),
        Input::Act(bound) => {
            ui.modal = None;
            act(ui, *bound, context)
        }
    }
}

/// Takes an input while nothing can be shown: what it would do could not be seen, so all that can be done is to leave.
fn unseen(ui: &mut UiState, input: &Input, context: Context<'_>) -> Vec<Command> {
    let Input::Key(event) = input else { return Vec::new() };
    match context.keymap.lookup(event) {
        Some(bound) if matches!(bound.action, Action::Leave | Action::Suspend | Action::Redraw) => {
            act(ui, bound, context)
        }
        Some(_) | None => Vec::new(),
    }
}

/// Does what means something of its own in the view in sight; none if the action means the same everywhere.
fn act_in_view(ui: &mut UiState, action: Action, context: Context<'_>) -> Option<Vec<Command>> {
    match ui.view {
        _marked if marking::takes(ui, action) => marking::act(ui, action, context),
        View::Diff if diff::takes(action) => diff::act(ui, action, context),
        View::Found if found::takes(action) => return Some(found::act(ui, action, context)),
        view if view.is_page() && page::takes(action) => page::act(ui, action, context),
        _other => return None,
    }
    Some(Vec::new())
}

/// Where nothing was searched for, the key for the next match makes a new workstream.
fn meant(bound: Bound, ui: &UiState) -> Bound {
    if bound.action == Action::NextMatch && ui.has_nothing_to_match() {
        return Bound { action: Action::New, nth: 0 };
    }
    bound
}

fn act(ui: &mut UiState, bound: Bound, context: Context<'_>) -> Vec<Command> {
    let facts = context.facts;
    let bound = meant(bound, ui);
    (ui.hint, ui.asked) = (None, None);
    if let Err(why) = bound.action.applies(facts, ui) {
        ui.hint = Some(format!("{}: {why}", bound.action.entry().word));
        return Vec::new();
    }
    if let Some(commands) = act_in_view(ui, bound.action, context) {
        return commands;
    }
    match bound.action {
        action if alerts::takes(ui, action) => alerts::act(ui, action, context),
        action if agents::takes(ui, action) => agents::act(ui, bound, context),
        _anywhere => act_anywhere(ui, bound, context),
    }
}

/// Does what means the same in every view, or is told apart further down.
fn act_anywhere(ui: &mut UiState, bound: Bound, context: Context<'_>) -> Vec<Command> {
    let facts = context.facts;
    match bound.action {
        Action::Down
        | Action::Up
        | Action::First
        | Action::Last
        | Action::PageDown
        | Action::PageUp
        | Action::Jump
        | Action::NextWaiting
        | Action::NextPane
        | Action::Back
        | Action::Inbox
        | Action::Follow
        | Action::Raw
        | Action::EarlierOutput
        | Action::LaterOutput => moves::act(ui, bound, context),
        Action::Timeline
        | Action::Grid
        | Action::Diff
        | Action::Detail
        | Action::Notices
        | Action::Agents
        | Action::Alerts
        | Action::Acknowledge
        | Action::AcknowledgeAll
        | Action::Closer
        | Action::Farther
        | Action::Left
        | Action::Right => views::act(ui, bound.action, context),
        Action::Terminal => {
            if let Some(workstream) = selected(facts, ui) {
                many::tell_of_one(ui, Action::Terminal, &workstream.id);
                terminal::open(ui, workstream, context);
            }
        }
        action if log::takes(action) => return log::act(ui, action, context),
        Action::Mark => many::mark(ui),
        Action::MarkAll => many::mark_all(ui, facts),
        Action::MarkFailed => many::mark_failed(ui, facts),
        Action::Filter => filter::open(ui),
        Action::Menu => menu::open(ui, context),
        action if ui.is_about_many(action) => return many::act(ui, action, facts, context.now),
        Action::Zoom => moves::zoom(ui, context),
        Action::Help => ui.modal = Some(Modal::Help { scroll: 0 }),
        Action::Theme => themes::open(ui),
        Action::New => return form::open(ui, facts),
        Action::Why => ui.modal = Some(Modal::Why { scroll: 0 }),
        Action::Palette => ui.modal = Some(palette::opened()),
        Action::Redraw => return vec![Command::Redraw],
        Action::Suspend => return vec![Command::Suspend],
        Action::Leave => return vec![Command::Leave],
        Action::StopAll => ui.modal = Some(ask::stop_all(facts, ui.leaving)),
        Action::Pause => return vec![pause(facts)],
        Action::Undo => return undo::act(ui, context),
        decision => {
            if let Some(workstream) = selected(facts, ui) {
                many::tell_of_one(ui, decision, &workstream.id);
                return ask::act(ui, bound.action, workstream, context.now);
            }
        }
    }
    Vec::new()
}

/// Lets launches go on, or pauses them.
fn pause(facts: &Facts) -> Command {
    let wanted = if facts.paused { Launches::Going } else { Launches::Paused };
    Command::Order(Order::Launches(wanted))
}
