//! The outcome log of a project: appended to by all its supervisors, read along by each.

use std::io;
use std::path::{Path, PathBuf};

use super::appended::Appended;
use crate::core::history::{Guards, History};
use crate::core::outcome::{Outcome, Say, What};
use crate::core::{AgentName, Timestamp};

pub use super::appended::append;

/// Of a longer log only the end is read, in bytes: thousands of attempts.
const MOST: u64 = 8_000_000;

/// The outcome log, as far as it was read.
#[derive(Debug)]
pub struct Outcomes {
    lines: Appended,
    /// What it amounts to.
    pub history: History,
}

impl Outcomes {
    /// Reads the log; one that is not there yet is empty.
    pub fn open(path: PathBuf, guards: &Guards) -> Self {
        let mut outcomes = Self { lines: Appended::new(path, MOST), history: History::default() };
        outcomes.advance(guards);
        outcomes
    }

    /// Reads what was written since; says whether anything was.
    pub fn advance(&mut self, guards: &Guards) -> bool {
        let text = self.lines.unread();
        self.take(&text, guards);
        !text.is_empty()
    }

    /// Reads all of it anew: how it is to be read has changed.
    pub fn read_anew(&mut self, guards: &Guards) {
        self.lines.rewind();
        self.history = History::default();
        self.advance(guards);
    }

    /// Takes in lines; those that make no sense are left out, since one that was torn says nothing of the others.
    fn take(&mut self, text: &[u8], guards: &Guards) {
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice::<Outcome>(line) {
                Ok(outcome) => self.history.take(&outcome, guards),
                Err(error) => tracing::debug!("a line of {}: {error}", self.lines.path().display()),
            }
        }
    }

    /// Appends a line; it is taken in when it is read.
    pub fn append(&self, outcome: &Outcome) -> io::Result<()> {
        append(self.lines.path(), outcome)
    }
}

/// Writes down what the operator decides about the breaker of an agent.
pub fn say(path: &Path, agent: AgentName, say: Say, at: Timestamp) -> io::Result<()> {
    append(path, &Outcome { at, agent, what: What::Told { say } })
}
