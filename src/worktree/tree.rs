//! The worktree of one workstream.

use std::fs;
use std::path::{Path, PathBuf};

use crate::core::WorkstreamId;

use super::error::WorktreeError;
use super::git::Git;
use super::names;
use super::project::Project;
use super::reader::Reader;
use super::registered::{common_dir, git_dir, mark};

/// The worktree of one workstream, opened to be saved, put back or compared.
#[derive(Clone, Debug)]
pub struct Worktree {
    pub(super) path: PathBuf,
    pub(super) git_dir: PathBuf,
    pub(super) id: WorkstreamId,
}

impl Worktree {
    /// Opens the worktree at `path`, which [`prepare`](super::prepare()) has made or found for this workstream.
    ///
    /// # Errors
    /// `Lost` if it is not there, is not this workstream's worktree any more, or cannot be read; `BadName` for an
    /// impossible id.
    pub fn open(path: &Path, id: &WorkstreamId) -> Result<Self, WorktreeError> {
        let opened = Self::unmarked(path, id)?;
        if mark(&opened.path).as_deref() == Some(id.as_str()) {
            return Ok(opened);
        }
        Err(lost(path, format!("its `.git` is not that of the worktree of {id}")))
    }

    /// Opens a worktree of this repository, marked or not.
    pub(super) fn of(
        project: &Project,
        path: &Path,
        id: &WorkstreamId,
    ) -> Result<Self, WorktreeError> {
        let opened = Self::unmarked(path, id)?;
        let linked = opened.git_dir.join("commondir").exists();
        let common = common_dir(&opened.git_dir).canonicalize();
        if linked && common.is_ok_and(|common| common == project.common_dir()) {
            return Ok(opened);
        }
        Err(lost(path, format!("it is no worktree of {} any more", project.root().display())))
    }

    fn unmarked(path: &Path, id: &WorkstreamId) -> Result<Self, WorktreeError> {
        names::check(id.as_str())?;
        let real = path.canonicalize().map_err(|error| lost(path, error.to_string()))?;
        fs::read_dir(&real).map_err(|error| lost(path, error.to_string()))?;
        let why = "it has no `.git`, or that points to a directory that is gone";
        let git_dir = git_dir(&real).ok_or_else(|| lost(path, why.to_owned()))?;
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
            names: Vec::new(),
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
        Git::new(&self.path, args).not_above()
    }

    /// Says `lost` where the reason of an error is that the worktree has gone in the meantime.
    pub(super) fn or_lost<T>(&self, result: Result<T, WorktreeError>) -> Result<T, WorktreeError> {
        result.map_err(|error| match Self::open(&self.path, &self.id) {
            Err(lost @ WorktreeError::Lost { .. }) => lost,
            _ => error,
        })
    }
}

/// Makes the link from a worktree to its repository again, if somebody has deleted it.
pub(super) fn repair(project: &Project, path: &Path) -> Result<(), WorktreeError> {
    if path.join(".git").exists() {
        return Ok(());
    }
    // Git complains even where it succeeds; whoever opens the worktree sees whether it did.
    project.git(["worktree", "repair"]).arg(path).outcome().map(drop)
}

fn lost(path: &Path, why: String) -> WorktreeError {
    WorktreeError::Lost { path: path.to_owned(), why }
}
