//! The files of one worktree are brought into another one.

use std::fs;

use ostler::worktree::WorktreeError;

use super::lab::{Lab, files, git, read, write};

#[test]
fn what_another_worktree_shows_is_brought_home_and_nothing_is_lost() {
    let lab = Lab::new();
    let (home, away) = (lab.worktree("ws-1"), lab.worktree("ws-1+away"));
    write(home.path(), "left.txt", "half of it\n");
    write(home.path(), "a.log", "ignored\n");
    let head = git(home.path(), &["rev-parse", "HEAD"]);
    // One commit, one change that nobody committed, one deletion, and a file that is tracked although it is ignored.
    write(away.path(), "src/new.rs", "// new\n");
    write(away.path(), "kept.log", "ignored, but tracked\n");
    git(away.path(), &["add", "--force", "src/new.rs", "kept.log"]);
    git(away.path(), &["commit", "-qm", "of the agent"]);
    write(away.path(), "README.md", "changed\n");
    fs::remove_file(away.path().join("src/old.rs")).unwrap();
    let made = away.checkpoint("result").unwrap();

    let brought = home.bring(&made.tree, "2-brought").unwrap();
    assert_eq!((brought.checkpoint.tree, brought.checkpoint.name), (made.tree, "2-brought".into()));
    let mut expected = files(away.path());
    expected.insert("a.log".into(), "ignored\n".into());
    assert_eq!(files(home.path()), expected);
    assert_eq!(git(home.path(), &["rev-parse", "HEAD"]), head, "nothing is committed for anybody");
    assert_eq!(git(home.path(), &["branch", "--show-current"]), "ostler/ws-1");

    home.restore(&brought.rescue.name).unwrap();
    assert_eq!(read(home.path(), "left.txt"), "half of it\n");
    home.restore("2-brought").unwrap();
    assert_eq!(read(home.path(), "README.md"), "changed\n");
    assert_eq!(lab.scratch("ws-1"), Vec::<String>::new());
}

#[test]
fn what_cannot_be_saved_is_not_overwritten() {
    let lab = Lab::new();
    let (home, away) = (lab.worktree("ws-1"), lab.worktree("ws-1+away"));
    write(away.path(), "vendor/file", "text\n");
    let made = away.checkpoint("result").unwrap();
    fs::create_dir(home.path().join("vendor")).unwrap();
    git(&home.path().join("vendor"), &["init", "-q"]);
    write(home.path(), "vendor/file", "another text\n");
    let refused = home.bring(&made.tree, "2-brought");
    assert!(matches!(refused, Err(WorktreeError::InTheWay { .. })), "{refused:?}");
    assert_eq!(read(home.path(), "vendor/file"), "another text\n");
    home.bring(&"0".repeat(40), "3-brought").unwrap_err();
    assert_eq!(read(home.path(), "vendor/file"), "another text\n");
}
