//! The colours of the change in sight: found beside the screen, for the files that are looked at.
//!
//! The change is shown plain at once, and each file in its colours when they are found. All of them go with the view.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use super::FindTokens;
use super::screen::Screen;
use crate::tui::diff::{FileTokens, Patch, Tokens};
use crate::tui::input::{Bell, Rung};
use crate::tui::pace::Urgency;
use crate::tui::state::View;
use crate::tui::view_model::diff_rows::Pages;

/// What a thread has found that was not taken yet, and whether it is at its end.
#[derive(Debug, Default)]
struct Found {
    files: Vec<(usize, FileTokens)>,
    is_over: bool,
}

/// The colours of a change, as far as they are found.
#[derive(Debug, Default)]
pub(super) struct Colouring {
    /// Of which change.
    patch: Option<Arc<Patch>>,
    tokens: Tokens,
    /// What is being found, and in which change.
    finding: Option<(Arc<Patch>, Arc<Mutex<Found>>)>,
}

impl Colouring {
    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Looks for the colours of these files of a change, unless that is done, or others are being found.
    fn turn_to(
        &mut self,
        patch: &Arc<Patch>,
        files: &[usize],
        (find, bell): (&dyn Fn() -> FindTokens, &Bell),
    ) {
        if !self.patch.as_ref().is_some_and(|before| Arc::ptr_eq(before, patch)) {
            (self.patch, self.tokens) = (Some(Arc::clone(patch)), Tokens::default());
        }
        let wanted = files.iter().copied().filter(|file| !self.tokens.files.contains_key(file));
        let wanted: Vec<usize> = wanted.collect();
        if self.finding.is_some() || wanted.is_empty() {
            return;
        }
        let found = Arc::<Mutex<Found>>::default();
        self.finding = Some((Arc::clone(patch), Arc::clone(&found)));
        let (patch, find, bell) = (Arc::clone(patch), find(), bell.clone());
        let thread = std::thread::Builder::new().name("screen-colours".to_owned());
        let finding = thread.spawn(move || {
            let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
            find(&patch, &wanted, &mut |file, tokens| {
                lock().files.push((file, tokens));
                bell.ring(Rung::CHANGE);
            });
            lock().is_over = true;
            bell.ring(Rung::CHANGE);
        });
        if finding.is_err() {
            // Without a thread it stays plain, and is tried again with the next frame.
            self.finding = None;
        }
    }

    /// Takes what was found; says whether something was.
    fn take(&mut self) -> bool {
        let Some((of, found)) = &self.finding else { return false };
        let is_wanted = self.patch.as_ref().is_some_and(|wanted| Arc::ptr_eq(wanted, of));
        let Found { files, is_over } =
            take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
        if is_over {
            self.finding = None;
        }
        let is_new = is_wanted && !files.is_empty();
        if is_new {
            let files = files.into_iter().map(|(file, tokens)| (file, Arc::new(tokens)));
            self.tokens.files.extend(files);
        }
        is_new
    }
}

/// Returns the files of which lines are in sight, from this row on.
fn in_sight(patch: &Patch, top: usize, (height, pages): (usize, Pages)) -> Vec<usize> {
    let last = match pages {
        Pages::Unified => top + height,
        Pages::SideBySide => {
            let last = patch.side_of(top) + height;
            patch.sides.get(last).map_or(patch.rows.len(), |side| side.row)
        }
    };
    let of = |row: usize| patch.file_at(row.min(patch.rows.len().saturating_sub(1)));
    match (of(top).or(Some(0)), of(last)) {
        (Some(first), Some(last)) => (first..=last).collect(),
        _nothing => Vec::new(),
    }
}

impl Screen<'_> {
    /// Looks for the colours of the files in sight.
    pub(super) fn colour_diff(&mut self) {
        let shape = &self.seen.diff;
        let Some(patch) = shape.patch.as_ref().filter(|_| self.ui.view == View::Diff) else {
            return;
        };
        let Some(ws) = &self.ui.selected else { return };
        let files = in_sight(patch, self.ui.diff.top, (shape.height, shape.pages));
        let find = || self.host.tokens(ws);
        self.diff.colouring.turn_to(patch, &files, (&find, &self.parts.bell));
    }

    /// Takes the colours that were found.
    pub(super) fn take_tokens(&mut self) {
        if self.diff.colouring.take() {
            self.want(Urgency::Output);
        } else {
            self.colour_diff();
        }
    }
}
