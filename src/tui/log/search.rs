//! Text found in a whole log file.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

use regex::bytes::{Regex, RegexBuilder};

use super::excerpt::Excerpt;
use super::file::Refreshed;
use super::hits::{Direction, Hits};
use super::read::read_at;
use super::stream::{Said, readable};
use crate::core::Stream;
use crate::tui::clean::strip;

/// So much is searched in one call, in bytes.
const SLICE: u64 = 2 * 1024 * 1024;
/// What is read at once; a longer line is searched in parts.
const CHUNK: usize = 1024 * 1024;
/// The same of a log whose lines are events, which take longer to read.
const EVENTS: u64 = 512 * 1024;
/// A compiled pattern takes no more memory than this, in bytes.
const MAX_PATTERN: usize = 4 * 1024 * 1024;

/// A pattern ready to be looked for.
#[derive(Clone, Debug)]
pub struct Finder {
    regex: Regex,
    /// What comes before a word, so that it does not count.
    denial: Option<Regex>,
}

/// The words by which programs tell of trouble, and the signs by which events are marked that do.
const TROUBLE: &str = r"(?i)\b(?:errors?|warn(?:ings?)?|panic(?:s|ked)?|fail(?:s|ed|ures?)?|fatal|exceptions?|traceback|denied)\b|^(?:[✖⚠]|!) ";
/// `0 failed` and `no errors` tell of none.
const DENIAL: &str = r"(?i)(?:^|[^0-9a-z.,])(?:0|no|zero|without)(?: \w+)? $";
/// A denial is looked for in so many bytes before the word.
const DENIED_WITHIN: usize = 32;

/// Returns what is wrong with a regular expression, in a few words; none if nothing is.
pub fn complaint(pattern: &str) -> Option<String> {
    match RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build() {
        Ok(_) => None,
        Err(regex::Error::CompiledTooBig(_)) => Some("it is too large".to_owned()),
        // The last line says what it is; those before show where.
        Err(error) => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            Some(last.trim_start_matches("error: ").to_owned())
        }
    }
}

impl Finder {
    /// Makes one of what was typed: a regular expression, or plain text if it is not a valid one; none if it is empty.
    ///
    /// Case matters only if the pattern has a capital letter.
    pub fn new(pattern: &str) -> Option<Self> {
        let build = |pattern: &str, ignore_case: bool| {
            RegexBuilder::new(pattern)
                .case_insensitive(ignore_case)
                .multi_line(true)
                .crlf(true)
                .size_limit(MAX_PATTERN)
                .build()
                .ok()
        };
        if pattern.is_empty() {
            return None;
        }
        let ignore_case = !pattern.chars().any(char::is_uppercase);
        build(pattern, ignore_case)
            .or_else(|| build(&regex::escape(pattern), ignore_case))
            .map(|regex| Self { regex, denial: None })
    }

    /// Returns what finds lines that tell of an error, a warning or a failure, as far as ordinary words do.
    pub fn trouble() -> Option<Self> {
        let regex = RegexBuilder::new(TROUBLE).multi_line(true).crlf(true).build().ok()?;
        Some(Self { regex, denial: Regex::new(DENIAL).ok() })
    }

    /// Returns the first match at an offset or after it.
    fn find_at(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let mut from = at;
        while from <= text.len() {
            let found = self.regex.find_at(text, from)?;
            let before = &text[found.start().saturating_sub(DENIED_WITHIN)..found.start()];
            let line = memchr::memrchr(b'\n', before).map_or(before, |feed| &before[feed + 1..]);
            if self.denial.as_ref().is_none_or(|denial| !denial.is_match(line)) {
                return Some(found.range());
            }
            from = found.end().max(from + 1);
        }
        None
    }

    /// Returns where it is found in a line.
    pub fn ranges<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.regex
            .find_iter(text.as_bytes())
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
    }
}

/// The lines of a file that match a pattern; escape sequences do not count as text.
#[derive(Debug)]
pub struct LogSearch {
    finder: Finder,
    file: File,
    stream: Option<Stream>,
    scanned: u64,
    length: u64,
    line: u64,
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
        let file = File::open(path)?;
        Ok(Self {
            finder,
            file,
            stream,
            scanned: 0,
            length: 0,
            line: 0,
            counted: false,
            hits: Hits::default(),
            wanted: 0,
            excerpts: Vec::new(),
        })
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
            (self.scanned, self.line, self.counted) = (0, 0, false);
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
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(said) = readable(stream, line) else {
                self.scan(line);
                continue;
            };
            self.scanned += line.len() as u64;
            let texts = said.iter().map(Said::text);
            let found = texts.filter_map(|text| {
                let at = self.finder.find_at(text.as_bytes(), 0)?.start;
                Some((text, at))
            });
            if let Some((text, at)) = { found }.next() {
                self.hit(text.as_bytes(), at);
            }
            self.pass(line);
        }
    }

    fn scan(&mut self, bytes: &[u8]) {
        self.scanned += bytes.len() as u64;
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
            self.hit(text, start);
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

    /// Counts the line that a match lies in, unless that is done.
    fn hit(&mut self, text: &[u8], at: usize) {
        if std::mem::replace(&mut self.counted, true) {
            return;
        }
        self.hits.add(self.line);
        if self.wanted > 0 {
            self.wanted -= 1;
            self.excerpts.push(Excerpt::new(self.line, (text, at), &self.finder));
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
