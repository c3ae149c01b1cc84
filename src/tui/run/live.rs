//! The terminal of an agent on the screen: opened, followed, fitted to its pane.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use super::screen::Screen;
use super::terminal_pane::TerminalPane;
use crate::tui::pace::Urgency;
use crate::tui::state::{Attached, Shown};
use crate::tui::update::{Gesture, Order};
use crate::tui::view_model::log_window;

/// The terminal that is open, and how large those are that were.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) pane: Option<TerminalPane>,
    sizes: HashMap<PathBuf, (u16, u16)>,
}

impl Live {
    fn close(&mut self) {
        if let Some(pane) = self.pane.take() {
            self.sizes.insert(pane.path().to_owned(), pane.size());
        }
    }
}

impl Screen<'_> {
    /// Opens the terminal that the operator is in, or closes the one that was left.
    pub(super) fn turn_to_terminal(&mut self) {
        let Some(Attached { workstream, attempt, .. }) = &self.ui.terminal else {
            self.live.close();
            return;
        };
        let Some(log) = self.host.log(workstream, Shown::Attempt(*attempt)) else { return };
        let path = log.path;
        if self.live.pane.as_ref().is_none_or(|pane| pane.path() != path) {
            self.live.close();
            match TerminalPane::open(&path, self.live.sizes.get(&path).copied()) {
                Ok(pane) => self.live.pane = Some(pane),
                Err(error) => {
                    self.ui.hint = Some(format!("the agent's output cannot be read: {error}"));
                }
            }
        }
        if let Some(pane) = &mut self.live.pane {
            pane.grown();
        }
        if let Some(watch) = &mut self.watch {
            watch.watch(self.live.pane.as_ref().map(TerminalPane::path).as_slice());
        }
    }

    /// Emulates on, if there is something to emulate.
    pub(super) fn step_terminal(&mut self, now: Instant) {
        let Some(pane) = &mut self.live.pane else { return };
        if pane.due(now).is_none_or(|at| at > now) {
            return;
        }
        if let Err(sentence) = pane.step(now) {
            self.ui.hint = Some(sentence);
        }
        self.want(Urgency::Output);
        self.touch();
    }

    /// Gives the terminal the size of the pane that shows it.
    pub(super) fn fit_terminal(&mut self) {
        let window = log_window(&self.facts, &self.ui, self.parts.terminal.size());
        if let (Some(pane), Some((rows, columns))) = (&mut self.live.pane, window) {
            let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
            pane.fit((cells(columns).max(2), cells(rows).max(1)));
        }
    }

    /// Passes on what the operator does there.
    pub(super) fn gesture(&mut self, gesture: &Gesture) {
        if let Some(pane) = &mut self.live.pane {
            pane.take(gesture);
        }
        self.touch();
    }

    fn touch(&mut self) {
        let (Some(pane), Some(attached)) = (&mut self.live.pane, &self.ui.terminal) else { return };
        let touches = pane.touches();
        if !attached.is_at_work(&self.facts) {
            return;
        }
        for touch in touches {
            let Attached { workstream, attempt, .. } = attached;
            self.host.order(Order::Touch(workstream.clone(), *attempt, touch));
        }
    }
}
