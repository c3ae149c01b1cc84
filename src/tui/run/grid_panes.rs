//! The logs of the grid: only those in sight are open, and of those only the ends are read.

use std::path::Path;

use super::LogSource;
use crate::core::{Stream, WorkstreamId};
use crate::tui::log::{Fold, LogFile, LogPage, Top, Window};

/// A log in sight.
#[derive(Debug)]
struct GridPane {
    workstream: WorkstreamId,
    stream: Option<Stream>,
    file: LogFile,
}

/// The logs of the grid.
#[derive(Debug, Default)]
pub(super) struct GridPanes {
    panes: Vec<GridPane>,
    stale: bool,
}

impl GridPanes {
    /// Turns to these logs; those that are not there yet are looked for again at every call.
    pub(super) fn show(&mut self, wanted: Vec<(WorkstreamId, LogSource)>) {
        let mut before = std::mem::take(&mut self.panes);
        for (workstream, LogSource { path, stream }) in wanted {
            let known = before.iter().position(|pane| pane.file.path() == path);
            let file = match known {
                Some(place) => Some(before.swap_remove(place).file),
                None => LogFile::open(&path).ok(),
            };
            self.panes.extend(file.map(|file| GridPane { workstream, stream, file }));
        }
        self.grown();
    }

    /// Returns the files that are open.
    pub(super) fn paths(&self) -> Vec<&Path> {
        self.panes.iter().map(|pane| pane.file.path()).collect()
    }

    /// Takes note that some may have grown.
    pub(super) fn grown(&mut self) {
        self.stale = !self.panes.is_empty();
    }

    /// Says whether some may have grown.
    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }

    /// Looks how long each is now; says whether any has changed. The error is a sentence for the operator.
    pub(super) fn look(&mut self) -> Result<bool, String> {
        self.stale = false;
        let mut changed = false;
        for pane in &mut self.panes {
            let looked = pane.file.look();
            changed |= looked.map_err(|error| {
                format!("the log of {} cannot be read: {error}", pane.workstream)
            })?;
        }
        Ok(changed)
    }

    /// Returns the end of a log, for a pane of these rows and columns.
    pub(super) fn page(
        &self,
        workstream: &WorkstreamId,
        ((rows, width), fold): ((usize, usize), Fold),
    ) -> Option<LogPage> {
        let pane = self.panes.iter().find(|pane| pane.workstream == *workstream)?;
        let window = Window { rows, width, fold, find: None, stream: pane.stream, times: None };
        pane.file.page(Top::End, &window).ok()
    }
}
