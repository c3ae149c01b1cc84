//! The outcome log of a project: appended to by all its supervisors, read along by each.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::core::history::{Guards, History};
use crate::core::outcome::{Outcome, Say, What};
use crate::core::{AgentName, Timestamp};

/// Of a longer log only the end is read, in bytes: thousands of attempts.
const MOST: u64 = 8_000_000;

/// The outcome log, as far as it was read.
#[derive(Debug)]
pub struct Outcomes {
    path: PathBuf,
    read: u64,
    /// What it amounts to.
    pub history: History,
}

impl Outcomes {
    /// Reads the log; one that is not there yet is empty.
    pub fn open(path: PathBuf, guards: &Guards) -> Self {
        let mut outcomes = Self { path, read: 0, history: History::default() };
        outcomes.advance(guards);
        outcomes
    }

    /// Reads what was written since; says whether anything was.
    pub fn advance(&mut self, guards: &Guards) -> bool {
        match self.unread() {
            Ok(text) => {
                self.take(&text, guards);
                !text.is_empty()
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!("{} cannot be read: {error}", self.path.display());
                }
                false
            }
        }
    }

    /// Reads all of it anew: how it is to be read has changed.
    pub fn read_anew(&mut self, guards: &Guards) {
        self.read = 0;
        self.history = History::default();
        self.advance(guards);
    }

    /// Returns the whole lines that were not read yet.
    fn unread(&mut self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        if length < self.read {
            // Somebody has removed it and begun it anew.
            self.read = 0;
        }
        let mut from = self.read.max(length.saturating_sub(MOST));
        if from == length {
            return Ok(Vec::new());
        }
        let is_within_a_line = from > self.read;
        file.seek(SeekFrom::Start(from))?;
        let mut text = Vec::new();
        file.take(length - from).read_to_end(&mut text)?;
        if is_within_a_line {
            let first = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
            text.drain(..first);
            from += first as u64;
        }
        // The last line may be only begun.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        text.truncate(whole);
        self.read = from + whole as u64;
        Ok(text)
    }

    /// Takes in lines; those that make no sense are left out, since one that was torn says nothing of the others.
    fn take(&mut self, text: &[u8], guards: &Guards) {
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice::<Outcome>(line) {
                Ok(outcome) => self.history.take(&outcome, guards),
                Err(error) => tracing::debug!("a line of {}: {error}", self.path.display()),
            }
        }
    }

    /// Appends a line; it is taken in when it is read.
    pub fn append(&self, outcome: &Outcome) -> io::Result<()> {
        append(&self.path, outcome)
    }
}

/// Appends a line to an outcome log, in one write, so that it does not mix with those of others.
pub fn append(path: &Path, outcome: &Outcome) -> io::Result<()> {
    let mut line = serde_json::to_vec(outcome)?;
    // A line that a full disk has torn ends here and not in this one.
    line.insert(0, b'\n');
    line.push(b'\n');
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)?.write_all(&line)
}

/// Writes down what the operator decides about the breaker of an agent.
pub fn say(path: &Path, agent: AgentName, say: Say, at: Timestamp) -> io::Result<()> {
    append(path, &Outcome { at, agent, what: What::Told { say } })
}
