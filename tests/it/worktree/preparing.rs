//! Making worktrees and finding them again.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use ostler::worktree::{How, PrepareSpec, Project, Worktree, WorktreeError, prepare};

use super::lab::{Lab, git, id, read, write};

#[test]
fn a_worktree_starts_from_the_base_commit_on_its_own_branch() {
    let lab = Lab::new();
    let first = git(&lab.root, &["rev-parse", "HEAD"]);
    git(&lab.root, &["branch", "start"]);
    write(&lab.root, "later.txt", "later\n");
    git(&lab.root, &["add", "."]);
    git(&lab.root, &["commit", "-qm", "second"]);

    let (id, worktrees) = (id("ws-1"), PathBuf::from(".worktrees"));
    let spec =
        PrepareSpec { id: &id, base: Some("start"), worktrees: &worktrees, copy: &[], leaves: &[] };
    let prepared = prepare(&lab.project(), &spec).unwrap();

    assert_eq!(prepared.how, How::Made);
    assert_eq!(prepared.worktree, lab.root.join(".worktrees/ws-1"));
    assert_eq!(prepared.branch, "ostler/ws-1");
    assert_eq!(prepared.base, first);
    assert!(!prepared.strayed);
    assert!(!prepared.worktree.join("later.txt").exists());
    assert_eq!(git(&prepared.worktree, &["branch", "--show-current"]), "ostler/ws-1");
    assert_eq!(git(&lab.root, &["rev-parse", "refs/ostler/ws-1/base"]), first);
    let list = git(&lab.root, &["worktree", "list", "--porcelain"]);
    assert!(list.contains("locked ostler"), "{list}");
}

#[test]
fn preparing_twice_adopts_and_the_status_of_the_repository_stays_clean() {
    let lab = Lab::new();
    assert_eq!(lab.prepare("ws-1").how, How::Made);
    write(&lab.root.join(".worktrees/ws-1"), "work.txt", "work\n");
    let again = lab.prepare("ws-1");
    assert_eq!(again.how, How::Adopted);
    assert_eq!(read(&again.worktree, "work.txt"), "work\n");
    lab.prepare("ws-2");
    assert_eq!(git(&lab.root, &["status", "--porcelain"]), "");
    let exclude = read(&lab.root, ".git/info/exclude");
    assert_eq!(exclude.matches("/.worktrees/").count(), 1, "{exclude}");
}

#[test]
fn what_tools_leave_behind_is_no_change_and_is_not_saved() {
    let lab = Lab::new();
    write(&lab.root, ".tool.conf", "tracked\n");
    git(&lab.root, &["add", "."]);
    git(&lab.root, &["commit", "-qm", "a setting"]);
    let (id, worktrees) = (id("ws-1"), PathBuf::from(".worktrees"));
    let leaves = [".tool.cache.v*/".to_owned(), ".tool.conf".to_owned()];
    let spec =
        PrepareSpec { id: &id, base: None, worktrees: &worktrees, copy: &[], leaves: &leaves };
    let prepared = prepare(&lab.project(), &spec).unwrap();
    prepare(&lab.project(), &spec).unwrap();
    let exclude = read(&lab.root, ".git/info/exclude");
    assert_eq!(exclude.matches("/.worktrees/\n").count(), 1, "{exclude}");
    assert_eq!(exclude.matches(".tool.cache.v*/\n").count(), 1, "{exclude}");
    let worktree = Worktree::open(&prepared.worktree, &id).unwrap();
    fs::create_dir(prepared.worktree.join(".tool.cache.v4")).unwrap();
    write(&prepared.worktree, ".tool.cache.v4/cache.db", "tags\n");
    assert_eq!(worktree.changed_files(&prepared.base).unwrap(), []);
    worktree.checkpoint("1-after").unwrap();
    let saved = git(&lab.root, &["ls-tree", "-r", "--name-only", "refs/ostler/ws-1/1-after"]);
    assert!(!saved.contains("cache.db"), "{saved}");
    // What is tracked is work, whatever it is called.
    write(&prepared.worktree, ".tool.conf", "changed\n");
    assert_eq!(worktree.changed_files(&prepared.base).unwrap().len(), 1);
}

#[test]
fn worktrees_outside_of_the_repository_need_no_exclusion() {
    let lab = Lab::new();
    let outside = lab.home.join("trees with space");
    let prepared = lab.try_prepare_in("ws-1", outside.to_str().unwrap()).unwrap();
    assert_eq!(prepared.worktree, outside.join("ws-1"));
    assert!(!read(&lab.root, ".git/info/exclude").contains("trees"));
}

#[test]
fn an_odd_directory_is_excluded_literally() {
    let lab = Lab::new();
    lab.try_prepare_in("ws-1", "work [of] agents*").unwrap();
    assert_eq!(git(&lab.root, &["status", "--porcelain"]), "");
    write(&lab.root, "work o agents/file", "");
    assert_ne!(git(&lab.root, &["status", "--porcelain"]), "");
}

#[test]
fn listed_files_are_copied_if_they_are_absent() {
    let lab = Lab::new();
    write(&lab.root, ".env", "KEY=1\n");
    let prepared = lab.prepare("ws-1");
    assert_eq!(read(&prepared.worktree, ".env"), "KEY=1\n");
    assert_eq!(prepared.missing, [PathBuf::from("absent")]);

    write(&prepared.worktree, ".env", "KEY=2\n");
    lab.prepare("ws-1");
    assert_eq!(read(&prepared.worktree, ".env"), "KEY=2\n");
}

#[test]
fn nothing_is_copied_out_of_the_worktree() {
    let lab = Lab::new();
    let outside = lab.home.join("outside");
    fs::create_dir(&outside).unwrap();
    symlink(&outside, lab.root.join("way-out")).unwrap();
    git(&lab.root, &["add", "way-out"]);
    git(&lab.root, &["commit", "-qm", "a way out"]);
    write(&outside, "secret", "s");
    let (id, worktrees) = (id("ws-1"), PathBuf::from(".worktrees"));
    for path in ["../repo/README.md", "/etc/hosts", ".git/config", "way-out/new"] {
        write(&outside, "new", "n");
        let copy = [PathBuf::from(path)];
        let spec =
            PrepareSpec { id: &id, base: None, worktrees: &worktrees, copy: &copy, leaves: &[] };
        let result = prepare(&lab.project(), &spec);
        // What the link leads to is there already, so there is nothing to copy.
        let nothing = path == "way-out/new" && result.is_ok();
        assert!(nothing || matches!(result, Err(WorktreeError::BadCopy { .. })), "{path}");
    }
    let copy = [PathBuf::from("way-out/deep")];
    fs::create_dir(lab.root.join("inside")).unwrap();
    fs::remove_file(lab.root.join("way-out")).unwrap();
    write(&lab.root, "way-out/deep", "d");
    let spec = PrepareSpec { id: &id, base: None, worktrees: &worktrees, copy: &copy, leaves: &[] };
    let result = prepare(&lab.project(), &spec);
    assert!(matches!(result, Err(WorktreeError::BadCopy { .. })));
    assert!(!outside.join("deep").exists());
}

#[test]
fn a_deleted_worktree_is_made_again_with_its_commits() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    write(&path, "work.txt", "work\n");
    git(&path, &["add", "."]);
    git(&path, &["commit", "-qm", "work"]);
    let base = git(&lab.root, &["rev-parse", "HEAD"]);
    fs::remove_dir_all(&path).unwrap();

    let again = lab.prepare("ws-1");
    assert_eq!(again.how, How::Remade);
    assert_eq!(again.base, base);
    assert_eq!(read(&path, "work.txt"), "work\n");
}

#[test]
fn a_deleted_worktree_does_not_hold_its_branch_elsewhere() {
    let lab = Lab::new();
    let old = lab.prepare("ws-1").worktree;
    fs::remove_dir_all(old).unwrap();
    let again = lab.try_prepare_in("ws-1", "elsewhere").unwrap();
    assert_eq!(again.how, How::Remade);
    assert_eq!(git(&again.worktree, &["branch", "--show-current"]), "ostler/ws-1");
}

#[test]
fn stale_worktrees_of_others_are_not_forgotten() {
    let lab = Lab::new();
    git(&lab.root, &["worktree", "add", "-q", "-b", "mine", "../unmounted"]);
    fs::remove_dir_all(lab.home.join("unmounted")).unwrap();
    fs::remove_dir_all(lab.prepare("ws-1").worktree).unwrap();
    lab.prepare("ws-1");
    assert!(git(&lab.root, &["worktree", "list"]).contains("unmounted"));
}

#[test]
fn a_half_made_worktree_is_made_anew() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    // As git leaves it when it is killed while it checks out.
    fs::write(lab.root.join(".git/worktrees/ws-1/locked"), "initializing").unwrap();
    fs::remove_file(path.join("README.md")).unwrap();
    fs::remove_file(lab.root.join(".git/worktrees/ws-1/index")).unwrap();
    assert_eq!(lab.prepare("ws-1").how, How::Made);
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
}

#[test]
fn a_worktree_that_git_has_only_begun_is_made_anew() {
    for head in [None, Some("0000000000000000000000000000000000000000\n")] {
        let lab = Lab::new();
        git(&lab.root, &["branch", "ostler/ws-1"]);
        let path = lab.root.join(".worktrees/ws-1");
        git(&lab.root, &["worktree", "add", "-q", "--detach", path.to_str().unwrap()]);
        // As git leaves it when it is killed before it has noted the branch, and before it has noted anything.
        let git_dir = lab.root.join(".git/worktrees/ws-1");
        fs::write(git_dir.join("locked"), "initializing").unwrap();
        fs::remove_file(git_dir.join("index")).unwrap();
        fs::remove_file(git_dir.join("HEAD")).unwrap();
        if let Some(head) = head {
            fs::write(git_dir.join("HEAD"), head).unwrap();
        }
        assert_eq!(lab.prepare("ws-1").how, How::Made, "HEAD {head:?}");
        assert_eq!(git(&path, &["status", "--porcelain", "--branch"]), "## ostler/ws-1");
    }
}

#[test]
fn a_worktree_that_is_being_made_for_another_branch_is_left_alone() {
    let lab = Lab::new();
    let path = lab.root.join(".worktrees/ws-1");
    git(&lab.root, &["worktree", "add", "-q", "-b", "mine", path.to_str().unwrap()]);
    fs::write(lab.root.join(".git/worktrees/ws-1/locked"), "initializing").unwrap();
    let refused = lab.try_prepare("ws-1").unwrap_err();
    assert!(matches!(refused, WorktreeError::Occupied { .. }), "{refused}");
    assert!(path.join("README.md").exists());
}

#[test]
fn a_mark_that_was_only_begun_is_written_again() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    let mark = lab.root.join(".git/worktrees/ws-1/ostler");
    assert_eq!(fs::read_to_string(&mark).unwrap(), "ws-1");
    // As it is left by a supervisor that is killed between opening and writing it.
    fs::write(&mark, "").unwrap();
    assert_eq!(lab.prepare("ws-1").how, How::Adopted);
    assert_eq!(fs::read_to_string(&mark).unwrap(), "ws-1");
    assert!(path.join("README.md").exists());
}

#[test]
fn an_emptied_worktree_is_made_again() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    fs::remove_dir_all(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(lab.prepare("ws-1").how, How::Remade);
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
}

#[test]
fn commits_on_no_branch_survive_the_worktree() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    git(&path, &["checkout", "-q", "--detach"]);
    git(&path, &["commit", "-q", "--allow-empty", "-m", "on no branch"]);
    let lost = git(&path, &["rev-parse", "HEAD"]);
    fs::remove_dir_all(&path).unwrap();
    let again = lab.prepare("ws-1");
    assert_eq!((again.how, again.strayed), (How::Remade, false));
    assert_eq!(git(&path, &["rev-parse", "refs/ostler/ws-1/rescue-1^1"]), lost);
}

#[test]
fn relative_links_work() {
    let lab = Lab::new();
    git(&lab.root, &["config", "worktree.useRelativePaths", "true"]);
    let path = lab.prepare("ws-1").worktree;
    git(&path, &["checkout", "-q", "--detach"]);
    assert_eq!(lab.prepare("ws-1").how, How::Adopted);
}

#[test]
fn a_worktree_whose_link_was_deleted_is_repaired() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    write(&path, "work.txt", "work\n");
    fs::remove_file(path.join(".git")).unwrap();
    assert_eq!(lab.prepare("ws-1").how, How::Adopted);
    assert_eq!(git(&path, &["status", "--porcelain"]), "?? work.txt");
}

#[test]
fn an_agent_that_left_the_branch_does_not_lose_the_worktree() {
    let lab = Lab::new();
    let path = lab.prepare("ws-1").worktree;
    git(&path, &["checkout", "-qb", "feature"]);
    let again = lab.prepare("ws-1");
    assert_eq!((again.how, again.strayed), (How::Adopted, true));
    git(&path, &["checkout", "-q", "--detach"]);
    assert!(lab.prepare("ws-1").strayed);
}

#[test]
fn a_branch_that_is_there_already_is_taken() {
    let lab = Lab::new();
    let base = git(&lab.root, &["rev-parse", "HEAD"]);
    git(&lab.root, &["checkout", "-qb", "ostler/ws-1"]);
    write(&lab.root, "begun.txt", "begun\n");
    git(&lab.root, &["add", "."]);
    git(&lab.root, &["commit", "-qm", "begun"]);
    git(&lab.root, &["checkout", "-q", "main"]);
    let prepared = lab.prepare("ws-1");
    assert_eq!(read(&prepared.worktree, "begun.txt"), "begun\n");
    assert_eq!(prepared.base, base);
}

#[test]
fn a_detached_head_and_a_dirty_checkout_are_no_errors() {
    let lab = Lab::new();
    git(&lab.root, &["checkout", "-q", "--detach"]);
    write(&lab.root, "README.md", "changed\n");
    write(&lab.root, "new/one.txt", "");
    write(&lab.root, "x.log", "");
    assert_eq!(lab.project().dirty().unwrap(), 2);
    let prepared = lab.prepare("ws-1");
    assert_eq!(read(&prepared.worktree, "README.md"), "one\ntwo\nthree\n");
    assert_eq!(lab.project().dirty().unwrap(), 2);
}

#[test]
fn the_project_is_found_from_below_and_from_other_worktrees() {
    let lab = Lab::new();
    git(&lab.root, &["worktree", "add", "-q", "-b", "mine", "../mine"]);
    for dir in [lab.root.join("src"), lab.home.join("mine"), lab.root.clone()] {
        let project = Project::discover(&dir).unwrap();
        assert_eq!(project.root(), lab.root);
        assert_eq!(project.common_dir(), lab.root.join(".git"));
    }
}

#[test]
fn a_worktree_of_a_bare_repository_is_a_project() {
    let lab = Lab::new();
    git(&lab.home, &["clone", "-q", "--bare", "repo", "store.git"]);
    let store = lab.home.join("store.git");
    git(&store, &["worktree", "add", "-q", "-b", "mine", "../mine"]);
    let project = Project::discover(&lab.home.join("mine/src")).unwrap();
    assert_eq!(project.root(), lab.home.join("mine"));
    assert_eq!(project.common_dir(), store);
}

#[test]
fn hooks_do_not_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = Lab::new();
    let hook = lab.root.join(".git/hooks/post-checkout");
    write(
        &lab.root,
        ".git/hooks/post-checkout",
        format!("#!/bin/sh\ntouch {:?}\n", lab.home.join("ran")),
    );
    fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
    lab.prepare("ws-1");
    assert!(!lab.home.join("ran").exists());
}

#[test]
fn eight_threads_prepare_at_once() {
    let lab = Lab::new();
    let names = (1..=8).map(|number| format!("ws-{number}")).collect::<Vec<_>>();
    thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| lab.prepare(name));
        }
    });
    assert_eq!(lab.project().worktrees().unwrap().len(), 8);
    for name in names {
        let worktree =
            Worktree::open(&lab.root.join(".worktrees").join(&name), &id(&name)).unwrap();
        assert_eq!(git(worktree.path(), &["status", "--porcelain"]), "");
    }
    let exclude = read(&lab.root, ".git/info/exclude");
    assert_eq!(exclude.matches("/.worktrees/").count(), 1, "{exclude}");
}

#[test]
fn processes_prepare_at_once_even_the_same_workstream() {
    let lab = Lab::new();
    let exe = env::current_exe().unwrap();
    let run = || {
        let mut child = Command::new(&exe);
        child.args(["--exact", "worktree::preparing::child_that_prepares", "--ignored"]);
        child.env("OSTLER_TEST_REPOSITORY", &lab.root).output().unwrap()
    };
    let children = thread::scope(|scope| {
        let running = [(); 4].map(|()| scope.spawn(run));
        running.map(|child| child.join().unwrap())
    });
    for output in children {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
    assert_eq!(lab.project().worktrees().unwrap().len(), 3);
}

#[test]
#[ignore = "run as a process of its own by another test"]
fn child_that_prepares() {
    let root = PathBuf::from(env::var_os("OSTLER_TEST_REPOSITORY").unwrap());
    let project = Project::discover(&root).unwrap();
    for name in ["ws-1", "ws-2", "ws-3"] {
        let (id, worktrees) = (id(name), PathBuf::from(".worktrees"));
        let spec =
            PrepareSpec { id: &id, base: None, worktrees: &worktrees, copy: &[], leaves: &[] };
        prepare(&project, &spec).unwrap();
    }
}
