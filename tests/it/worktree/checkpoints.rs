//! Saving a worktree and putting it back.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ostler::worktree::WorktreeError;

use super::lab::{Lab, books, command, files, git, read, write};

#[test]
fn saving_takes_everything_that_is_not_ignored_and_touches_nothing() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "README.md", "changed\n");
    write(path, "staged.txt", "staged\n");
    git(path, &["add", "staged.txt"]);
    write(path, "staged.txt", "staged and changed\n");
    write(path, "new/deep/file with space.txt", "new\n");
    write(path, "ignored/cache", "no\n");
    fs::remove_file(path.join("src/old.rs")).unwrap();
    let (booked, before) = (books(path), files(path));

    let saved = worktree.checkpoint("1-before").unwrap();

    assert_eq!(books(path), booked);
    assert_eq!(files(path), before);
    assert_eq!(git(&lab.root, &["rev-parse", "refs/ostler/ws-1/1-before"]), saved.commit);
    assert_eq!(git(&lab.root, &["rev-parse", "refs/ostler/ws-1/1-before^{tree}"]), saved.tree);
    assert_eq!(
        git(&lab.root, &["rev-parse", "refs/ostler/ws-1/1-before^1"]),
        git(path, &["rev-parse", "HEAD"])
    );
    let listed = git(&lab.root, &["ls-tree", "-r", "--name-only", &saved.commit]);
    let expected =
        ".gitignore README.md link new/deep/file with space.txt src/main.rs staged.txt tool.sh";
    assert_eq!(listed.replace('\n', " "), expected);
    assert_eq!(
        git(&lab.root, &["show", &format!("{}:staged.txt", saved.commit)]),
        "staged and changed"
    );
    assert_eq!(
        git(&lab.root, &["log", "-1", "--format=%an <%ae>", &saved.commit]),
        "ostler <ostler@localhost>"
    );
    assert_eq!(saved.left_out, Vec::<PathBuf>::new());
    assert_eq!(lab.scratch("ws-1"), Vec::<String>::new());
}

#[test]
fn equal_files_are_equal_trees_and_a_name_can_be_used_again() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let one = worktree.checkpoint("1-before").unwrap();
    let two = worktree.checkpoint("1-after").unwrap();
    assert_eq!(one.tree, two.tree);
    write(worktree.path(), "more.txt", "more\n");
    let three = worktree.checkpoint("1-after").unwrap();
    assert_ne!(two.tree, three.tree);
    let all = worktree.checkpoints().unwrap();
    assert_eq!(all, [("1-after".into(), three.commit), ("1-before".into(), one.commit)]);
}

#[test]
fn restoring_undoes_commits_and_keeps_them_in_a_rescue() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "draft.txt", "untracked from the start\n");
    let base = git(path, &["rev-parse", "HEAD"]);
    let clean = files(path);
    worktree.checkpoint("1-before").unwrap();

    write(path, "src/work.rs", "work\n");
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "work of the agent"]);
    let work = git(path, &["rev-parse", "HEAD"]);
    write(path, "README.md", "half done\n");
    git(path, &["add", "README.md"]);
    write(path, "src/work.rs", "more\n");
    write(path, "x.log", "ignored\n");
    let dirty = files(path);

    let rescue = worktree.restore("1-before").unwrap();

    assert_eq!(rescue.name, "rescue-1");
    let mut expected = clean;
    expected.insert("x.log".into(), "ignored\n".into());
    assert_eq!(files(path), expected);
    assert_eq!(git(path, &["rev-parse", "HEAD"]), base);
    assert_eq!(git(path, &["branch", "--show-current"]), "ostler/ws-1");
    assert_eq!(git(path, &["status", "--porcelain"]), "?? draft.txt");
    assert_eq!(git(&lab.root, &["rev-parse", "refs/ostler/ws-1/rescue-1^1"]), work);

    let second = worktree.restore("rescue-1").unwrap();
    assert_eq!(second.name, "rescue-2");
    assert_eq!(files(path), dirty);
    assert_eq!(git(path, &["rev-parse", "HEAD"]), work);
    assert_eq!(lab.scratch("ws-1"), Vec::<String>::new());
}

#[test]
fn restoring_takes_a_name_a_commit_or_the_base() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let clean = files(worktree.path());
    write(worktree.path(), "a.txt", "a\n");
    let saved = worktree.checkpoint("1-after").unwrap();
    worktree.restore("base").unwrap();
    assert_eq!(files(worktree.path()), clean);
    worktree.restore(&saved.commit).unwrap();
    assert_eq!(read(worktree.path(), "a.txt"), "a\n");
    assert!(matches!(worktree.restore("HEAD"), Err(WorktreeError::NoCheckpoint { .. })));
}

#[test]
fn restoring_brings_the_branch_back_and_loses_neither_branch() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    worktree.checkpoint("1-before").unwrap();
    git(path, &["commit", "-q", "--allow-empty", "-m", "on ours"]);
    let ours = git(path, &["rev-parse", "HEAD"]);
    git(path, &["checkout", "-qb", "feature", "HEAD~1"]);
    git(path, &["commit", "-q", "--allow-empty", "-m", "on another"]);
    let other = git(path, &["rev-parse", "HEAD"]);
    worktree.restore("1-before").unwrap();
    assert_eq!(git(path, &["branch", "--show-current"]), "ostler/ws-1");
    assert_eq!(git(path, &["rev-parse", "HEAD"]), worktree.base().unwrap());
    assert_eq!(
        git(path, &["rev-parse", "refs/ostler/ws-1/rescue-1^1", "refs/ostler/ws-1/rescue-1^2"]),
        format!("{other}\n{ours}")
    );
    assert_eq!(git(path, &["rev-parse", "feature"]), other);
}

#[test]
fn a_merge_or_rebase_under_way_is_saved_and_ended() {
    for way in ["merge", "rebase"] {
        let lab = Lab::new();
        let worktree = lab.worktree("ws-1");
        let path = worktree.path();
        worktree.checkpoint("1-before").unwrap();
        let clean = files(path);
        write(path, "README.md", "ours\n");
        git(path, &["commit", "-qam", "ours"]);
        git(path, &["checkout", "-qb", "theirs", "HEAD~1"]);
        write(path, "README.md", "theirs\n");
        git(path, &["commit", "-qam", "theirs"]);
        git(path, &["checkout", "-q", "ostler/ws-1"]);
        assert!(!command(path, &[way, "theirs"]).status.success());

        let saved = worktree.checkpoint("1-after").unwrap();
        let text = git(path, &["show", &format!("{}:README.md", saved.commit)]);
        assert!(text.contains("<<<<<<<"), "{text}");
        worktree.restore("1-before").unwrap();
        assert_eq!(files(path), clean, "{way}");
        let status = git(path, &["status"]);
        assert!(status.ends_with("nothing to commit, working tree clean"), "{way}: {status}");
        assert!(status.starts_with("On branch ostler/ws-1"), "{way}: {status}");
    }
}

#[test]
fn a_lock_that_a_killed_git_left_is_cleared() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    worktree.checkpoint("1-before").unwrap();
    let lock = lab.root.join(".git/worktrees/ws-1/index.lock");
    let old = SystemTime::now() - Duration::from_secs(60);
    File::create(&lock).unwrap().set_modified(old).unwrap();
    worktree.checkpoint("1-after").unwrap();
    assert!(lock.exists());
    worktree.restore("1-before").unwrap();
    assert!(!lock.exists());
    File::create(&lock).unwrap().set_modified(old).unwrap();
    lab.prepare("ws-1");
    assert!(!lock.exists());
}

#[test]
fn a_broken_index_is_no_obstacle() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    let clean = files(path);
    worktree.checkpoint("1-before").unwrap();
    write(path, "new.txt", "new\n");
    write(&lab.root, ".git/worktrees/ws-1/index", "DIRC but not really");
    let saved = worktree.checkpoint("1-after").unwrap();
    assert!(git(&lab.root, &["ls-tree", "--name-only", &saved.commit]).contains("new.txt"));
    worktree.restore("1-before").unwrap();
    assert_eq!(files(path), clean);
    assert_eq!(git(path, &["status", "--porcelain"]), "");
}

#[test]
fn repositories_inside_are_left_alone() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    worktree.checkpoint("1-before").unwrap();
    for name in ["empty", "with commit"] {
        fs::create_dir(path.join(name)).unwrap();
        git(path, &["init", "-q", name]);
        write(path, &format!("{name}/file"), "work\n");
    }
    git(&path.join("with commit"), &["add", "."]);
    git(&path.join("with commit"), &["commit", "-qm", "one"]);
    write(path, "beside.txt", "beside\n");
    let before = files(path);

    let mut saved = worktree.checkpoint("1-after").unwrap();
    saved.left_out.sort();
    assert_eq!(saved.left_out, [PathBuf::from("empty/"), PathBuf::from("with commit/")]);
    worktree.restore("1-before").unwrap();
    assert_eq!(read(path, "empty/file"), "work\n");
    assert!(!path.join("beside.txt").exists());
    worktree.restore("1-after").unwrap();
    assert_eq!(files(path), before);
}

#[test]
fn a_repository_in_the_place_of_saved_files_is_not_overwritten() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "part/file", "old\n");
    worktree.checkpoint("1-before").unwrap();
    git(path, &["init", "-q", "part"]);
    write(path, "part/file", "new\n");
    write(path, "beside.txt", "beside\n");
    let before = files(path);
    let result = worktree.restore("1-before");
    assert!(matches!(result, Err(WorktreeError::InTheWay { .. })), "{result:?}");
    assert_eq!(files(path), before);
}

#[test]
fn submodules_are_kept_as_they_are_recorded() {
    let lab = Lab::new();
    let part = Lab::new();
    let url = part.root.to_str().unwrap();
    git(
        &lab.root,
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"],
    );
    git(&lab.root, &["commit", "-qm", "with a submodule"]);
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    let saved = worktree.checkpoint("1-before").unwrap();
    let recorded = git(path, &["ls-tree", "HEAD", "sub"]);
    assert_eq!(git(path, &["ls-tree", &saved.commit, "sub"]), recorded);
    assert_eq!(worktree.diff_size(&worktree.base().unwrap()).unwrap().files, 0);

    git(path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"]);
    git(&path.join("sub"), &["commit", "-q", "--allow-empty", "-m", "more"]);
    let moved = worktree.checkpoint("1-after").unwrap();
    assert_ne!(git(path, &["ls-tree", &moved.commit, "sub"]), recorded);
    fs::remove_dir_all(path.join("sub")).unwrap();
    let without = worktree.checkpoint("2-after").unwrap();
    assert_eq!(git(path, &["ls-tree", &without.commit, "sub"]), "");
    worktree.restore("1-before").unwrap();
    assert_eq!(git(path, &["ls-files", "--stage", "sub"]).split('\t').count(), 2);
}

#[test]
fn large_untracked_files_are_left_out_and_left_alone() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    worktree.checkpoint("1-before").unwrap();
    // A hole: it takes no space.
    File::create(path.join("core.dump")).unwrap().set_len(200 << 20).unwrap();
    let saved = worktree.checkpoint("1-after").unwrap();
    assert_eq!(saved.left_out, [PathBuf::from("core.dump")]);
    worktree.restore("1-before").unwrap();
    assert!(path.join("core.dump").exists());
    let size = worktree.diff_size(&worktree.base().unwrap()).unwrap();
    assert_eq!((size.files, size.added), (1, 0));
}

#[test]
fn what_became_ignored_is_rescued_before_it_is_overwritten() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "notes.txt", "old\n");
    write(path, "place/inner.txt", "inner\n");
    write(path, "dir-to-be", "file\n");
    worktree.checkpoint("1-before").unwrap();
    write(path, ".gitignore", "notes.txt\nplace\ndir-to-be\n");
    write(path, "notes.txt", "new\n");
    fs::remove_dir_all(path.join("place")).unwrap();
    symlink("/nowhere", path.join("place")).unwrap();
    fs::remove_file(path.join("dir-to-be")).unwrap();
    write(path, "dir-to-be/one", "1\n");
    worktree.restore("1-before").unwrap();
    assert_eq!(read(path, "notes.txt"), "old\n");
    assert_eq!(read(path, "place/inner.txt"), "inner\n");
    assert_eq!(read(path, "dir-to-be"), "file\n");
    let rescued =
        |name: &str| git(&lab.root, &["show", &format!("refs/ostler/ws-1/rescue-1:{name}")]);
    assert_eq!(rescued("notes.txt"), "new");
    assert_eq!(rescued("place"), "/nowhere");
    assert_eq!(rescued("dir-to-be/one"), "1");
}

#[test]
fn a_fifo_is_not_waited_for() {
    use rustix::fs::{FileType, Mode, mknodat};
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    for name in ["pipe", "README.md"] {
        fs::remove_file(path.join(name)).ok();
        let made = mknodat(rustix::fs::CWD, path.join(name), FileType::Fifo, Mode::RWXU, 0);
        made.unwrap();
    }
    let saved = worktree.checkpoint("1-after").unwrap();
    assert_eq!(saved.left_out, [PathBuf::from("README.md")]);
    worktree.diff_size(&worktree.base().unwrap()).unwrap();
    let result = worktree.restore("base");
    assert!(matches!(result, Err(WorktreeError::InTheWay { .. })), "{result:?}");
}

#[test]
fn scratch_of_killed_processes_is_cleared_when_it_is_old() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let private = lab.root.join(".git/worktrees/ws-1");
    let (old, young) = (private.join("ostler-scratch-old"), private.join("ostler-scratch-young"));
    for dir in [&old, &young] {
        fs::create_dir(dir).unwrap();
        fs::write(dir.join("index"), "").unwrap();
    }
    let hours = SystemTime::now() - Duration::from_secs(7200);
    File::open(&old).unwrap().set_modified(hours).unwrap();
    worktree.checkpoint("1-before").unwrap();
    assert!(!old.exists());
    assert!(young.exists());
}

#[test]
fn a_change_in_the_second_of_the_last_one_is_saved() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    git(path, &["config", "core.trustctime", "false"]);
    let index = PathBuf::from(git(path, &["rev-parse", "--absolute-git-dir"])).join("index");
    let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let date = |file: &Path| File::options().write(true).open(file).unwrap().set_modified(second);
    write(path, "notes.txt", "one\n");
    date(&path.join("notes.txt")).unwrap();
    git(path, &["add", "notes.txt"]);
    date(&index).unwrap();
    write(path, "notes.txt", "two\n");
    date(&path.join("notes.txt")).unwrap();

    let saved = worktree.checkpoint("1-after").unwrap();

    assert_eq!(git(path, &["show", &format!("{}:notes.txt", saved.tree)]), "two");
}
