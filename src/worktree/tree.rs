//! The worktree of one workstream.

use std::fs;
use std::path::{Path, PathBuf};

use crate::core::WorkstreamId;

use super::error::WorktreeError;
use super::git::Git;
use super::names;
use super::reader::Reader;
use super::registered::git_dir;

/// The worktree of one workstream, opened to be saved, put back or compared.
#[derive(Clone, Debug)]
pub struct Worktree {
    pub(super) path: PathBuf,
    pub(super) git_dir: PathBuf,
    pub(super) id: WorkstreamId,
}

impl Worktree {
    /// Opens the worktree at `path`.
    ///
    /// # Errors
    /// `Lost` if it is not there, is no worktree any more, or cannot be read; `BadName` for an impossible id.
    pub fn open(path: &Path, id: &WorkstreamId) -> Result<Self, WorktreeError> {
        names::check(id.as_str())?;
        let lost = |why: String| WorktreeError::Lost { path: path.to_owned(), why };
        let real = path.canonicalize().map_err(|error| lost(error.to_string()))?;
        fs::read_dir(&real).map_err(|error| lost(error.to_string()))?;
        let git_dir = git_dir(&real).ok_or_else(|| {
            lost("it has no `.git`, or that points to a directory that is gone".to_owned())
        })?;
        Ok(Self { path: real, git_dir, id: id.clone() })
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the id of the commit that the workstream started from.
    pub fn base(&self) -> Result<String, WorktreeError> {
        let found = self.reader().resolve(&names::base_ref(&self.id))?;
        found.ok_or_else(|| WorktreeError::NoCheckpoint {
            name: "base".to_owned(),
            id: self.id.to_string(),
            nearest: None,
        })
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.path)
    }

    pub(super) fn git<I>(&self, args: I) -> Git
    where
        I: IntoIterator,
        I::Item: AsRef<std::ffi::OsStr>,
    {
        Git::new(&self.path, args)
    }

    /// Says `lost` where the reason of an error is that the worktree has gone in the meantime.
    pub(super) fn or_lost<T>(&self, result: Result<T, WorktreeError>) -> Result<T, WorktreeError> {
        result.map_err(|error| match Self::open(&self.path, &self.id) {
            Err(lost @ WorktreeError::Lost { .. }) => lost,
            _ => error,
        })
    }
}
