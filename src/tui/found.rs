//! What was found in all logs at once.

use std::ops::Range;

use crate::core::WorkstreamId;
use crate::tui::state::Shown;

/// So many lines are listed; more are only counted.
pub const MOST: usize = 2000;
/// And so many of one log, so that one that is full of them hides no other.
pub const MOST_OF_ONE: usize = 200;

/// A log that is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundIn {
    /// Whose it is.
    pub workstream: WorkstreamId,
    /// Which of its outputs it is.
    pub shown: Shown,
    /// The number of the attempt, or what else it is.
    pub output: String,
    /// The agent that wrote it; empty if it was none.
    pub agent: String,
}

/// A line that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLine {
    /// The log, by its place among those that are searched.
    pub log: usize,
    /// The line's number, from 0.
    pub line: usize,
    /// The part of it around the match.
    pub text: String,
    /// Where the pattern matches in that.
    pub found: Vec<Range<usize>>,
}

/// What was found in all logs at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundLines {
    /// The logs, in the order in which they are searched.
    pub logs: Vec<FoundIn>,
    /// The lines that are listed.
    pub lines: Vec<FoundLine>,
    /// All that match, listed or not.
    pub count: usize,
    /// How many of the logs have one.
    pub logs_with: usize,
    /// How many of the logs are searched.
    pub searched: usize,
    /// Whether all are, or nothing more comes.
    pub is_done: bool,
    /// The logs that could not be read, and why the first could not.
    pub unread: Option<(usize, String)>,
}

impl FoundLines {
    /// Returns a line that is listed, and the log it is in.
    pub fn get(&self, place: usize) -> Option<(&FoundIn, &FoundLine)> {
        let line = self.lines.get(place)?;
        Some((self.logs.get(line.log)?, line))
    }
}
