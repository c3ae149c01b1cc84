//! A file of lines that all supervisors of a project append to and each reads along.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A file of lines, as far as it was read.
#[derive(Debug)]
pub struct Appended {
    path: PathBuf,
    read: u64,
    /// Of a longer file only the end is read, in bytes.
    most: u64,
}

impl Appended {
    /// Returns the file before anything of it was read.
    pub fn new(path: PathBuf, most: u64) -> Self {
        Self { path, read: 0, most }
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets how far it was read.
    pub fn rewind(&mut self) {
        self.read = 0;
    }

    /// Returns the whole lines that were not read yet; none if the file cannot be read, which is logged.
    pub fn unread(&mut self) -> Vec<u8> {
        self.read_on().unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!("{} cannot be read: {error}", self.path.display());
            }
            Vec::new()
        })
    }

    fn read_on(&mut self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        if length < self.read {
            // Somebody has removed it and begun it anew.
            self.read = 0;
        }
        let mut from = self.read.max(length.saturating_sub(self.most));
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
}

/// Appends a line to a file, in one write, so that it does not mix with those of others.
pub fn append(path: &Path, line: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(line)?;
    // A line that a full disk has torn ends here and not in this one.
    line.insert(0, b'\n');
    line.push(b'\n');
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)?.write_all(&line)
}
