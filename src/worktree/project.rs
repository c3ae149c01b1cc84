//! The repository that a project is.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryOpenFlags};

use crate::core::WorkstreamId;

use super::error::WorktreeError;
use super::git::Git;
use super::names::{self, nearest};
use super::reader::Reader;
use super::registered::{git_dir, mark, registered};

/// A repository and where its main checkout is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    root: PathBuf,
    common: PathBuf,
}

impl Project {
    /// Finds the repository around `dir`.
    ///
    /// Its root is the main worktree. A repository that is bare but has worktrees has no main one; then it is the
    /// worktree around `dir`. Uncommitted changes are no error (see [`Project::dirty`]), nor is a detached HEAD.
    ///
    /// # Errors
    /// `NotARepository`, `Bare`, `NoCommit`, `InsideWorktree`, `GitMissing`, `Dubious`, and what git says otherwise.
    pub fn discover(dir: &Path) -> Result<Self, WorktreeError> {
        let dir = dir.canonicalize().map_err(WorktreeError::io("entered", dir))?;
        if let Some((worktree, id)) = surrounding(&dir) {
            return Err(WorktreeError::InsideWorktree { dir, worktree, id });
        }
        let place = Place::find(&dir)?;
        let root = if place.linked {
            main_checkout(&dir, &place.common)?.unwrap_or(place.top)
        } else {
            place.top
        };
        let project = Self { root, common: place.common };
        if project.is_empty()? {
            return Err(WorktreeError::NoCommit { root: project.root });
        }
        Ok(project)
    }

    /// Returns the main worktree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the git directory that all worktrees share.
    pub fn common_dir(&self) -> &Path {
        &self.common
    }

    /// Returns how many files of the main worktree differ from its commit, untracked ones included.
    ///
    /// Such changes are not in the worktrees of workstreams, which start from a commit.
    pub fn dirty(&self) -> Result<usize, WorktreeError> {
        self.reader().dirty()
    }

    /// Returns the id of the commit that a base stands for; with none, of what is checked out in the main worktree.
    ///
    /// # Errors
    /// `NoBase` with the nearest name; `NoCommit` if nothing was committed on the branch that is checked out.
    pub fn resolve(&self, base: Option<&str>) -> Result<String, WorktreeError> {
        let reader = self.reader();
        if let Some(commit) = reader.resolve(base.unwrap_or("HEAD"))? {
            return Ok(commit);
        }
        let root = self.root.clone();
        let Some(base) = base else {
            return Err(WorktreeError::NoCommit { root });
        };
        let refs = reader.refs("refs/")?;
        let names = refs.iter().filter_map(|found| {
            let kinds = ["refs/heads/", "refs/remotes/", "refs/tags/"];
            kinds.iter().find_map(|kind| found.name.strip_prefix(kind))
        });
        Err(WorktreeError::NoBase { base: base.to_owned(), root, nearest: nearest(base, names) })
    }

    /// Returns the workstreams that have a worktree in this repository, and where.
    pub fn worktrees(&self) -> Result<Vec<(WorkstreamId, PathBuf)>, WorktreeError> {
        let linked = registered(&self.root, &self.common)?.into_iter().skip(1);
        let ours = linked.filter_map(|entry| {
            let id = entry.workstream()?;
            names::check(&id).ok()?;
            Some((WorkstreamId::from(id), entry.path))
        });
        Ok(ours.collect())
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.root)
    }

    pub(super) fn git<I>(&self, args: I) -> Git
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        Git::new(&self.root, args).not_above()
    }

    fn is_empty(&self) -> Result<bool, WorktreeError> {
        if self.reader().resolve("HEAD")?.is_some() {
            return Ok(false);
        }
        let any = self.git(["rev-list", "--all", "--max-count=1"]).line()?;
        Ok(any.is_empty())
    }
}

/// What git says of a directory.
struct Place {
    top: PathBuf,
    common: PathBuf,
    linked: bool,
}

impl Place {
    fn find(dir: &Path) -> Result<Self, WorktreeError> {
        if !git_is_installed() {
            return Err(WorktreeError::GitMissing);
        }
        Self::by_library(dir).map_or_else(|| Self::by_program(dir), Ok)
    }

    /// Finds the usual checkout without waiting for a program; none for all that needs a second look or an explanation.
    fn by_library(dir: &Path) -> Option<Self> {
        let nowhere = std::iter::empty::<&Path>();
        let repository = Repository::open_ext(dir, RepositoryOpenFlags::empty(), nowhere).ok()?;
        let top = repository.workdir()?.canonicalize().ok()?;
        let common = repository.commondir().canonicalize().ok()?;
        let own = repository.path().canonicalize().ok()?;
        let inside = dir.starts_with(&top) && !dir.starts_with(&own) && !dir.starts_with(&common);
        let linked = own != common;
        inside.then_some(Self { top, common, linked })
    }

    fn by_program(dir: &Path) -> Result<Self, WorktreeError> {
        let git = Git::new(dir, ["rev-parse", "--is-inside-work-tree", "--git-common-dir"]);
        let git = git.arg("--absolute-git-dir");
        let output = git.outcome()?;
        if output.stderr.contains("not a git repository") {
            return Err(WorktreeError::NotARepository { dir: dir.to_owned() });
        }
        if output.stderr.contains("cannot use bare repository") {
            return Err(WorktreeError::Bare { dir: dir.to_owned() });
        }
        if !output.success() {
            return Err(git.failed(&output));
        }
        let lines = output.lines();
        let [inside, common, own] = lines.as_slice() else {
            return Err(git.failed(&output));
        };
        if inside != "true" {
            return Err(WorktreeError::Bare { dir: dir.to_owned() });
        }
        let common = canonical(&dir.join(common))?;
        let linked = canonical(Path::new(own))? != common;
        let top = Git::new(dir, ["rev-parse", "--show-toplevel"]).line()?;
        Ok(Self { top: canonical(Path::new(&top))?, common, linked })
    }
}

/// Whether the `git` program can be found, which is needed later even where it is not asked here.
fn git_is_installed() -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join("git").is_file()))
}

/// Returns the main worktree of the repository around `dir`; none if it is bare.
fn main_checkout(dir: &Path, common: &Path) -> Result<Option<PathBuf>, WorktreeError> {
    let entries = registered(dir, common)?;
    let main = entries.first().filter(|entry| !entry.bare && git_dir(&entry.path).is_some());
    main.map(|entry| canonical(&entry.path)).transpose()
}

/// Returns the worktree of a workstream that `dir` is in, if it is in one.
fn surrounding(dir: &Path) -> Option<(PathBuf, String)> {
    let links = dir
        .ancestors()
        .filter(|above| fs::symlink_metadata(above.join(".git")).is_ok_and(|link| link.is_file()));
    links.into_iter().find_map(|above| Some((above.to_owned(), mark(above)?)))
}

fn canonical(path: &Path) -> Result<PathBuf, WorktreeError> {
    path.canonicalize().map_err(WorktreeError::io("found", path))
}
