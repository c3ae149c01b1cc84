//! The screen's loop.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode};

use super::away::Holder;
use super::diff_pane::DiffPane;
use super::found_pane::FoundPane;
use super::grid_panes::GridPanes;
use super::live::Live;
use super::log_pane::LogPane;
use super::log_watch::LogWatch;
use super::look::Look;
use super::new::Asked;
use super::picture::{self, Moment};
use super::ringing::Ringing;
use super::terminal_pane::TerminalPane;
use super::times::{self, TICK};
use super::unmarked::as_meant;
use super::{Host, Left, Options, ScreenError};
use crate::ipc::facts::Facts;
use crate::tui::action::{at_rest, waits};
use crate::tui::input::{Bell, End, Message, Reader, Rung};
use crate::tui::pace::{Pace, Urgency};
use crate::tui::state::{Modal, Themes, UiState};
use crate::tui::terminal::canvas::Canvas;
use crate::tui::terminal::{Terminal, Tty, WriteError};
use crate::tui::update::facts::facts_changed;
use crate::tui::update::{Context, Input, Seen, update};

/// So much input is taken in one round, so that a flood of it is seen while it goes on.
const MOST_AT_ONCE: usize = 64;

/// What the screen is connected to.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) tty: Arc<Tty>,
    pub(super) terminal: Terminal,
    pub(super) receiver: Receiver<Message>,
    pub(super) bell: Bell,
    /// Becomes readable when the end has come.
    pub(super) over: BorrowedFd<'a>,
}

/// The screen's loop and all that it knows.
pub(super) struct Screen<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) options: Options,
    pub(super) look: Look,
    pub(super) parts: Parts<'a>,
    pub(super) reader: Option<Reader>,
    pub(super) holder: Holder,
    pub(super) facts: Arc<Facts>,
    pub(super) ui: UiState,
    pub(super) seen: Seen,
    pub(super) log: LogPane,
    pub(super) grid: GridPanes,
    pub(super) diff: DiffPane,
    pub(super) found: FoundPane,
    pub(super) live: Live,
    pub(super) asked: Asked,
    pub(super) watch: Option<LogWatch>,
    pub(super) canvas: Canvas,
    ringing: Ringing,
    pace: Pace,
    /// A frame is wanted, and how urgently.
    wanted: Option<Urgency>,
    pub(super) stale_facts: bool,
    next_tick: Option<Instant>,
    pub(super) left: Option<Left>,
}

impl<'a> Screen<'a> {
    pub(super) fn new(
        host: &'a dyn Host,
        options: Options,
        parts: Parts<'a>,
        reader: Reader,
    ) -> Result<Self, ScreenError> {
        let watch = LogWatch::start(parts.bell.clone());
        if let Err(error) = &watch {
            tracing::warn!(%error, "logs are not watched; they are looked at once a second");
        }
        let canvas = Canvas::new(options.dialect);
        let themes = Themes { known: options.themes.clone(), chosen: None };
        let ui = UiState { leaving: options.leaving, themes, ..UiState::default() };
        let mut screen = Self {
            host,
            look: Look::new(&options),
            options,
            parts,
            reader: Some(reader),
            holder: Holder::Screen,
            facts: Arc::default(),
            ui,
            seen: Seen::default(),
            log: LogPane::default(),
            grid: GridPanes::default(),
            diff: DiffPane::default(),
            found: FoundPane::default(),
            live: Live::default(),
            asked: Asked::default(),
            watch: watch.ok(),
            canvas,
            ringing: Ringing::default(),
            pace: Pace::default(),
            wanted: Some(Urgency::Input),
            stale_facts: true,
            next_tick: None,
            left: None,
        };
        screen.take_facts();
        if screen.facts.workstreams.is_empty() {
            screen.survey();
        }
        screen.pass_time();
        screen.log.step(&mut screen.ui);
        screen.draw()?;
        Ok(screen)
    }

    /// Goes round until the screen is left. Input comes before everything else in every round.
    pub(super) fn run(&mut self) -> Result<Left, ScreenError> {
        loop {
            self.receive()?;
            if let Some(end) = self.parts.bell.ended() {
                return Ok(Left::Ended(end));
            }
            if let Some(left) = self.left {
                return Ok(left);
            }
            if self.holder != Holder::Screen {
                continue;
            }
            let now = Instant::now();
            let is_due = self.wanted.is_some_and(|urgency| self.pace.due(urgency, now) <= now);
            if is_due {
                self.take_facts();
            }
            // Facts can end the screen too, and nothing may come any more that would wake it up to notice.
            if let Some(left) = self.left {
                return Ok(left);
            }
            self.pass_time();
            // A key is answered with what is known of the log, and the log is read on after that.
            if is_due && self.wanted == Some(Urgency::Input) && !self.log.is_fresh() {
                self.draw()?;
                self.read_log();
            } else {
                self.read_log();
                if is_due {
                    self.draw()?;
                }
            }
        }
    }

    /// Waits for what comes next, then takes all that is there.
    fn receive(&mut self) -> Result<(), ScreenError> {
        let first = match self.patience() {
            None => self.parts.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(limit) => self.parts.receiver.recv_timeout(limit),
        };
        // The bell holds a sender, so the channel never closes; a timeout is the other error.
        if let Ok(message) = first {
            self.take(message)?;
        }
        for _ in 0..MOST_AT_ONCE {
            let Ok(message) = self.parts.receiver.try_recv() else { break };
            self.take(message)?;
        }
        self.rung(self.parts.bell.answer())
    }

    fn take(&mut self, message: Message) -> Result<(), ScreenError> {
        match message {
            Message::Input(events) => {
                self.parts.bell.took();
                self.input(events)
            }
            Message::Rung => Ok(()),
        }
    }

    /// Returns how long there is nothing to do; none if that is until something comes.
    fn patience(&self) -> Option<Duration> {
        if self.holder != Holder::Screen {
            return None;
        }
        let now = Instant::now();
        let frame = self.wanted.map(|urgency| self.pace.due(urgency, now));
        let fade = times::fades_in(&self.facts, self.ui.faded, self.host.now());
        [frame, self.next_tick, fade.map(|left| now + left), self.logs_due(now)]
            .into_iter()
            .flatten()
            .min()
            .map(|at| at.saturating_duration_since(now))
    }

    fn rung(&mut self, what: Rung) -> Result<(), ScreenError> {
        if what.has(Rung::FACTS) {
            self.stale_facts = true;
            self.want(Urgency::Output);
        }
        if what.has(Rung::LOG) {
            self.logs_grown();
        }
        if what.has(Rung::CHANGE) {
            self.take_diff();
            self.take_tokens();
        }
        if what.has(Rung::FOUND) {
            self.look_in_log();
            self.want(Urgency::Output);
        }
        if what.has(Rung::FOUND_ANYWHERE) {
            self.take_found();
        }
        if what.has(Rung::SURVEYED) || what.has(Rung::MADE) {
            self.take_answers();
        }
        if what.has(Rung::RESIZED) {
            // It may have been smaller for a moment, in which it lost what did not fit, and be as large as before now.
            self.canvas.forget();
            self.want(Urgency::Input);
        }
        if what.has(Rung::TOLD)
            && let Some(sentence) = self.parts.bell.told()
        {
            self.ui.hint = Some(sentence);
            self.want(Urgency::Input);
        }
        let back = match self.holder {
            Holder::Screen | Holder::Caller => what.has(Rung::CONTINUED),
            Holder::Shell => what.has(Rung::SHELL),
        };
        if back {
            self.take_edited();
            self.come_back()?;
        }
        if what.has(Rung::SUSPEND) && self.holder == Holder::Screen {
            self.suspend()?;
        }
        Ok(())
    }

    pub(super) fn want(&mut self, urgency: Urgency) {
        self.wanted = self.wanted.max(Some(urgency));
    }

    fn pass_time(&mut self) {
        let now = self.host.now();
        let faded = times::faded(&self.facts, self.ui.faded, now);
        if faded != self.ui.faded {
            self.ui.faded = faded;
            self.want(Urgency::Output);
        }
        if !times::is_ticking(&self.facts, self.ui.view) {
            self.next_tick = None;
            return;
        }
        let now = Instant::now();
        match self.next_tick {
            Some(at) if at > now => {}
            Some(_) => {
                self.next_tick = Some(now + TICK);
                self.turn_to_log();
                self.want(Urgency::Output);
            }
            None => self.next_tick = Some(now + TICK),
        }
    }

    fn take_facts(&mut self) {
        if std::mem::take(&mut self.stale_facts) {
            let facts = self.host.facts();
            facts_changed(&mut self.ui, &self.facts, &facts);
            if self.ringing.take(&facts.rings, self.options.sound) {
                self.want(Urgency::Output);
            }
            self.facts = facts;
            self.turn_to_log();
        }
        // Facts that are not new end it too: where nothing runs, nothing changes any more.
        if self.ui.ending && self.facts.workstreams.iter().all(|ws| at_rest(ws) || waits(ws)) {
            self.left = Some(Left::StopAll);
        }
    }

    fn draw(&mut self) -> Result<(), ScreenError> {
        self.fit_terminal();
        self.fit_look();
        self.log.count(&mut self.ui);
        let moment = Moment {
            facts: &self.facts,
            log: &self.log,
            grid: &self.grid,
            change: self.diff.change(),
            tokens: self.diff.tokens(),
            found: self.found.found(),
            terminal: self.live.pane.as_ref().map(TerminalPane::picture),
            now: self.host.now(),
            size: self.parts.terminal.size(),
        };
        let look = (&self.options.keymap, &self.look.theme);
        let drawn = picture::draw(&mut self.canvas, &self.ui, look, moment);
        let (mut bytes, seen) = drawn.map_err(ScreenError::Draw)?;
        self.seen = seen;
        self.colour_diff();
        // Behind the frame and written with it, so that neither tears the other.
        bytes.extend(self.ringing.bytes(&self.facts.project, self.options.sound));
        self.wanted = None;
        if bytes.is_empty() {
            return Ok(());
        }
        self.pace.drawn(Instant::now(), bytes.len());
        match self.parts.terminal.write(&bytes, self.parts.over) {
            // If it stalled, the end has come, which the next round sees.
            Ok(()) | Err(WriteError::Stalled) => Ok(()),
            Err(WriteError::Gone) => {
                self.parts.bell.end(End::Hangup);
                Ok(())
            }
            Err(WriteError::Other(error)) => Err(ScreenError::Draw(error)),
        }
    }

    fn input(&mut self, events: Vec<Event>) -> Result<(), ScreenError> {
        if self.left.is_some() || self.holder != Holder::Screen {
            return Ok(());
        }
        self.take_facts();
        self.want(Urgency::Input);
        let attached = self.ui.terminal.is_some();
        let Some(events) = as_meant(&mut self.ui, events) else { return Ok(()) };
        for event in events {
            // What follows the key that leaves, or that gives the terminal away, is for nobody.
            if self.left.is_some() || self.holder != Holder::Screen {
                break;
            }
            let input = match event {
                Event::Key(key) => Input::Key(key),
                Event::Paste(text) => Input::Paste(text),
                Event::Mouse(mouse) => Input::Mouse(mouse),
                Event::FocusGained | Event::FocusLost | Event::Resize(..) => continue,
            };
            let asked = is_asking(&self.ui);
            let context = Context {
                facts: &self.facts,
                keymap: &self.options.keymap,
                seen: &self.seen,
                now: self.host.now(),
            };
            for command in update(&mut self.ui, &input, context) {
                self.command(command)?;
            }
            // What follows the key that opens or leaves the terminal of an agent was not meant for the other side.
            if attached != self.ui.terminal.is_some() {
                break;
            }
            // What was read together with the key that opens a question, or goes to one of its choices, was typed before
            // that could be seen.
            if is_asking(&self.ui) && (!asked || is_digit(&input)) {
                break;
            }
        }
        if self.holder == Holder::Screen {
            self.turn_to_log();
        }
        Ok(())
    }
}

fn is_digit(input: &Input) -> bool {
    matches!(input, Input::Key(key) if matches!(key.code, KeyCode::Char('0'..='9')))
}

/// Says whether an answer could end something.
fn is_asking(ui: &UiState) -> bool {
    matches!(ui.modal, Some(Modal::Confirm { .. } | Modal::Choose { .. }))
}
