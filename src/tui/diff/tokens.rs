//! What the pieces of a changed line are in the language of its file.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Place;

/// What a piece of source text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Token {
    /// A word of the language.
    Keyword,
    /// Text in quotes.
    String,
    /// A comment.
    Comment,
    /// A number, or another constant such as `true`.
    Number,
    /// The name of a function or macro.
    Function,
    /// The name of a type, a tag or a key.
    Type,
}

/// A piece of a line that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub token: Token,
}

/// What is known of the lines of a file, by hunk and line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTokens {
    hunks: Vec<Vec<Vec<Span>>>,
}

impl FileTokens {
    /// Returns what is known of a line.
    pub fn line(&self, hunk: usize, line: usize) -> &[Span] {
        self.hunks.get(hunk).and_then(|hunk| hunk.get(line)).map_or(&[], Vec::as_slice)
    }

    /// Says what the pieces of a line are.
    pub(super) fn set(&mut self, (hunk, line): (usize, usize), spans: Vec<Span>) {
        if spans.is_empty() {
            return;
        }
        grown(grown(&mut self.hunks, hunk), line).extend(spans);
    }
}

/// Returns what stands at a place, which is made if it is not there.
fn grown<T: Default>(all: &mut Vec<T>, place: usize) -> &mut T {
    let length = all.len().max(place + 1);
    all.resize_with(length, T::default);
    &mut all[place]
}

/// What is known of the files of a change, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The files that were looked at.
    pub files: BTreeMap<usize, Arc<FileTokens>>,
}

impl Tokens {
    /// Returns what is known of the line that stands at a place.
    pub fn line(&self, place: Place) -> &[Span] {
        let Place::Line(file, hunk, line) = place else { return &[] };
        self.files.get(&file).map_or(&[], |file| file.line(hunk, line))
    }
}
