//! Text found in a whole log file.

use std::fs::File;
use std::io;
use std::path::Path;

use super::excerpt::Excerpt;
use super::file::{LogFile, Refreshed};
use super::finder::Finder;
use super::hits::{Direction, Hits};
use super::read::read_at;
use super::stream::readable;
use crate::core::Stream;
use crate::tui::clean::strip;

/// So much is searched in one call, in bytes.
const SLICE: u64 = 2 * 1024 * 1024;
/// What is read at once; a longer line is searched in parts.
const CHUNK: usize = 1024 * 1024;
/// The same of a log whose lines are events, which take longer to read.
const EVENTS: u64 = 512 * 1024;
/// The lines of a file that match a pattern; escape sequences do not count as text.
#[derive(Debug)]
pub struct LogSearch {
    finder: Finder,
    file: File,
    stream: Option<Stream>,
    scanned: u64,
    length: u64,
    line: u64,
    /// A line whose beginning is known, and where that is.
    begins: (u64, u64),
    /// Whether the line that `scanned` lies in was counted already.
    counted: bool,
    hits: Hits,
    /// The texts of so many more lines are kept for whoever takes them.
    wanted: usize,
    excerpts: Vec<Excerpt>,
}

impl LogSearch {
    /// Begins a search; nothing is read yet. In events of a stream it is for what they say.
    pub fn open(path: &Path, finder: Finder, stream: Option<Stream>) -> io::Result<Self> {
        Ok(Self::of(File::open(path)?, finder, stream))
    }

    /// The same in a log that is open, be its file still at its place or not.
    pub fn within(log: &LogFile, finder: Finder, stream: Option<Stream>) -> io::Result<Self> {
        Ok(Self::of(log.file().try_clone()?, finder, stream))
    }

    fn of(file: File, finder: Finder, stream: Option<Stream>) -> Self {
        Self {
            finder,
            file,
            stream,
            scanned: 0,
            length: 0,
            line: 0,
            begins: (0, 0),
            counted: false,
            hits: Hits::default(),
            wanted: 0,
            excerpts: Vec::new(),
        }
    }

    /// Keeps the texts of the first lines that match, so many of them.
    #[must_use]
    pub fn keeping(self, wanted: usize) -> Self {
        Self { wanted, ..self }
    }

    /// Takes the texts that were kept since the last call.
    pub fn excerpts(&mut self) -> Vec<Excerpt> {
        std::mem::take(&mut self.excerpts)
    }

    /// Searches on for some milliseconds; once all is searched, what was written since.
    pub fn step(&mut self) -> io::Result<Refreshed> {
        let length = self.file.metadata()?.len();
        self.length = length;
        if length < self.scanned {
            (self.scanned, self.line, self.begins, self.counted) = (0, 0, (0, 0), false);
            self.hits = Hits::default();
        }
        let before = self.scanned;
        let slice = if self.stream.is_some() { EVENTS } else { SLICE };
        while self.scanned < length && self.scanned - before < slice {
            let size = if self.stream.is_some() { EVENTS as usize } else { CHUNK };
            let bytes = read_at(&self.file, self.scanned, size)?;
            if bytes.is_empty() {
                break;
            }
            // Whole lines only, unless one is longer than a chunk or the file ends in it.
            let end = if bytes.len() == size {
                memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1)
            } else {
                bytes.len()
            };
            match self.stream {
                Some(stream) => self.scan_events(&bytes[..end], stream),
                None => self.scan(&bytes[..end]),
            }
        }
        Ok(match (self.scanned < length, self.scanned == before) {
            (true, _) => Refreshed::MoreToDo,
            (false, false) => Refreshed::Changed,
            (false, true) => Refreshed::Same,
        })
    }

    /// Looks for the pattern in what events say; lines that are none are searched as they are.
    fn scan_events(&mut self, bytes: &[u8], stream: Stream) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let first = self.finder.first_event(rest);
            let (unread, from) = rest.split_at(first);
            self.scanned += unread.len() as u64;
            self.pass(unread);
            let end = memchr::memchr(b'\n', from).map_or(from.len(), |feed| feed + 1);
            let (line, more) = from.split_at(end);
            rest = more;
            if !line.is_empty() {
                self.scan_event(line, stream);
            }
        }
    }

    fn scan_event(&mut self, line: &[u8], stream: Stream) {
        let Some(said) = readable(stream, line) else {
            self.scan(line);
            return;
        };
        let part = self.begin(line);
        let texts = said.iter().map(|said| bare(said.text()));
        let found = texts.filter_map(|text| {
            let at = self.finder.find_at(&text, 0)?.start;
            Some((text, at))
        });
        if let Some((text, at)) = { found }.next() {
            self.hit(&part, (&text, at));
        }
        self.pass(line);
    }

    fn scan(&mut self, bytes: &[u8]) {
        let part = self.begin(bytes);
        let stripped;
        let text = if memchr::memchr(0x1b, bytes).is_some() {
            stripped = strip(bytes);
            &stripped[..]
        } else {
            bytes
        };
        let mut at = 0;
        while at < text.len() {
            let Some(found) = self.finder.find_at(text, at) else { break };
            let start = found.start.min(text.len().saturating_sub(1));
            self.pass(&text[at..start]);
            self.hit(&part, (text, start));
            match memchr::memchr(b'\n', &text[start..]) {
                Some(feed) => {
                    self.pass(&text[start..=start + feed]);
                    at = start + feed + 1;
                }
                None => return,
            }
        }
        self.pass(&text[at.min(text.len())..]);
    }

    /// Counts the line feeds of bytes that do not match.
    fn pass(&mut self, bytes: &[u8]) {
        let feeds = memchr::memchr_iter(b'\n', bytes).count();
        if feeds > 0 {
            self.line += feeds as u64;
            self.counted = false;
        }
    }

    /// Takes note of the next bytes.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> Part<'a> {
        // A line that is searched in parts began with the first of them.
        if self.begins.0 != self.line {
            self.begins = (self.line, self.scanned);
        }
        let part = Part { bytes, from: self.scanned };
        self.scanned += bytes.len() as u64;
        part
    }

    /// Returns where the line begins that was come to.
    fn line_begin(&mut self, part: &Part<'_>) -> u64 {
        let (line, at) = self.begins;
        let skipped = usize::try_from(at.saturating_sub(part.from)).unwrap_or(usize::MAX);
        let rest = part.bytes.get(skipped..).unwrap_or_default();
        let wanted = usize::try_from(self.line.saturating_sub(line)).unwrap_or(usize::MAX);
        let feed = wanted.checked_sub(1).and_then(|nth| memchr::memchr_iter(b'\n', rest).nth(nth));
        if let Some(feed) = feed {
            self.begins = (self.line, part.from + (skipped + feed) as u64 + 1);
        }
        self.begins.1
    }

    /// Counts the line that a match lies in, unless that is done.
    fn hit(&mut self, part: &Part<'_>, (text, at): (&[u8], usize)) {
        if std::mem::replace(&mut self.counted, true) {
            return;
        }
        self.hits.add(self.line);
        if self.wanted > 0 {
            self.wanted -= 1;
            let line = (self.line, self.line_begin(part));
            self.excerpts.push(Excerpt::new(line, (text, at), &self.finder));
        }
    }

    /// Returns how many lines match in what was searched so far.
    pub fn count(&self) -> usize {
        self.hits.count()
    }

    /// Returns the lines that match in what was searched so far.
    pub fn hits(&self) -> &Hits {
        &self.hits
    }

    /// Returns how many bytes and lines were searched so far.
    pub fn searched(&self) -> (u64, u64) {
        (self.scanned, self.line)
    }

    /// Returns how long the file was at the last step, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Returns the next matching line after or before a line; past the end it begins anew. None if no line matches.
    pub fn next(&self, from: usize, direction: Direction) -> Option<usize> {
        self.hits.beside(from, direction).or_else(|| self.hits.around(direction))
    }
}

/// Bytes that are searched at once, and where they begin in the file.
struct Part<'a> {
    bytes: &'a [u8],
    from: u64,
}

/// Returns a text without escape sequences.
fn bare(text: String) -> Vec<u8> {
    if text.contains('\x1b') { strip(text.as_bytes()) } else { text.into_bytes() }
}
