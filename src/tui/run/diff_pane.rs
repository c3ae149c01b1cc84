//! The change in sight: read on a thread of its own, one at a time, since git may take long.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use super::ReadChange;
use super::diff_tokens::Colouring;
use super::screen::Screen;
use crate::core::{PhaseWord, WorkstreamId};
use crate::tui::diff::{Change, Patch, Tokens, parse_parts};
use crate::tui::input::{Bell, Rung};
use crate::tui::pace::Urgency;
use crate::tui::state::{Compared, Divided, View};

/// What is to be read. It is read again when the workstream has gone on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    workstream: WorkstreamId,
    wanted: (Compared, Divided),
    times: u32,
    phase: PhaseWord,
    attempts: usize,
}

type Answer = (Asked, Result<Patch, String>);

/// The change in sight.
#[derive(Debug, Default)]
pub(super) struct DiffPane {
    asked: Option<Asked>,
    is_reading: bool,
    change: Change,
    pub(super) colouring: Colouring,
    answer: Arc<Mutex<Option<Answer>>>,
}

impl DiffPane {
    pub(super) fn change(&self) -> &Change {
        &self.change
    }

    pub(super) fn tokens(&self) -> &Tokens {
        self.colouring.tokens()
    }

    /// Reads what is asked for on a thread of its own; the bell is rung when it is there.
    fn read(&mut self, asked: Asked, read: ReadChange, bell: Bell) {
        let stays = self.asked.as_ref().is_some_and(|before| {
            before.workstream == asked.workstream && before.wanted == asked.wanted
        });
        if !stays {
            self.change = Change::Reading;
        }
        self.asked = Some(asked.clone());
        let answer = Arc::clone(&self.answer);
        let reading = std::thread::Builder::new().name("screen-diff".to_owned()).spawn(move || {
            let read = read().map(parse_parts);
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some((asked, read));
            bell.ring(Rung::CHANGE);
        });
        match reading {
            Ok(_detached) => self.is_reading = true,
            Err(error) => self.change = Change::Unread(format!("no thread can be made: {error}")),
        }
    }
}

impl Screen<'_> {
    /// Reads the change that is to be in sight, unless that is done or another one is being read.
    pub(super) fn turn_to_diff(&mut self) {
        if self.ui.view != View::Diff {
            // What nobody looks at takes no memory.
            if self.diff.asked.take().is_some() {
                (self.diff.change, self.diff.colouring) = (Change::Reading, Colouring::default());
            }
            return;
        }
        let found = self.ui.selected.as_ref();
        let found = found.and_then(|id| self.facts.workstreams.iter().find(|ws| ws.id == *id));
        let Some(ws) = found.filter(|_| !self.diff.is_reading) else { return };
        let asked = Asked {
            workstream: ws.id.clone(),
            wanted: (self.ui.diff.compared, self.ui.diff.divided),
            times: self.ui.diff.asked,
            phase: ws.phase,
            attempts: ws.attempts.len(),
        };
        if self.diff.asked.as_ref() != Some(&asked) {
            let read = self.host.change(&asked.workstream, asked.wanted);
            self.diff.read(asked, read, self.parts.bell.clone());
        }
    }

    /// Takes what was read; what is not wanted any more is thrown away.
    pub(super) fn take_diff(&mut self) {
        let answer = take(&mut *self.diff.answer.lock().unwrap_or_else(PoisonError::into_inner));
        let Some((asked, read)) = answer else { return };
        self.diff.is_reading = false;
        if self.diff.asked.as_ref() == Some(&asked) {
            self.diff.change = match read {
                Ok(patch) => {
                    // What is the same keeps its colours.
                    let before = self.diff.change.patch().filter(|before| ***before == patch);
                    let patch = before.map_or_else(|| Arc::new(patch), Arc::clone);
                    Change::Read(patch, self.host.now())
                }
                Err(why) => Change::Unread(why),
            };
            self.want(Urgency::Output);
        }
        self.turn_to_diff();
    }
}
