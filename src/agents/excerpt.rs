//! The part of a log that is read when an attempt has ended.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use memchr::memchr;

use super::plain;

/// So much of a log's beginning is read, in bytes.
pub const HEAD: u64 = 64 * 1024;
/// So much of a log's end is read, in bytes.
pub const TAIL: u64 = 1024 * 1024;

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Where it starts, in bytes from the start of the log.
    pub offset: u64,
    /// Its text, cleaned.
    pub text: String,
}

/// Reads the lines at the beginning and at the end of a log, empty ones left out.
///
/// At most [`HEAD`] and [`TAIL`] bytes are read; a line that is cut by their edges is left out, unless it is the log's
/// last one.
pub fn read(log: &mut (impl Read + Seek)) -> io::Result<Vec<LogLine>> {
    let length = log.seek(SeekFrom::End(0))?;
    let mut lines = Vec::new();
    if length <= HEAD + TAIL {
        let bytes = part(log, 0, length)?;
        split(&bytes, 0, &mut lines);
        return Ok(lines);
    }
    let mut head = part(log, 0, HEAD)?;
    head.truncate(memchr::memrchr(b'\n', &head).map_or(0, |end| end + 1));
    split(&head, 0, &mut lines);
    let start = length - TAIL;
    let tail = part(log, start, TAIL)?;
    let skip = memchr(b'\n', &tail).map_or(tail.len(), |end| end + 1);
    split(&tail[skip..], start + skip as u64, &mut lines);
    Ok(lines)
}

/// Returns the lines at the end of a log that are not empty, cleaned; empty if there is no such file.
pub fn end(path: &Path) -> io::Result<Vec<LogLine>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(HEAD);
    let bytes = part(&mut file, start, HEAD)?;
    let mut lines = Vec::new();
    split(&bytes, start, &mut lines);
    Ok(lines)
}

fn part(log: &mut (impl Read + Seek), start: u64, length: u64) -> io::Result<Vec<u8>> {
    log.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    log.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn split(bytes: &[u8], start: u64, lines: &mut Vec<LogLine>) {
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let text = plain::clean(&bytes[at..end]);
        if !text.is_empty() {
            lines.push(LogLine { offset: start + at as u64, text });
        }
        at = end + 1;
    }
}
