//! Lines read from a file by offset.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use super::index::LineIndex;

/// So many bytes of one line are read at most; what it looks like beyond is not shown.
pub(super) const LINE_CAP: usize = 16 * 1024;
/// The same for a line that is an event: one that is cut cannot be made readable.
pub(super) const EVENT_CAP: usize = 256 * 1024;
/// What is read at once.
const CHUNK: usize = 64 * 1024;
/// The end of a line is searched no further than this, in bytes, where the index does not know it.
const REACH: u64 = 16 * 1024 * 1024;

/// What is shown of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawLine {
    /// Its bytes, without the line feed.
    pub bytes: Vec<u8>,
    /// Whether these are all that can be seen of it.
    pub whole: bool,
    /// Where it begins in the file.
    pub at: u64,
}

/// Reads what is there at an offset, at most `size` bytes.
pub(super) fn read_at(file: &File, offset: u64, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    let mut filled = 0;
    while filled < size {
        match file.read_at(&mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Returns what is shown of a line that has these bytes.
pub(super) fn clip(bytes: &[u8], cap: usize, at: u64) -> RawLine {
    if bytes.len() <= cap {
        return RawLine { bytes: bytes.to_vec(), whole: true, at };
    }
    long(&bytes[..LINE_CAP], &bytes[bytes.len() - LINE_CAP..], at)
}

/// Decides what is shown of a long line: its beginning, or what was written over that last.
fn long(head: &[u8], tail: &[u8], begins: u64) -> RawLine {
    let tail = tail.strip_suffix(b"\r").unwrap_or(tail);
    match memchr::memchr(b'\r', tail) {
        Some(at) => RawLine { bytes: tail[at..].to_vec(), whole: true, at: begins },
        None => RawLine { bytes: head.to_vec(), whole: false, at: begins },
    }
}

/// Lines from a place onwards.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub file: &'a File,
    pub index: &'a LineIndex,
    /// The number of the next line.
    pub line: u64,
    /// Where it begins.
    pub offset: u64,
    /// Where the file ends.
    pub end: u64,
    /// The longest line that is read whole.
    cap: usize,
    buffer: Vec<u8>,
    buffer_at: u64,
}

impl<'a> Lines<'a> {
    /// Begins at a line that begins at an offset.
    pub fn new(file: &'a File, index: &'a LineIndex, (line, offset): (u64, u64), end: u64) -> Self {
        let buffer = Vec::new();
        Self { file, index, line, offset, end, cap: LINE_CAP, buffer, buffer_at: offset }
    }

    /// The same for lines that are events.
    pub fn events(
        file: &'a File,
        index: &'a LineIndex,
        (line, offset): (u64, u64),
        end: u64,
    ) -> Self {
        Self { cap: EVENT_CAP, ..Self::new(file, index, (line, offset), end) }
    }

    /// Skips to a line; returns the bytes that were skipped if they are few, for the colours they left behind.
    pub fn skip_to(&mut self, line: u64) -> io::Result<Vec<u8>> {
        let mut skipped = Vec::new();
        while self.line < line && self.offset < self.end {
            self.fill()?;
            let rest = self.rest();
            if rest.is_empty() {
                break;
            }
            let wanted = usize::try_from(line - self.line).unwrap_or(usize::MAX);
            let nth = memchr::memchr_iter(b'\n', rest).nth(wanted - 1);
            let (used, feeds) = match nth {
                Some(at) => (at + 1, wanted),
                None => (rest.len(), memchr::memchr_iter(b'\n', rest).count()),
            };
            if skipped.len() < 4 * CHUNK {
                skipped.extend_from_slice(&rest[..used]);
            }
            self.offset += used as u64;
            self.line += feeds as u64;
        }
        Ok(skipped)
    }

    /// Reads the next line; none at the end.
    pub fn next(&mut self) -> io::Result<Option<RawLine>> {
        if self.offset >= self.end {
            return Ok(None);
        }
        self.fill()?;
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        let found = memchr::memchr(b'\n', rest);
        if let Some(at) = found {
            let line = clip(&rest[..at], self.cap, self.offset);
            self.advance(at as u64 + 1);
            return Ok(Some(line));
        }
        if self.offset + rest.len() as u64 >= self.end {
            let line = clip(rest, self.cap, self.offset);
            self.advance(rest.len() as u64);
            return Ok(Some(line));
        }
        let head = rest[..LINE_CAP.min(rest.len())].to_vec();
        let Some(stop) = self.line_end()? else {
            let at = std::mem::replace(&mut self.offset, self.end);
            return Ok(Some(RawLine { bytes: head, whole: false, at }));
        };
        let from = stop.saturating_sub(LINE_CAP as u64).max(self.offset);
        let tail = read_at(self.file, from, usize::try_from(stop - from).unwrap_or(0))?;
        let line = long(&head, tail.strip_suffix(b"\n").unwrap_or(&tail), self.offset);
        self.advance(stop - self.offset);
        Ok(Some(line))
    }

    fn advance(&mut self, bytes: u64) {
        self.offset += bytes;
        self.line += 1;
    }

    /// Makes sure that the buffer holds a good part of what comes next.
    fn fill(&mut self) -> io::Result<()> {
        let left = self.end.saturating_sub(self.offset);
        let have = self.rest().len() as u64;
        let least = self.cap.max(LINE_CAP * 2) as u64;
        if have > 0 && (have >= left.min(least) || memchr::memchr(b'\n', self.rest()).is_some()) {
            return Ok(());
        }
        let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK.max(self.cap + 1));
        self.buffer = read_at(self.file, self.offset, size)?;
        self.buffer_at = self.offset;
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        let from =
            usize::try_from(self.offset.saturating_sub(self.buffer_at)).unwrap_or(usize::MAX);
        self.buffer.get(from..).unwrap_or_default()
    }

    /// Returns where the line after the next one begins, or where the file ends; none if that is too far away.
    fn line_end(&self) -> io::Result<Option<u64>> {
        if let Some(known) = self.index.exact(self.line + 1) {
            return Ok(Some(known));
        }
        let mut at = self.offset;
        while at < self.end && at - self.offset < REACH {
            let bytes = read_at(self.file, at, CHUNK * 4)?;
            if bytes.is_empty() {
                break;
            }
            if let Some(found) = memchr::memchr(b'\n', &bytes) {
                return Ok(Some(at + found as u64 + 1));
            }
            at += bytes.len() as u64;
        }
        Ok((at >= self.end).then_some(self.end))
    }
}
