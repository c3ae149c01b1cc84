//! Reading a repository: by libgit2, or by the `git` program where libgit2 cannot open it.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Repository, RepositoryOpenFlags, StatusOptions};

use super::error::WorktreeError;
use super::git::Git;

/// A checkout that can be asked things.
pub(super) enum Reader {
    /// Asked in this process.
    Library { repository: Repository, dir: PathBuf },
    /// Asked by running `git` there.
    Program(PathBuf),
}

/// A ref.
pub(super) struct Ref {
    /// Its full name.
    pub name: String,
    /// What it points to.
    pub commit: String,
}

/// Opens the checkout at `dir` with libgit2; none if it cannot.
pub(super) fn library(dir: &Path) -> Option<Repository> {
    let nowhere = std::iter::empty::<&Path>();
    Repository::open_ext(dir, RepositoryOpenFlags::NO_SEARCH, nowhere).ok()
}

impl Reader {
    /// Opens the checkout at `dir`; this cannot fail, only the questions can.
    pub fn open(dir: &Path) -> Self {
        let dir = dir.to_owned();
        match library(&dir) {
            Some(repository) => Self::Library { repository, dir },
            None => Self::Program(dir),
        }
    }

    /// Returns the commit that a name stands for; none if it stands for nothing.
    pub fn resolve(&self, name: &str) -> Result<Option<String>, WorktreeError> {
        self.peeled(name, ObjectType::Commit)
    }

    /// Returns the id of the tree that a name stands for; none if it stands for none.
    pub fn tree(&self, name: &str) -> Result<Option<String>, WorktreeError> {
        self.peeled(name, ObjectType::Tree)
    }

    fn peeled(&self, name: &str, to: ObjectType) -> Result<Option<String>, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                let object = repository.revparse_single(name).and_then(|object| object.peel(to));
                match object {
                    Ok(object) => Ok(Some(object.id().to_string())),
                    Err(error) if says_no(&error) => Ok(None),
                    Err(source) => Err(WorktreeError::Library { dir: dir.clone(), source }),
                }
            }
            Self::Program(dir) => {
                let git = ask(dir, &["rev-parse", "--verify", "--quiet", "--end-of-options"]);
                git.arg(format!("{name}^{{{to}}}")).answer()
            }
        }
    }

    /// Returns the full name of the branch that is checked out; none if none is.
    pub fn branch(&self) -> Result<Option<String>, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                let head = repository.find_reference("HEAD");
                let head = head.map_err(|source| library_error(dir, source))?;
                Ok(head.symbolic_target().ok().flatten().map(str::to_owned))
            }
            Self::Program(dir) => ask(dir, &["symbolic-ref", "--quiet", "HEAD"]).answer(),
        }
    }

    /// Returns all refs whose names begin with `prefix`, which ends with `/`.
    pub fn refs(&self, prefix: &str) -> Result<Vec<Ref>, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                let found = repository.references_glob(&format!("{prefix}*"));
                let found = found.map_err(|source| library_error(dir, source))?;
                let refs = found.flatten().filter_map(|reference| {
                    let name = reference.name().ok()?.to_owned();
                    let commit = reference.peel_to_commit().ok()?.id().to_string();
                    Some(Ref { name, commit })
                });
                Ok(refs.collect())
            }
            Self::Program(dir) => {
                let format = "--format=%(refname) %(objectname) %(*objectname)";
                let output = ask(dir, &["for-each-ref", format, prefix]).run()?;
                let refs = output.lines().into_iter().filter_map(|line| {
                    let mut words = line.split_whitespace();
                    let name = words.next()?.to_owned();
                    // A tag with a message has an object of its own and, after it, what it points to.
                    let commit = words.next_back()?.to_owned();
                    Some(Ref { name, commit })
                });
                Ok(refs.collect())
            }
        }
    }

    /// Returns the best common ancestor of two commits.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                let id = |text: &str| repository.revparse_single(text).map(|object| object.id());
                let base = id(one).and_then(|one| repository.merge_base(one, id(other)?));
                match base {
                    Ok(base) => Ok(Some(base.to_string())),
                    Err(error) if says_no(&error) => Ok(None),
                    Err(source) => Err(library_error(dir, source)),
                }
            }
            Self::Program(dir) => ask(dir, &["merge-base", one, other]).answer(),
        }
    }

    /// Returns how many files differ from what is checked out; untracked ones count, ignored ones do not.
    pub fn dirty(&self) -> Result<usize, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                let mut options = StatusOptions::new();
                options
                    .include_untracked(true)
                    .include_ignored(false)
                    .recurse_untracked_dirs(false);
                let statuses = repository.statuses(Some(&mut options));
                Ok(statuses.map_err(|source| library_error(dir, source))?.len())
            }
            Self::Program(dir) => {
                let git = ask(dir, &["status", "--porcelain", "--untracked-files=normal"]);
                Ok(git.arg("--no-renames").run()?.lines().len())
            }
        }
    }

    /// Whether git ignores a path below the checkout.
    pub fn ignores(&self, path: &Path) -> Result<bool, WorktreeError> {
        match self {
            Self::Library { repository, dir } => {
                repository.is_path_ignored(path).map_err(|source| library_error(dir, source))
            }
            Self::Program(dir) => {
                let git = ask(dir, &["check-ignore", "--quiet", "--"]).arg(path);
                Ok(git.answer()?.is_some())
            }
        }
    }
}

fn ask(dir: &Path, args: &[&str]) -> Git {
    Git::new(dir, args).not_above()
}

fn library_error(dir: &Path, source: git2::Error) -> WorktreeError {
    WorktreeError::Library { dir: dir.to_owned(), source }
}

/// Whether an error means that a name stands for nothing, rather than that it could not be looked up.
fn says_no(error: &git2::Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::NotFound
            | ErrorCode::InvalidSpec
            | ErrorCode::Ambiguous
            | ErrorCode::Peel
            | ErrorCode::UnbornBranch
    )
}
