//! What is read of logs for the view in sight, and when.

use std::time::Instant;

use super::grid_panes::GridPanes;
use super::screen::Screen;
use super::terminal_pane::TerminalPane;
use crate::tui::pace::Urgency;
use crate::tui::state::{Shown, View};

impl Screen<'_> {
    /// Shows the log of what is selected now, or the logs of the grid.
    pub(super) fn turn_to_log(&mut self) {
        self.turn_to_terminal();
        self.turn_to_diff();
        self.turn_to_found();
        if self.ui.terminal.is_some() {
            return;
        }
        if self.ui.view == View::Grid {
            self.turn_to_grid();
            return;
        }
        self.grid = GridPanes::default();
        let source = match &self.ui.selected {
            Some(id) => self.host.log(id, self.ui.shown),
            None => None,
        };
        self.log.show(source, self.ui.reading);
        if let Some(watch) = &mut self.watch {
            watch.watch(self.log.open_path().as_slice());
        }
        // What was written before the watch began is read now.
        self.log.grown();
        if self.ui.times {
            self.log.read_times();
        }
        self.look_in_log();
    }

    fn turn_to_grid(&mut self) {
        let shown = self.ui.grid.in_sight(&self.facts, self.ui.selected.as_ref());
        let sources = shown.into_iter().filter_map(|id| {
            let source = self.host.log(&id, Shown::Latest)?;
            Some((id, source))
        });
        self.grid.show(sources.collect());
        if let Some(watch) = &mut self.watch {
            watch.watch(&self.grid.paths());
        }
    }

    /// Takes note that a log in sight has grown.
    pub(super) fn logs_grown(&mut self) {
        if self.ui.view == View::Grid {
            self.grid.grown();
        } else {
            self.log.grown();
        }
        self.live.pane.iter_mut().for_each(TerminalPane::grown);
    }

    /// Returns when there is something to read; none if that is when a log grows.
    pub(super) fn logs_due(&self, now: Instant) -> Option<Instant> {
        if let Some(pane) = &self.live.pane {
            return pane.due(now);
        }
        if self.ui.view == View::Grid {
            return self.grid.is_stale().then_some(now);
        }
        self.log.due(&self.ui, now)
    }

    /// Reads on, if there is something to read.
    pub(super) fn read_log(&mut self) {
        let now = Instant::now();
        if self.ui.terminal.is_some() {
            self.step_terminal(now);
        } else if self.ui.view == View::Grid {
            self.read_grid();
        } else if self.log.due(&self.ui, now).is_some_and(|at| at <= now) {
            self.log.step(&mut self.ui);
            self.look_in_log();
            self.want(Urgency::Output);
        }
    }

    fn read_grid(&mut self) {
        if !self.grid.is_stale() {
            return;
        }
        match self.grid.look() {
            Ok(true) => self.want(Urgency::Output),
            Ok(false) => {}
            Err(sentence) => {
                self.ui.hint = Some(sentence);
                self.want(Urgency::Output);
            }
        }
    }
}
