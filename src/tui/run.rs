//! The screen at work: one thread that waits for input, facts and log growth, and draws when something changed.
//!
//! It has no part in any decision: it shows facts and passes orders on. A terminal that takes no bytes, or a disk that is
//! slow to give a log, holds up this thread and nothing else.

mod away;
mod command;
mod copy;
mod diff_pane;
mod diff_tokens;
pub mod editor;
mod errand;
mod farewell;
mod found_pane;
mod grid_panes;
mod landmarks;
mod live;
mod log_pane;
mod log_watch;
mod logs;
mod look;
mod looking;
mod new;
mod picture;
mod program;
pub mod ringing;
mod save;
mod screen;
mod seeker;
mod shell;
mod terminal_pane;
mod times;
mod title;
mod unmarked;
mod viewer;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;

use thiserror::Error;

use super::diff::{FileTokens, Part, Patch};
use super::input::{Bell, End, Reader, Rung, Watcher};
use super::keymap::Keymap;
use super::state::form::Survey;
use super::state::themes::Known;
use super::state::{Compared, Divided, Leaving, Shown};
use super::terminal::{Dialect, PanicHook, Terminal, TerminalError, Tty};
use super::theme::{Surroundings, Theme};
use super::update::Order;
use crate::core::draft::Draft;
use crate::core::{Stream, Timestamp, WorkstreamId};
use crate::ipc::facts::Facts;

pub use farewell::{farewell, say, stopped};
pub use ringing::{Form, Inside, Sound};

/// Whoever runs the workstreams, as the screen sees it. Nothing here may take long: the screen waits for it.
pub trait Host: Send + Sync {
    /// Returns what is known now.
    fn facts(&self) -> Arc<Facts>;

    /// Returns the time by the clock that the facts use.
    fn now(&self) -> Timestamp;

    /// Takes an order. What becomes of it is seen in the facts, and told in a notice if it cannot be done.
    fn order(&self, order: Order);

    /// Returns where this output of a workstream is; none if there is none.
    fn log(&self, workstream: &WorkstreamId, shown: Shown) -> Option<LogSource>;

    /// Returns what finds outputs in the same way, on whatever thread it is called.
    fn find_log(&self) -> FindLog;

    /// Returns what reads how a workstream's files have changed. That may take long: it is called on a thread of its own.
    fn change(&self, workstream: &WorkstreamId, wanted: (Compared, Divided)) -> ReadChange;

    /// Returns what finds what the pieces of a change's lines are in the languages of its files; it is called as
    /// [`Host::change`] is.
    fn tokens(&self, workstream: &WorkstreamId) -> FindTokens;

    /// Returns what looks for the agents and files that a new workstream can have; it is called as [`Host::change`] is.
    fn survey(&self) -> ReadSurvey;

    /// Returns what makes a new workstream part of the configuration; it is called as [`Host::change`] is.
    fn create(&self, draft: Draft) -> Create;

    /// Returns what the configuration in force says of the screen, or what is wrong with it.
    fn settings(&self) -> Result<Settings, String>;

    /// Stops this program until the shell that started it continues it.
    fn stop(&self) -> io::Result<()>;

    /// Takes what is to be called whenever the facts have changed, from any thread; it never blocks.
    fn on_change(&self, changed: Box<dyn Fn() + Send + Sync>);
}

/// What a configuration says of the screen.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which key does what.
    pub keymap: Keymap,
    /// What it looks like.
    pub theme: Theme,
}

/// Reads a change: its parts, or a sentence that says why there is none.
pub type ReadChange = Box<dyn FnOnce() -> Result<Vec<Part>, String> + Send>;

/// Finds what the pieces of lines are, for files of a change by their numbers; each is given away when it is found.
pub type FindTokens = Box<dyn FnOnce(&Patch, &[usize], &mut dyn FnMut(usize, FileTokens)) + Send>;

/// Finds an output of a workstream; none if there is none.
pub type FindLog = Box<dyn Fn(&WorkstreamId, Shown) -> Option<LogSource> + Send>;
/// Looks for what a new workstream can have.
pub type ReadSurvey = Box<dyn FnOnce() -> Survey + Send>;

/// Makes a new workstream part of the configuration and returns its name, or says why it cannot be.
pub type Create = Box<dyn FnOnce() -> Result<WorkstreamId, String> + Send>;

/// A log, and what its lines are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSource {
    /// The file.
    pub path: PathBuf,
    /// What its lines are, if they are events.
    pub stream: Option<Stream>,
}

/// What the screen looks like and how it is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which key does what.
    pub keymap: Keymap,
    /// What it looks like.
    pub theme: Theme,
    /// The themes that can be chosen.
    pub themes: Vec<Known>,
    /// The terminal that it is seen on.
    pub around: Surroundings,
    /// The sequences that it knows.
    pub dialect: Dialect,
    /// What leaving it means.
    pub leaving: Leaving,
    /// How the terminal itself tells of alerts.
    pub sound: Sound,
}

/// How the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The operator left it; the work goes on.
    Asked,
    /// The operator wants everything stopped; the order was given, and all that is left to do is to wait for its end.
    StopAll,
    /// The terminal is gone, or a signal ended it; the work goes on.
    Ended(End),
}

/// Why there is no screen any more.
#[derive(Debug, Error)]
pub enum ScreenError {
    /// The terminal could not be taken over.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The screen's threads or pipes could not be made.
    #[error("the screen cannot be started: {0}")]
    Start(io::Error),
    /// The terminal could not be written to.
    #[error("the terminal cannot be drawn on: {0}")]
    Draw(io::Error),
    /// The screen panicked; the terminal has been given back and the work goes on.
    #[error("the screen has failed; that is a bug in ostler")]
    Panicked,
}

/// Runs the screen on this thread until it is left. The terminal is as it was before when this returns.
///
/// TERM, INT, QUIT and HUP end the screen, not the process. They stay caught after it: what listens to them then, if
/// anything, is up to the caller. When the terminal goes away, or one of these signals comes, and this thread does not
/// return within [`super::input::LAST_RESORT`], the process is ended.
pub fn run(host: &dyn Host, options: Options) -> Result<Left, ScreenError> {
    let tty = Arc::new(Tty::open().map_err(TerminalError::Missing)?);
    let (sender, receiver) = channel();
    let bell = Bell::new(sender);
    let terminal = Terminal::enter(Arc::clone(&tty), options.dialect)?;
    let last_resort = terminal.restore();
    let watcher = Watcher::start(Arc::clone(&tty), bell.clone(), move |_| last_resort.restore())
        .map_err(ScreenError::Start)?;
    let told = bell.clone();
    let hook = PanicHook::install(terminal.restore(), move |words| told.tell(words));
    let reader = Reader::start(Arc::clone(&tty), bell.clone()).map_err(ScreenError::Start)?;
    let facts_bell = bell.clone();
    host.on_change(Box::new(move || facts_bell.ring(Rung::FACTS)));

    let parts = screen::Parts { tty, terminal, receiver, bell, over: watcher.over() };
    let left = catch_unwind(AssertUnwindSafe(|| {
        let mut screen = screen::Screen::new(host, options, parts, reader)?;
        screen.run()
    }));
    drop(hook);
    drop(watcher);
    left.unwrap_or(Err(ScreenError::Panicked))
}
