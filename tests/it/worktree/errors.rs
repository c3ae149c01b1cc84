//! Every error, from a real situation where one can be made, in the words that people read.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ostler::worktree::{
    BranchFate, PrepareSpec, Project, Worktree, WorktreeError, prepare, remove,
};

use super::lab::{Lab, git, id, write};

/// The messages so far, one a line.
struct Told(String);

impl Told {
    fn add<T: std::fmt::Debug>(&mut self, lab: &Lab, case: &str, result: Result<T, WorktreeError>) {
        let text = result.unwrap_err().to_string();
        let text = text.replace(lab.home.to_str().unwrap(), "[home]");
        writeln!(self.0, "{case}:\n  {text}").unwrap();
    }
}

#[test]
fn of_finding_the_repository() {
    let mut told = Told(String::new());
    let lab = Lab::bare_ground();
    told.add(&lab, "no repository", Project::discover(&lab.root));
    told.add(&lab, "no directory", Project::discover(&lab.home.join("absent")));
    git(&lab.home, &["init", "-q", "repo"]);
    told.add(&lab, "no commit", Project::discover(&lab.root));
    git(&lab.home, &["init", "-q", "--bare", "store.git"]);
    told.add(&lab, "bare", Project::discover(&lab.home.join("store.git")));

    let lab = Lab::new();
    told.add(&lab, "inside of .git", Project::discover(&lab.root.join(".git/refs")));
    let worktree = lab.prepare("ws-1").worktree;
    told.add(&lab, "in a worktree of ours", Project::discover(&worktree.join("src")));
    git(&worktree, &["init", "-q", "nested"]);
    told.add(&lab, "in a repository in it", Project::discover(&worktree.join("nested")));
    insta::assert_snapshot!(told.0);
}

#[test]
fn of_a_repository_of_another_user() {
    let lab = Lab::new();
    let stranger = |path: &Path| chown(path, Some(12_345), Some(12_345)).is_ok();
    let trusted = !git_config(&lab).is_empty();
    if trusted || !stranger(&lab.root.join(".git")) || !stranger(&lab.root) {
        // Only root can give files away, and only where not everything is trusted.
        return;
    }
    let mut told = Told(String::new());
    told.add(&lab, "another user's", Project::discover(&lab.root));
    insta::assert_snapshot!(told.0);
}

fn git_config(lab: &Lab) -> Vec<u8> {
    let mut git = Command::new("git");
    git.arg("-C").arg(&lab.home).args(["config", "--get-all", "safe.directory"]);
    git.output().unwrap().stdout
}

#[test]
fn of_a_missing_program() {
    let lab = Lab::new();
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "worktree::errors::child_without_git", "--ignored"]);
    child.env("PATH", &lab.home).env("OSTLER_TEST_REPOSITORY", &lab.root);
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
#[ignore = "run as a process of its own by another test"]
fn child_without_git() {
    let root = PathBuf::from(env::var_os("OSTLER_TEST_REPOSITORY").unwrap());
    let error = Project::discover(&root).unwrap_err();
    assert!(matches!(error, WorktreeError::GitMissing), "{error}");
}

#[test]
fn of_preparing() {
    let mut told = Told(String::new());
    let lab = Lab::new();
    git(&lab.root, &["branch", "develop"]);
    let with = |name: &str, base: Option<&str>, copy: &str| {
        let (id, copy) = (id(name), [PathBuf::from(copy)]);
        let spec =
            PrepareSpec { id: &id, base, worktrees: Path::new("trees"), copy: &copy, leaves: &[] };
        prepare(&lab.project(), &spec)
    };
    told.add(&lab, "base with a slip", with("ws-1", Some("devlop"), "x"));
    told.add(&lab, "base that is like nothing", with("ws-1", Some("0123abc"), "x"));
    told.add(&lab, "bad name", with("../up", None, "x"));
    told.add(&lab, "copy from elsewhere", with("ws-1", None, "../secret"));

    write(&lab.root, "trees/ws-2/notes.txt", "mine");
    told.add(&lab, "occupied by files", with("ws-2", None, "x"));
    write(&lab.root, "trees/ws-3", "mine");
    told.add(&lab, "occupied by a file", with("ws-3", None, "x"));
    git(&lab.root, &["init", "-q", "trees/ws-4"]);
    told.add(&lab, "occupied by a repository", with("ws-4", None, "x"));
    git(&lab.root, &["worktree", "add", "-q", "-b", "mine", "trees/ws-5"]);
    told.add(&lab, "occupied by another worktree", with("ws-5", None, "x"));
    assert_eq!(super::lab::read(&lab.root, "trees/ws-2/notes.txt"), "mine");

    git(&lab.root, &["worktree", "add", "-q", "-b", "ostler/ws-6", "../six"]);
    told.add(&lab, "branch elsewhere", with("ws-6", None, "x"));
    told.add(&lab, "in .git", lab.try_prepare_in("ws-7", ".git/trees"));
    told.add(&lab, "in the root", lab.try_prepare_in("ws-7", "."));

    let lab = Lab::new();
    git(&lab.root, &["branch", "ostler"]);
    told.add(&lab, "branch in the way", lab.try_prepare("ws-1"));
    insta::assert_snapshot!(told.0);
}

#[test]
fn of_worktrees_and_checkpoints() {
    let mut told = Told(String::new());
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    worktree.checkpoint("1-before").unwrap();
    told.add(&lab, "no such checkpoint", worktree.restore("1-befor"));
    told.add(&lab, "nothing like it", worktree.restore("x"));
    told.add(&lab, "bad checkpoint name", worktree.checkpoint("a/b"));
    told.add(&lab, "reserved name", worktree.checkpoint("base"));
    told.add(&lab, "git says no", worktree.diff_size("0000000000000000000000000000000000000001"));

    fs::remove_dir_all(worktree.path()).unwrap();
    told.add(&lab, "gone, open", Worktree::open(worktree.path(), &id("ws-1")));
    told.add(&lab, "gone, checkpoint", worktree.checkpoint("1-after"));
    told.add(&lab, "gone, diff", worktree.diff_size("HEAD"));
    fs::create_dir(worktree.path()).unwrap();
    told.add(&lab, "empty", worktree.checkpoint("1-after"));
    insta::assert_snapshot!(told.0);
}

#[test]
fn of_removing() {
    let mut told = Told(String::new());
    let lab = Lab::new();
    let project = lab.project();
    let worktree = lab.worktree("ws-1");
    let mut sleep = Command::new("sleep");
    let mut process = sleep.arg("600").current_dir(worktree.path().join("src")).spawn().unwrap();
    let pid = process.id().to_string();
    let in_use = remove(&project, &id("ws-1"), BranchFate::Keep);
    process.kill().unwrap();
    process.wait().unwrap();
    told.add(&lab, "in use", in_use);
    let text = told.0.replace(&pid, "[pid]");

    let mut told = Told(text);
    git(worktree.path(), &["init", "-q", "nested"]);
    told.add(&lab, "a repository in it", remove(&project, &id("ws-1"), BranchFate::Keep));
    git(&lab.root, &["checkout", "-qb", "ostler/ws-2"]);
    told.add(&lab, "main checkout", remove(&project, &id("ws-2"), BranchFate::Delete));
    git(&lab.root, &["worktree", "add", "-q", "-b", "ostler/ws-3", "../three"]);
    told.add(&lab, "not ours", remove(&project, &id("ws-3"), BranchFate::Delete));
    assert!(lab.home.join("three/README.md").exists());
    insta::assert_snapshot!(told.0);
}

#[test]
fn of_rare_occasions() {
    let path = || PathBuf::from("/repo/.git");
    let errors = [
        WorktreeError::GitMissing,
        WorktreeError::Busy { path: path(), waited: Duration::from_secs(240) },
        WorktreeError::TimedOut {
            command: "status".into(),
            dir: path(),
            limit: Duration::from_secs(120),
        },
        WorktreeError::Library { dir: path(), source: git2::Error::from_str("bad object") },
        WorktreeError::Io {
            path: path(),
            doing: "read",
            source: io::Error::from(io::ErrorKind::PermissionDenied),
        },
        WorktreeError::InUse { path: path(), pids: vec![3, 17] },
        WorktreeError::InTheWay { path: path(), target: "1-before".into() },
        WorktreeError::NotBrought { path: path(), rescue: "rescue-1".into() },
    ];
    insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"));
}
