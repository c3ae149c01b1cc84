//! The file named by `OSTLER_STATUS`, into which an agent may write how far it is.
//!
//! A line is `3/10 what it is doing`, `30% what it is doing`, or a JSON object with `done` and `total` (or `percent`) and
//! `text`. The last line that can be read counts, so a writer may append or write the file anew.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde_json::Value;

use super::plain;
use crate::core::progress::{Progress, Source};

/// So much of the file's end is read, in bytes.
const TAIL: u64 = 8 * 1024;
/// A text is cut after so many characters.
const TEXT: usize = 120;

/// Reads a status file; none if it does not exist or says nothing that can be read.
pub fn read(path: &Path) -> io::Result<Option<Progress>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().rev().find_map(parse))
}

/// Reads one line; none if it is not a figure.
pub fn parse(line: &str) -> Option<Progress> {
    let line = line.trim();
    if line.starts_with('{') {
        return object(&serde_json::from_str(line).ok()?);
    }
    let (figure, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match (figure.split_once('/'), figure.strip_suffix('%')) {
        (Some((done, total)), _) => progress(done.parse().ok()?, total.parse().ok()?, text),
        (None, Some(percent)) => progress(percent.parse().ok()?, 100, text),
        (None, None) => None,
    }
}

/// Returns the line that stands for a figure.
pub fn line(progress: &Progress) -> String {
    let Progress { done, total, text, .. } = progress;
    let text = text.replace(['\n', '\r'], " ");
    format!("{done}/{total} {}\n", text.trim()).replace(" \n", "\n")
}

fn object(value: &Value) -> Option<Progress> {
    let number = |key: &str| value.get(key)?.as_u64().and_then(|count| u32::try_from(count).ok());
    let text = value.get("text").and_then(Value::as_str).unwrap_or_default();
    match (number("done"), number("total"), number("percent")) {
        (Some(done), Some(total), _) => progress(done, total, text),
        (_, _, Some(percent)) => progress(percent, 100, text),
        (_, _, None) => None,
    }
}

fn progress(done: u32, total: u32, text: &str) -> Option<Progress> {
    let text = plain::cut(&plain::clean(text.trim().as_bytes()), TEXT);
    (total > 0 && done <= total).then_some(Progress { done, total, text, source: Source::Status })
}
