//! A worktree's files as a tree of git's, made without touching its index, HEAD or files.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::error::WorktreeError;
use super::git::Git;
use super::registered::common_dir;
use super::tree::Worktree;

/// Untracked files above this size are left out, in bytes: core dumps and models are not work.
pub(super) const LARGE: u64 = 100 << 20;
/// What the names of scratch directories begin with.
const SCRATCH: &str = "ostler-scratch-";
/// Scratch directories of processes that were killed are removed at this age.
const STALE: Duration = Duration::from_secs(3600);
/// What git says when the trouble is not with a single file.
const ABOUT_ALL: [&str; 4] = ["fatal: ", "No space left", "quota exceeded", "unable to write"];

/// Where the objects of a snapshot go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Objects {
    /// Into the repository.
    Kept,
    /// Into the scratch directory, to be gone with it.
    Scratch,
}

/// Which untracked files a snapshot takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Untracked {
    /// Those that are not large.
    UpToLarge,
    /// All.
    All,
}

/// A worktree's files as a tree of git's.
pub(super) struct Snapshot<'a> {
    worktree: &'a Worktree,
    scratch: TempDir,
    objects: Objects,
    /// The id of the tree.
    pub tree: String,
    /// What it does not hold, relative to the worktree: large files, unreadable files, repositories of their own.
    pub left_out: Vec<PathBuf>,
}

impl<'a> Snapshot<'a> {
    /// Takes all that is tracked, and all that is untracked and not ignored.
    pub fn take(
        worktree: &'a Worktree,
        untracked: Untracked,
        objects: Objects,
    ) -> Result<Self, WorktreeError> {
        clean(&worktree.git_dir);
        let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(&worktree.git_dir);
        let scratch = scratch.map_err(WorktreeError::io("written to", &worktree.git_dir))?;
        let (tree, left_out) = (String::new(), Vec::new());
        let mut snapshot = Self { worktree, scratch, objects, tree, left_out };
        snapshot.start_objects()?;
        snapshot.start_index()?;
        snapshot.add_all(untracked)?;
        snapshot.write_tree()?;
        Ok(snapshot)
    }

    /// Takes these files as well, although they are ignored or were left out.
    pub fn force(&mut self, paths: &[PathBuf]) -> Result<(), WorktreeError> {
        let mut list = Vec::new();
        for path in paths {
            list.extend_from_slice(path.as_os_str().as_bytes());
            list.push(0);
        }
        let add = ["--literal-pathspecs", "add", "--force", "--pathspec-from-file=-"];
        self.git(add).arg("--pathspec-file-nul").input(list).run()?;
        self.left_out.retain(|left| !paths.contains(left));
        self.write_tree()
    }

    /// Takes the files once more, those that this tree tracks among them although they may be ignored.
    pub fn read_over(&mut self, tree: &str) -> Result<(), WorktreeError> {
        self.git(["read-tree", tree]).run()?;
        self.add_all(Untracked::UpToLarge)?;
        self.write_tree()
    }

    /// Returns the paths that it holds.
    pub fn paths(&self) -> Result<HashSet<PathBuf>, WorktreeError> {
        let output = self.git(["ls-tree", "-r", "-z", "--name-only", &self.tree]).run()?;
        Ok(output.fields().map(path_of).collect())
    }

    /// Prepares a git command that works on the snapshot's own index.
    pub fn git<I>(&self, args: I) -> Git
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let git = self.worktree.git(args).env("GIT_INDEX_FILE", self.index());
        match self.objects {
            Objects::Kept => git,
            Objects::Scratch => {
                git.env("GIT_OBJECT_DIRECTORY", self.scratch.path().join("objects"))
            }
        }
    }

    /// Makes a place for objects that reads through to the repository's.
    fn start_objects(&self) -> Result<(), WorktreeError> {
        if self.objects == Objects::Kept {
            return Ok(());
        }
        let info = self.scratch.path().join("objects").join("info");
        let real = common_dir(&self.worktree.git_dir).join("objects");
        let line = [real.as_os_str().as_bytes(), b"\n"].concat();
        let made =
            fs::create_dir_all(&info).and_then(|()| fs::write(info.join("alternates"), line));
        made.map_err(WorktreeError::io("written", info))
    }

    fn index(&self) -> PathBuf {
        self.scratch.path().join("index")
    }

    /// Starts from a copy of the index: what git knows of unchanged files spares reading them.
    fn start_index(&self) -> Result<(), WorktreeError> {
        let own = self.worktree.git_dir.join("index");
        // With the time of the index: a file that is as old as the index is read again, since it may have been changed in
        // the same second without its size. A newer copy would hide such a change.
        let copied = fs::metadata(&own).and_then(|index| {
            fs::copy(&own, self.index())?;
            File::options().write(true).open(self.index())?.set_modified(index.modified()?)
        });
        match copied {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(WorktreeError::io("copied", own)(error)),
        }
    }

    fn add_all(&mut self, untracked: Untracked) -> Result<(), WorktreeError> {
        let list = ["ls-files", "--others", "--exclude-standard", "-z"];
        let output = match self.git(list).run() {
            Ok(output) => output,
            Err(WorktreeError::Git { stderr, .. }) if stderr.contains("index file") => {
                // The agent was killed while it wrote, or worse; the files are what counts.
                fs::remove_file(self.index())
                    .map_err(WorktreeError::io("removed", self.index()))?;
                self.git(list).run()?
            }
            Err(error) => return Err(error),
        };
        let others = output.fields().map(path_of);
        self.left_out = others.filter(|path| self.leaves_out(path, untracked)).collect();
        let mut pathspecs = b".\0".to_vec();
        for path in &self.left_out {
            pathspecs.extend_from_slice(b":(exclude,literal)");
            pathspecs.extend_from_slice(path.as_os_str().as_bytes());
            pathspecs.push(0);
        }
        let git = self.git(["add", "--all", "--ignore-errors", "--pathspec-from-file=-"]);
        let git = git.arg("--pathspec-file-nul").input(pathspecs);
        let output = git.outcome()?;
        let about_all = ABOUT_ALL.iter().any(|words| output.stderr.contains(words));
        if !output.success() && about_all {
            return Err(git.failed(&output));
        }
        let refused = output.stderr.lines().filter_map(refused).collect::<BTreeSet<_>>();
        self.left_out.extend(refused);
        Ok(())
    }

    fn leaves_out(&self, path: &Path, untracked: Untracked) -> bool {
        // Git does not look into a repository inside of another one, and says so by the slash.
        let repository = path.as_os_str().as_bytes().ends_with(b"/");
        let full = self.worktree.path.join(path);
        let large = || fs::symlink_metadata(full).is_ok_and(|file| file.len() > LARGE);
        repository || (untracked == Untracked::UpToLarge && large())
    }

    fn write_tree(&mut self) -> Result<(), WorktreeError> {
        self.tree = self.git(["write-tree"]).line()?;
        Ok(())
    }
}

/// Returns the path that git wrote as bytes.
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    OsStr::from_bytes(bytes).into()
}

/// Returns the path that a line of git's complaints is about.
fn refused(line: &str) -> Option<PathBuf> {
    let quoted = |start| line.strip_prefix(start)?.split_once('\'').map(|(path, _)| path);
    let special = || line.strip_prefix("error: ")?.split_once(": can only add regular files");
    let path = quoted("error: unable to index file '")
        .or_else(|| quoted("warning: could not open directory '"))
        .or_else(|| special().map(|(path, _)| path))?;
    Some(path.into())
}

fn clean(git_dir: &Path) {
    let Ok(entries) = fs::read_dir(git_dir) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        let age = entry.metadata().and_then(|dir| dir.modified()).map(|at| at.elapsed());
        if ours && matches!(age, Ok(Ok(age)) if age > STALE) {
            // What cannot be removed now is tried again by the next snapshot.
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}
