//! What has changed in a worktree since a commit: commits, staged, unstaged and untracked files alike.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::core::verdict::DiffSize;

use super::error::WorktreeError;
use super::tree::Worktree;
use super::{diff_library, diff_program};

/// Files above this size are compared as a whole, not by lines, in bytes; the `git` program is told the same.
pub(super) const BY_LINES_UP_TO: u32 = 16 << 20;

/// A line of a patch is told no further, in bytes: one that is longer must not push all others out.
const LINE: usize = 16 << 10;

/// How a file has changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// It is different, or of another kind.
    Modified,
    /// It is gone.
    Deleted,
    /// It had this name, and much the same content.
    Renamed(PathBuf),
}

/// A file that has changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedFile {
    /// Its path, relative to the worktree.
    pub path: PathBuf,
    /// How it has changed.
    pub change: Change,
    /// Lines added; 0 for binary files.
    pub added: u32,
    /// Lines removed; 0 for binary files.
    pub removed: u32,
}

impl Worktree {
    /// Returns how much has changed since the commit `base`.
    pub fn diff_size(&self, base: &str) -> Result<DiffSize, WorktreeError> {
        let mut size = DiffSize::default();
        for file in self.changed_files(base)? {
            size.files = size.files.saturating_add(1);
            size.added = size.added.saturating_add(file.added);
            size.removed = size.removed.saturating_add(file.removed);
        }
        Ok(size)
    }

    /// Returns the files that have changed since the commit `base`, by path; ignored ones are not looked at.
    pub fn changed_files(&self, base: &str) -> Result<Vec<ChangedFile>, WorktreeError> {
        let found = match diff_library::changed_files(&self.path, base) {
            Some(files) => Ok(files),
            None => diff_program::changed_files(self, base),
        };
        let mut files = self.or_lost(found)?;
        files.sort();
        Ok(files)
    }

    /// Returns the unified patch since the commit `base`, cut after at most `limit` bytes, with a last line that says so.
    ///
    /// Very long lines are cut as well, and say so. Bytes that are not UTF-8 are replaced. The text is not cleaned of control characters.
    pub fn diff_text(&self, base: &str, limit: usize) -> Result<String, WorktreeError> {
        let found = match diff_library::patch(&self.path, base, limit) {
            Some(patch) => Ok(patch),
            None => diff_program::patch(self, base, limit),
        };
        Ok(self.text(self.or_lost(found)?, &[base]))
    }

    /// Returns the unified patch from one commit to another, cut in the same way.
    pub fn diff_between(
        &self,
        from: &str,
        to: &str,
        limit: usize,
    ) -> Result<String, WorktreeError> {
        let found = self.or_lost(diff_program::between(self, (from, to), limit))?;
        Ok(self.text(found, &[from, to]))
    }

    fn text(&self, Patch { bytes, cut }: Patch, commits: &[&str]) -> String {
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if cut {
            let (kept, path) = (bytes.len(), self.path.display());
            let commits: Vec<&str> =
                commits.iter().map(|commit| commit.get(..12).unwrap_or(commit)).collect();
            let commits = commits.join(" ");
            let last =
                format!("[cut after {kept} bytes; the rest: git -C {path} diff {commits}]\n");
            text.push_str(&last);
        }
        text
    }
}

/// A patch, or its beginning.
pub(super) struct Patch {
    /// Whole lines.
    pub bytes: Vec<u8>,
    /// Whether there is more.
    pub cut: bool,
}

impl Patch {
    /// Adds a line if it fits; nothing is added after one that does not.
    pub fn add(&mut self, line: &[u8], limit: usize) {
        let line = shortened(line);
        self.cut = self.cut || self.bytes.len() + line.len() > limit;
        if !self.cut {
            self.bytes.extend_from_slice(&line);
        }
    }
}

/// Returns a line that is not too long, or the beginning of it with a remark.
fn shortened(line: &[u8]) -> Cow<'_, [u8]> {
    let end = if line.ends_with(b"\n") { line.len() - 1 } else { line.len() };
    if end <= LINE {
        return line.into();
    }
    // A character is left whole.
    let is_within = |byte: &u8| byte & 0xc0 == 0x80;
    let kept = (LINE - 3..=LINE).rev().find(|at| !line.get(*at).is_some_and(is_within));
    let (begin, rest) = line.split_at(kept.unwrap_or(LINE));
    let remark = format!(" … and {} more bytes in this line", rest.len() - (line.len() - end));
    [begin, remark.as_bytes(), line.get(end..).unwrap_or_default()].concat().into()
}
