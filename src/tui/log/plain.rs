//! The text of a log as it is copied and saved: what can be read of it, and nothing else.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write};
use std::ops::RangeInclusive;
use std::path::Path;

use super::file::LogFile;
use super::line::{style_line, style_said};
use super::read::Lines;
use super::sgr::{LogSpan, StyledLine};
use super::stream::readable;
use crate::core::Stream;
use crate::tui::clean::clean;

/// A longer line is written in parts, in bytes.
const LINE: u64 = 16 * 1024 * 1024;
/// What a longer line looked like on a terminal is not asked, in bytes.
const LOOKED_AT: usize = 16 * 1024;

/// What was written of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The lines.
    pub lines: usize,
    /// Which of them the line was that was asked about, from 0.
    pub at: usize,
}

/// Adds what a line says, in any number of lines.
fn add(text: &mut String, bytes: &[u8], stream: Option<Stream>) {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if let Some(said) = stream.and_then(|stream| readable(stream, bytes)) {
        for line in said {
            text.push_str(style_said(&line).text().trim_end());
            text.push('\n');
        }
        return;
    }
    text.push_str(plain_line(bytes).text().trim_end());
    text.push('\n');
}

/// Returns a line of any length as it looks; the looks of a long one are left out.
pub fn plain_line(bytes: &[u8]) -> StyledLine {
    if bytes.len() <= LOOKED_AT {
        return style_line(bytes);
    }
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let last = memchr::memrchr(b'\r', bytes).map_or(0, |at| at + 1);
    let text = clean(&String::from_utf8_lossy(&bytes[last..]));
    StyledLine { spans: vec![LogSpan { text, ..LogSpan::default() }] }
}

/// Writes a whole log out; `asked` is a line of it, from 0, whose place among those written is returned.
pub fn write_plain(
    log: &Path,
    stream: Option<Stream>,
    asked: usize,
    out: &mut impl Write,
) -> io::Result<Written> {
    let mut input = BufReader::new(File::open(log)?);
    let (mut bytes, mut text) = (Vec::new(), String::new());
    let (mut written, mut number) = (Written::default(), 0);
    while input.by_ref().take(LINE).read_until(b'\n', &mut bytes)? > 0 {
        if number == asked {
            written.at = written.lines;
        }
        add(&mut text, &bytes, stream);
        written.lines += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        number += usize::from(bytes.ends_with(b"\n"));
        out.write_all(text.as_bytes())?;
        bytes.clear();
        text.clear();
    }
    out.flush()?;
    if number <= asked {
        written.at = written.lines.saturating_sub(1);
    }
    Ok(written)
}

impl LogFile {
    /// Returns what these lines say; no more is read once that is longer than `limit`, in bytes.
    pub fn plain(
        &self,
        lines: RangeInclusive<usize>,
        stream: Option<Stream>,
        limit: usize,
    ) -> io::Result<String> {
        let (first, last) = (*lines.start() as u64, *lines.end() as u64);
        let mark = self.index().before(first);
        let from = (mark.line, mark.offset);
        let mut reading = Lines::events(self.file(), self.index(), from, self.length());
        reading.skip_to(first)?;
        let mut text = String::new();
        while reading.line <= last && text.len() <= limit {
            let Some(raw) = reading.next()? else { break };
            add(&mut text, &raw.bytes, stream.filter(|_| raw.whole));
        }
        Ok(text)
    }
}
