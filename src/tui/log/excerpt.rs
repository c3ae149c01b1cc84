//! A line that was found, as far as it is shown in a list.

use std::ops::Range;

use super::finder::Finder;
use crate::tui::clean::clean;

/// So much of a line is shown, in characters, …
const SHOWN: usize = 240;
/// … of which so many stand before a match that lies further to the right.
const BEFORE: usize = 24;
/// No more of a line than this is looked at on either side of the match, in bytes.
const REACH: usize = 2048;

/// A line that was found, as far as it is shown in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line's number, from 0.
    pub line: u64,
    /// Where the line begins in the file.
    pub offset: u64,
    /// The part of it around the first match, cleaned.
    pub text: String,
    /// Where the pattern matches in that.
    pub found: Vec<Range<usize>>,
}

impl Excerpt {
    /// Cuts out what lies around a match in a text of any number of lines.
    pub(super) fn new(
        (line, offset): (u64, u64),
        (text, at): (&[u8], usize),
        finder: &Finder,
    ) -> Self {
        let at = at.min(text.len());
        let (head, tail) = text.split_at(at);
        // What a progress line wrote before is not what is to be seen.
        let start = memchr::memrchr2(b'\n', b'\r', head).map_or(0, |feed| feed + 1);
        let start = start.max(at.saturating_sub(REACH));
        let end = memchr::memchr2(b'\n', b'\r', tail).unwrap_or(tail.len()).min(REACH);
        let before = clean(&String::from_utf8_lossy(&head[start..]));
        let after = clean(&String::from_utf8_lossy(&tail[..end]));
        let before = before.trim_start();
        let far = before.chars().count() > SHOWN / 2;
        let before = if far { last(before, BEFORE) } else { before.to_owned() };
        let text: String = format!("{before}{after}").chars().take(SHOWN).collect();
        let text = text.trim_end().to_owned();
        let found = finder.ranges(&text).collect();
        Self { line, offset, text, found }
    }
}

fn last(text: &str, count: usize) -> String {
    let skipped = text.chars().count().saturating_sub(count);
    std::iter::once('…').chain(text.chars().skip(skipped)).collect()
}
