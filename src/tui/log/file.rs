//! A log file that grows while it is looked at.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::events;
use super::index::LineIndex;
use super::page::{LogPage, Top, Window, page_at, page_from_end};
use super::read::read_at;

/// So much is indexed in one call, in bytes: about a millisecond, since a key may be waiting.
const SLICE: u64 = 1024 * 1024;
/// What is read at once.
const CHUNK: usize = 256 * 1024;

/// What [`LogFile::refresh`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// Nothing new.
    Same,
    /// The file has grown or was begun anew, and all of it is indexed.
    Changed,
    /// Its end can be shown already, but not all lines are counted: call again soon.
    MoreToDo,
}

/// A log file that grows while it is looked at.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    file: File,
    inode: (u64, u64),
    length: u64,
    index: LineIndex,
}

impl LogFile {
    /// Opens a file; nothing is read yet.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let stat = file.metadata()?;
        let inode = (stat.dev(), stat.ino());
        Ok(Self { path: path.to_owned(), file, inode, length: 0, index: LineIndex::default() })
    }

    /// Looks at what was written since, without counting its lines; says whether anything has changed.
    ///
    /// The end of the file can be shown then. A file that was cut or replaced is begun anew. One that was removed stays
    /// as it was.
    pub fn look(&mut self) -> io::Result<bool> {
        let mut changed = self.reopen()?;
        let length = self.file.metadata()?.len();
        if length < self.length {
            self.index = LineIndex::default();
            changed = true;
        }
        changed |= length != self.length;
        self.length = length;
        Ok(changed)
    }

    /// Looks at what was written since and counts its lines, for about a millisecond at most.
    pub fn refresh(&mut self) -> io::Result<Refreshed> {
        let mut changed = self.look()?;
        let limit = self.index.scanned() + SLICE;
        while self.index.scanned() < self.length.min(limit) {
            let left = self.length - self.index.scanned();
            let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let bytes = read_at(&self.file, self.index.scanned(), size)?;
            if bytes.is_empty() {
                // It was cut between the look at its length and now; the next call begins anew.
                self.length = self.index.scanned();
                break;
            }
            changed = true;
            self.index.feed(&bytes);
        }
        Ok(match (self.is_indexed(), changed) {
            (false, _) => Refreshed::MoreToDo,
            (true, true) => Refreshed::Changed,
            (true, false) => Refreshed::Same,
        })
    }

    /// Follows the path to a new file, if there is one; returns whether there was.
    fn reopen(&mut self) -> io::Result<bool> {
        let Ok(stat) = std::fs::metadata(&self.path) else { return Ok(false) };
        if (stat.dev(), stat.ino()) == self.inode {
            return Ok(false);
        }
        *self = Self::open(&self.path)?;
        Ok(true)
    }

    /// Returns the rows that a pane shows.
    pub fn page(&self, top: Top, window: &Window<'_>) -> io::Result<LogPage> {
        if let Some(stream) = window.stream {
            return events::page(self, top, stream, window);
        }
        match top {
            Top::End => page_from_end(self, window),
            Top::Line(line) | Top::Rows { line, .. } => {
                let page = page_at(self, line as u64, window)?;
                // A page that is not full would only show less of the end.
                if page.at_end && page.lines.len() < window.rows && line > 0 {
                    return page_from_end(self, window);
                }
                Ok(page)
            }
        }
    }

    /// Returns how many lines there are; none while they are being counted.
    pub fn lines(&self) -> Option<usize> {
        self.is_indexed().then(|| usize::try_from(self.index.lines()).unwrap_or(usize::MAX))
    }

    /// Says whether a line can be gone to, since it is counted or there is nothing more to count.
    pub fn knows(&self, line: usize) -> bool {
        self.is_indexed() || self.index.lines() > line as u64
    }

    /// Returns the number of the line that an offset lies in; none while the lines before it are being counted.
    pub fn line_at(&self, offset: u64) -> io::Result<Option<usize>> {
        let offset = offset.min(self.length.saturating_sub(1));
        if self.index.scanned() <= offset && !self.is_indexed() {
            return Ok(None);
        }
        let mark = self.index.before_offset(offset);
        let size = usize::try_from(offset - mark.offset).unwrap_or(usize::MAX);
        let mut feeds = 0;
        let mut at = 0;
        while at < size {
            let bytes = read_at(&self.file, mark.offset + at as u64, (size - at).min(CHUNK))?;
            if bytes.is_empty() {
                break;
            }
            at += bytes.len();
            feeds += memchr::memchr_iter(b'\n', &bytes).count();
        }
        Ok(usize::try_from(mark.line).ok().map(|line| line + feeds))
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the length that [`Self::refresh`] saw, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Returns how many bytes of it there are whose lines are not counted.
    pub fn uncounted(&self) -> u64 {
        self.length.saturating_sub(self.index.scanned())
    }

    /// Returns how many places of the file are held in memory; bounded, whatever its length.
    pub fn places(&self) -> usize {
        self.index.places()
    }

    pub(super) fn is_indexed(&self) -> bool {
        self.index.scanned() >= self.length
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn index(&self) -> &LineIndex {
        &self.index
    }
}
