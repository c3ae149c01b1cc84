//! A change as it is shown: files, hunks and lines, read from a unified patch.

mod listing;
mod name;
mod parse;

use std::sync::Arc;

use crate::core::Timestamp;

pub use listing::{Place, Side};
pub use parse::parse;

/// What has become of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchLine {
    /// What it is.
    pub kind: Kind,
    /// Its number in the old file.
    pub old: Option<u32>,
    /// Its number in the new one.
    pub new: Option<u32>,
    /// What it says, without its sign.
    pub text: String,
}

/// Lines that have changed, and some around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    /// Where it is, as git says it.
    pub header: String,
    /// Its lines.
    pub lines: Vec<PatchLine>,
}

/// A file that has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchFile {
    /// Its path.
    pub path: String,
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
}

/// A change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// The files, in the order of the patch.
    pub files: Vec<PatchFile>,
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
