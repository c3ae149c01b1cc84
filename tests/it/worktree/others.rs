//! Repositories that libgit2 cannot open: git is asked instead.

use std::fs;

use ostler::core::verdict::DiffSize;
use ostler::worktree::{BranchFate, Project, WorktreeError, remove};

use super::lab::{Lab, files, git, id, write};

#[test]
fn a_sha_256_repository_works() {
    works(&["init", "-q", "--object-format=sha256"]);
}

#[test]
fn a_reftable_repository_works() {
    works(&["init", "-q", "--ref-format=reftable"]);
}

fn works(init: &[&str]) {
    // A git that is too old for this has nothing to show here.
    let Some(lab) = Lab::with(init) else { return };
    assert!(git2::Repository::open(&lab.root).is_err(), "libgit2 has learned it");
    git(&lab.root, &["tag", "-a", "-m", "tag", "v1.0"]);
    write(&lab.root, "dirt", "");
    let project = lab.project();
    assert_eq!(project.dirty().unwrap(), 1);
    assert_eq!(project.resolve(Some("v1.0")).unwrap(), project.resolve(None).unwrap());
    let error = project.resolve(Some("v1.1")).unwrap_err();
    assert!(
        matches!(&error, WorktreeError::NoBase { nearest, .. } if nearest.as_deref() == Some("v1.0"))
    );

    let worktree = lab.worktree("ws-1");
    let (path, base) = (worktree.path(), worktree.base().unwrap());
    lab.prepare("ws-1");
    assert_eq!(git(&lab.root, &["status", "--porcelain"]), "?? dirt");
    let clean = files(path);
    worktree.checkpoint("1-before").unwrap();
    write(path, "src/new.rs", "a\nb\n");
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "work"]);
    fs::remove_file(path.join("README.md")).unwrap();
    let size = DiffSize { files: 2, added: 2, removed: 3 };
    assert_eq!(worktree.diff_size(&base).unwrap(), size);
    assert!(worktree.diff_text(&base, 10_000).unwrap().contains("+++ b/src/new.rs"));
    let head = worktree.head().unwrap().unwrap();
    assert_eq!(worktree.commits(&base, &head, 9).unwrap()[0].subject, "work");
    assert_eq!(worktree.parent(&head).unwrap(), Some(base.clone()));
    let text = |commit: &str, path: &str| worktree.text_of(Some(commit), path.as_ref(), 100);
    assert_eq!(text(&head, "src/new.rs").as_deref(), Some("a\nb\n"));
    assert_eq!(
        (text(&base, "src/new.rs"), worktree.text_of(Some(&head), "src/new.rs".as_ref(), 3)),
        (None, None)
    );

    worktree.restore("1-before").unwrap();
    assert_eq!(files(path), clean);
    assert_eq!(worktree.checkpoints().unwrap().len(), 2);
    assert!(matches!(Project::discover(path), Err(WorktreeError::InsideWorktree { .. })));
    assert!(remove(&project, &id("ws-1"), BranchFate::Delete).unwrap().rescue.is_some());
}
