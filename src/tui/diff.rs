//! A change as it is shown: files, hunks and lines, read from a unified patch.

mod listing;
mod name;
mod pairs;
mod parse;
mod syntax;
mod tokens;
mod words;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clean::clean;
use crate::core::Timestamp;

pub use listing::{Place, Side};
pub use parse::{Part, parse, parse_parts};
pub use syntax::{Syntaxes, Texts};
pub use tokens::{FileTokens, Span, Token, Tokens};
pub use words::words;

/// What has become of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is different.
    #[default]
    Modified,
    /// It is gone.
    Deleted,
    /// It had another name.
    Renamed,
}

/// What a line of a patch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// It is in both.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Git's own remark.
    Remark,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchLine {
    /// What it is.
    pub kind: Kind,
    /// Its number in the old file.
    pub old: Option<u32>,
    /// Its number in the new one.
    pub new: Option<u32>,
    /// What it says, as it is shown, without its sign.
    pub text: String,
    /// The line of the hunk that took its place, or whose place it took; none if none did.
    pub pair: Option<u32>,
}

/// Lines that have changed, and some around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Where it is, as git says it.
    pub header: String,
    /// Its lines.
    pub lines: Vec<PatchLine>,
}

/// What is compared with what: commits by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The older state.
    pub from: String,
    /// The newer one; none if that is what is there now.
    pub to: Option<String>,
}

/// What was made by one attempt, in one commit, or in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartHead {
    /// What it is called; empty if the change is not divided.
    pub title: String,
    /// What was compared.
    pub ends: Ends,
}

/// A file that has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchFile {
    /// Its path.
    pub path: String,
    /// The path that it had before, if that was another.
    pub from: Option<String>,
    /// What has become of it.
    pub fate: Fate,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
    /// What git says of it where there are no lines: that it is binary, that its mode has changed.
    pub remarks: Vec<String>,
    /// What has changed in it.
    pub hunks: Vec<Hunk>,
    /// The number of the part in which it was changed.
    pub part: usize,
}

/// A change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// The parts that it is divided into, the oldest first; one if it is not.
    pub parts: Vec<PartHead>,
    /// The files, in the order of the patch; one that several parts have is there several times.
    pub files: Vec<PatchFile>,
    /// How many files that are, each counted once.
    pub names: usize,
    /// Says that the patch was cut, and where the rest is; none if this is all of it.
    pub cut: Option<String>,
    /// What stands in each row, one line below the other.
    pub rows: Vec<Place>,
    /// What stands in each row where old and new stand beside each other.
    pub sides: Vec<Side>,
    /// The row in which each file begins.
    pub starts: Vec<usize>,
    /// The rows in which hunks begin.
    pub hunks: Vec<usize>,
    /// The columns of the longest line.
    pub widest: usize,
}

/// Returns a line of a file as it is shown: safe, and with spaces for tabs.
pub(crate) fn shown(line: &str) -> String {
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return line.to_owned();
    }
    clean(&line.replace('\t', "    "))
}

/// What there is to show of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change {
    /// It is being read.
    #[default]
    Reading,
    /// It could not be read; the text says why.
    Unread(String),
    /// It was this, then.
    Read(Arc<Patch>, Timestamp),
}

impl Change {
    /// Returns what was read.
    pub fn patch(&self) -> Option<&Arc<Patch>> {
        match self {
            Self::Read(patch, _) => Some(patch),
            Self::Reading | Self::Unread(_) => None,
        }
    }
}
