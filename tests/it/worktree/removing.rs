//! Removing worktrees.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use ostler::worktree::{BranchFate, How, remove};

use super::lab::{Lab, command, git, id, read, write};

#[test]
fn everything_is_rescued_before_a_worktree_goes() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "work.txt", "work\n");
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "work"]);
    write(path, "draft.txt", "draft\n");
    File::create(path.join("large")).unwrap().set_len(101 << 20).unwrap();

    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Keep).unwrap();

    assert_eq!(removed.path, Some(path.to_owned()));
    let rescue = removed.rescue.unwrap();
    assert_eq!((rescue.name.as_str(), rescue.left_out.len()), ("rescue-1", 0));
    assert!(!path.exists());
    let saved = |name: &str| git(&lab.root, &["show", &format!("{}:{name}", rescue.commit)]);
    assert_eq!(saved("draft.txt"), "draft");
    assert_eq!(
        git(&lab.root, &["cat-file", "-s", &format!("{}:large", rescue.commit)]),
        "105906176"
    );
    assert_eq!(git(&lab.root, &["show", "ostler/ws-1:work.txt"]), "work");
    assert!(!git(&lab.root, &["worktree", "list"]).contains("ws-1"));

    let again = lab.prepare("ws-1");
    assert_eq!(again.how, How::Made);
    assert_eq!(read(&again.worktree, "work.txt"), "work\n");
}

#[test]
fn a_deleted_branch_is_reachable_from_the_rescue() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    git(&path, &["commit", "-q", "--allow-empty", "-m", "on ours"]);
    let ours = git(&path, &["rev-parse", "HEAD"]);
    git(&path, &["checkout", "-qb", "feature", "HEAD~1"]);
    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Delete).unwrap();
    let branch = command(&lab.root, &["rev-parse", "--verify", "-q", "refs/heads/ostler/ws-1"]);
    assert!(!branch.status.success());
    let rescue = removed.rescue.unwrap().commit;
    git(&lab.root, &["merge-base", "--is-ancestor", &ours, &rescue]);
    git(&lab.root, &["rev-parse", "feature"]);
}

#[test]
fn removing_what_is_not_there_is_no_error() {
    let lab = Lab::new();
    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Delete).unwrap();
    assert_eq!((removed.path, removed.rescue), (None::<PathBuf>, None));

    let path = lab.prepare("ws-1").worktree;
    fs::remove_dir_all(&path).unwrap();
    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Keep).unwrap();
    assert_eq!((removed.path, removed.rescue), (Some(path), None));
    assert_eq!(lab.project().worktrees().unwrap(), []);
}

#[test]
fn a_worktree_whose_link_was_deleted_is_rescued_too() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    write(&path, "work.txt", "work\n");
    fs::remove_file(path.join(".git")).unwrap();
    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Keep).unwrap();
    let rescue = removed.rescue.unwrap().commit;
    assert_eq!(git(&lab.root, &["show", &format!("{rescue}:work.txt")]), "work");
    assert!(!path.exists());
}

#[test]
fn only_the_named_worktree_goes() {
    let lab = Lab::new();
    for name in ["ws-1", "ws-10"] {
        lab.prepare(name);
    }
    git(&lab.root, &["worktree", "add", "-q", "-b", "mine", "../mine"]);
    remove(&lab.project(), &id("ws-1"), BranchFate::Delete).unwrap();
    let left = lab.project().worktrees().unwrap();
    assert_eq!(left, [(id("ws-10"), lab.root.join(".worktrees/ws-10"))]);
    assert!(lab.home.join("mine/README.md").exists());
}

#[test]
fn who_is_about_to_leave_is_waited_for() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    // As what git leaves behind after a commit, only slower.
    let mut leaving = Command::new("sleep").arg("1").current_dir(&path).spawn().unwrap();
    let removed = remove(&lab.project(), &id("ws-1"), BranchFate::Keep);
    assert_eq!(removed.unwrap().path, Some(path));
    assert!(leaving.wait().unwrap().success());
}
