//! A repository of its own for each test.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ostler::core::WorkstreamId;
use ostler::worktree::{PrepareSpec, Prepared, Project, Worktree, WorktreeError, prepare};
use tempfile::TempDir;

/// A repository in a directory that goes away with it.
pub struct Lab {
    _dir: TempDir,
    pub home: PathBuf,
    pub root: PathBuf,
}

/// Runs git as a user would, isolated from the settings of whoever runs the tests.
pub fn command(dir: &Path, args: &[&str]) -> Output {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    for setting in ["user.name=a", "user.email=a@b", "init.defaultBranch=main", "gc.auto=0"] {
        git.arg("-c").arg(setting);
    }
    git.arg("-C").arg(dir).args(args).output().unwrap()
}

/// Runs git, which must succeed, and returns what it wrote.
pub fn git(dir: &Path, args: &[&str]) -> String {
    let output = command(dir, args);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

pub fn write(dir: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap()
}

pub fn id(name: &str) -> WorkstreamId {
    WorkstreamId::from(name)
}

/// What git's own book-keeping of a worktree says; saving must not change it.
pub fn books(worktree: &Path) -> (String, String, String) {
    let head = git(worktree, &["symbolic-ref", "HEAD"]);
    let staged = git(worktree, &["ls-files", "--stage"]);
    let status = git(worktree, &["status", "--porcelain=v2", "--untracked-files=all"]);
    (head + &git(worktree, &["rev-parse", "HEAD"]), staged, status)
}

impl Lab {
    /// An empty directory, and one for a repository in it.
    pub fn bare_ground() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().canonicalize().unwrap();
        let root = home.join("repo");
        fs::create_dir(&root).unwrap();
        Self { _dir: dir, home, root }
    }

    /// A repository with a few files in one commit.
    pub fn new() -> Self {
        Self::with(&["init", "-q"]).unwrap()
    }

    /// The same, made by a certain `git init`; none if this git cannot.
    pub fn with(init: &[&str]) -> Option<Self> {
        let lab = Self::bare_ground();
        if !command(&lab.root, init).status.success() {
            return None;
        }
        write(&lab.root, "README.md", "one\ntwo\nthree\n");
        write(&lab.root, "src/main.rs", "fn main() {}\n");
        write(&lab.root, "src/old.rs", "// a\n// b\n// c\n// d\n// e\n");
        write(&lab.root, ".gitignore", "ignored/\n*.log\n");
        write(&lab.root, "tool.sh", "#!/bin/sh\n");
        fs::set_permissions(lab.root.join("tool.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        symlink("README.md", lab.root.join("link")).unwrap();
        git(&lab.root, &["add", "."]);
        git(&lab.root, &["commit", "-qm", "first"]);
        Some(lab)
    }

    pub fn project(&self) -> Project {
        Project::discover(&self.root).unwrap()
    }

    pub fn try_prepare(&self, name: &str) -> Result<Prepared, WorktreeError> {
        self.try_prepare_in(name, ".worktrees")
    }

    pub fn try_prepare_in(&self, name: &str, dir: &str) -> Result<Prepared, WorktreeError> {
        let copy = [PathBuf::from(".env"), PathBuf::from("absent")];
        let (id, worktrees) = (id(name), PathBuf::from(dir));
        let spec =
            PrepareSpec { id: &id, base: None, worktrees: &worktrees, copy: &copy, leaves: &[] };
        prepare(&self.project(), &spec)
    }

    pub fn prepare(&self, name: &str) -> Prepared {
        self.try_prepare(name).unwrap()
    }

    /// Makes a worktree and opens it.
    pub fn worktree(&self, name: &str) -> Worktree {
        Worktree::open(&self.prepare(name).worktree, &id(name)).unwrap()
    }

    /// Left-over files of ours in a worktree's private git directory.
    pub fn scratch(&self, name: &str) -> Vec<String> {
        let dir = self.root.join(".git/worktrees").join(name);
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| name.into_string().unwrap());
        names.filter(|name| name.contains("scratch") || name.contains(".lock")).collect()
    }
}

/// Everything below a directory but `.git`: kind, permission to execute and content.
pub fn files(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    collect(dir, dir, &mut found);
    found
}

fn collect(top: &Path, dir: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let name = path.strip_prefix(top).unwrap().to_owned();
        if path.ends_with(".git") {
            continue;
        }
        if metadata.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            found.insert(name, format!("link to {}", target.display()));
        } else if metadata.is_dir() {
            collect(top, &path, found);
        } else {
            let run = metadata.permissions().mode() & 0o100 != 0;
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            found.insert(name, format!("{}{text}", if run { "x " } else { "" }));
        }
    }
}
