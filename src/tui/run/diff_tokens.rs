//! The colours of the change in sight: found beside the screen, for the files that are looked at.
//!
//! The change is shown plain at once. A thread goes through one file after the other for a limited time, so that neither a
//! large file nor an odd one keeps it busy; what it found so far is shown. All of it goes with the view.

use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::ReadText;
use super::screen::Screen;
use crate::tui::diff::{Ends, FileTokens, Patch, PatchFile, Syntaxes, Texts, Tokens};
use crate::tui::input::{Bell, Rung};
use crate::tui::pace::Urgency;
use crate::tui::state::View;
use crate::tui::view_model::diff_rows::Pages;

/// A file is gone through for so long.
const LONGEST: Duration = Duration::from_secs(2);

type Answer = (Arc<Patch>, Vec<(usize, FileTokens)>);

/// The colours of a change, as far as they are found.
#[derive(Default)]
pub(super) struct Colouring {
    /// Of which change.
    patch: Option<Arc<Patch>>,
    tokens: Tokens,
    is_busy: bool,
    /// Made when they are needed first.
    syntaxes: Arc<OnceLock<Syntaxes>>,
    answer: Arc<Mutex<Option<Answer>>>,
}

impl std::fmt::Debug for Colouring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Colouring").field("is_busy", &self.is_busy).finish_non_exhaustive()
    }
}

impl Colouring {
    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Looks for the colours of these files of a change, unless that is done or going on.
    fn turn_to(
        &mut self,
        patch: &Arc<Patch>,
        files: &[usize],
        (read, bell): (&dyn Fn() -> ReadText, &Bell),
    ) {
        if !self.patch.as_ref().is_some_and(|before| Arc::ptr_eq(before, patch)) {
            (self.patch, self.tokens) = (Some(Arc::clone(patch)), Tokens::default());
        }
        let wanted = files.iter().copied().filter(|file| !self.tokens.files.contains_key(file));
        let wanted: Vec<usize> = wanted.collect();
        if self.is_busy || wanted.is_empty() {
            return;
        }
        let (patch, read, bell) = (Arc::clone(patch), read(), bell.clone());
        let (syntaxes, answer) = (Arc::clone(&self.syntaxes), Arc::clone(&self.answer));
        let finding =
            std::thread::Builder::new().name("screen-colours".to_owned()).spawn(move || {
                let of = |file: usize| (file, found(&patch, file, (&syntaxes, &read)));
                let files = wanted.into_iter().map(of).collect();
                *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some((patch, files));
                bell.ring(Rung::CHANGE);
            });
        // Without a thread it stays plain, and is tried again with the next frame.
        self.is_busy = finding.is_ok();
    }

    /// Takes what was found; says whether something was.
    fn take(&mut self) -> bool {
        let answer = take(&mut *self.answer.lock().unwrap_or_else(PoisonError::into_inner));
        let Some((patch, files)) = answer else { return false };
        self.is_busy = false;
        let is_wanted = self.patch.as_ref().is_some_and(|wanted| Arc::ptr_eq(wanted, &patch));
        if is_wanted {
            let files = files.into_iter().map(|(file, tokens)| (file, Arc::new(tokens)));
            self.tokens.files.extend(files);
        }
        is_wanted
    }
}

/// Returns the colours of a file, none where its rules are at fault.
fn found(
    patch: &Patch,
    number: usize,
    (syntaxes, read): (&OnceLock<Syntaxes>, &ReadText),
) -> FileTokens {
    let Some(file) = patch.files.get(number) else { return FileTokens::default() };
    let until = Instant::now() + LONGEST;
    let find = || {
        let ends = patch.parts.get(file.part).map(|part| &part.ends);
        let texts = ends.map(|ends| texts(file, ends, read)).unwrap_or_default();
        let syntaxes = syntaxes.get_or_init(Syntaxes::default);
        syntaxes.tokens(file, &texts, &|| Instant::now() < until)
    };
    catch_unwind(AssertUnwindSafe(find)).unwrap_or_default()
}

fn texts(file: &PatchFile, ends: &Ends, read: &ReadText) -> Texts {
    if file.hunks.is_empty() || ends.from.is_empty() {
        return Texts::default();
    }
    let before = file.from.as_deref().unwrap_or(&file.path);
    Texts { old: read(Some(&ends.from), before), new: read(ends.to.as_deref(), &file.path) }
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
        let read = || self.host.file_text(ws);
        self.diff.colouring.turn_to(patch, &files, (&read, &self.parts.bell));
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
