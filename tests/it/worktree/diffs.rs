//! What has changed, compared with what git says.

use std::fs;
use std::path::{Path, PathBuf};

use ostler::core::verdict::DiffSize;
use ostler::worktree::{Change, Worktree};

use super::lab::{Lab, git, write};

/// Says what git says of a checkpoint made right now.
pub fn truth(worktree: &Worktree, base: &str) -> DiffSize {
    let saved = worktree.checkpoint("truth").unwrap();
    let text = git(worktree.path(), &["diff", "--numstat", "--find-renames", base, &saved.commit]);
    let mut size = DiffSize::default();
    for line in text.lines() {
        let mut columns = line.split('\t').map(|column| column.parse().unwrap_or(0));
        size.files += 1;
        size.added += columns.next().unwrap();
        size.removed += columns.next().unwrap();
    }
    size
}

/// Makes libgit2 step aside, as it does where git-lfs is used.
pub fn by_program(root: &Path) {
    write(root, ".git/info/attributes", "*.bin filter=lfs\n");
}

fn busy(lab: &Lab) -> (Worktree, String) {
    let worktree = lab.worktree("ws-1");
    let path = worktree.path();
    write(path, "README.md", "one\n2\nthree\nfour\n");
    git(path, &["commit", "-qam", "committed"]);
    write(path, "README.md", "1\n2\nthree\nfour\n");
    git(path, &["mv", "src/old.rs", "src/new.rs"]);
    write(path, "untracked/with space.txt", "a\nb\n");
    write(path, "untracked/ünïcode.txt", "no end of line");
    write(path, "binary.bin", b"\0\x01\x02\n\0");
    write(path, "ignored/x", "x\n");
    fs::remove_file(path.join("link")).unwrap();
    let base = worktree.base().unwrap();
    (worktree, base)
}

#[test]
fn commits_staged_unstaged_and_untracked_files_count() {
    let lab = Lab::new();
    let (worktree, base) = busy(&lab);
    let size = worktree.diff_size(&base).unwrap();
    assert_eq!(size, DiffSize { files: 6, added: 6, removed: 3 });
    assert_eq!(size, truth(&worktree, &base));
    let files = worktree.changed_files(&base).unwrap();
    let told = files.iter().map(|file| (file.path.to_str().unwrap(), file.change.clone()));
    let expected = [
        ("README.md", Change::Modified),
        ("binary.bin", Change::Added),
        ("link", Change::Deleted),
        ("src/new.rs", Change::Renamed(PathBuf::from("src/old.rs"))),
        ("untracked/with space.txt", Change::Added),
        ("untracked/ünïcode.txt", Change::Added),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn the_program_says_the_same_and_writes_no_objects() {
    let lab = Lab::new();
    let (worktree, base) = busy(&lab);
    let (size, files) = (worktree.diff_size(&base), worktree.changed_files(&base));
    let text = worktree.diff_text(&base, 1 << 20).unwrap();
    by_program(&lab.root);
    let objects = git(&lab.root, &["count-objects"]);
    assert_eq!(worktree.diff_size(&base).unwrap(), size.unwrap());
    assert_eq!(worktree.changed_files(&base).unwrap(), files.unwrap());
    let lines = |text: &str| {
        // Git ends a name that has a space with a tab and shortens ids by how many objects there are.
        let lines = text.lines().filter(|line| !line.starts_with("index "));
        let mut lines = lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        lines.sort();
        lines
    };
    assert_eq!(lines(&worktree.diff_text(&base, 1 << 20).unwrap()), lines(&text));
    assert_eq!(git(&lab.root, &["count-objects"]), objects);
}

#[test]
fn an_untouched_worktree_has_no_diff() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let base = worktree.base().unwrap();
    assert_eq!(worktree.diff_size(&base).unwrap(), DiffSize::default());
    assert_eq!(worktree.diff_text(&base, 1000).unwrap(), "");
}

#[test]
fn a_file_that_only_left_the_index_is_not_deleted() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    git(worktree.path(), &["rm", "-q", "--cached", "README.md"]);
    let base = worktree.base().unwrap();
    assert_eq!(worktree.diff_size(&base).unwrap(), DiffSize::default());
    assert_eq!(truth(&worktree, &base), DiffSize::default());
}

#[test]
fn the_patch_reads_as_git_writes_it() {
    let lab = Lab::new();
    let (worktree, base) = busy(&lab);
    let text = worktree.diff_text(&base, 1 << 20).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn the_patch_is_cut_at_a_line_and_says_so() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let base = worktree.base().unwrap();
    write(worktree.path(), "long.txt", "a line of text\n".repeat(10_000));
    for limit in [0, 100, 5_000] {
        let text = worktree.diff_text(&base, limit).unwrap();
        let (patch, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
        assert!(patch.len() <= limit && patch.len() + 60 >= limit, "{} of {limit}", patch.len());
        let told = format!("[cut after {} bytes; the rest: git -C ", patch.len() + 1);
        assert!(limit == 0 || last.starts_with(&told), "{last}");
    }
    let library = worktree.diff_text(&base, 5_000).unwrap();
    by_program(&lab.root);
    assert_eq!(worktree.diff_text(&base, 5_000).unwrap().lines().count(), library.lines().count());
}

#[test]
fn a_very_long_line_does_not_push_the_others_out() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let before = worktree.checkpoint("1-before").unwrap();
    let base = worktree.base().unwrap();
    write(worktree.path(), "big.json", "é".repeat(2 << 20) + "\nshort\n");
    write(worktree.path(), "later.txt", "is there\n");
    let after = worktree.checkpoint("1-after").unwrap();
    let library = worktree.diff_text(&base, 1 << 20).unwrap();
    let between = worktree.diff_between(&before.commit, &after.commit, 1 << 20).unwrap();
    by_program(&lab.root);
    for text in [library, between, worktree.diff_text(&base, 1 << 20).unwrap()] {
        assert!(text.len() < 20_000 && text.contains("\n+is there\n"), "{}", text.len());
        let long = text.lines().find(|line| line.starts_with("+é")).unwrap();
        assert!(long.ends_with("é … and 4177922 more bytes in this line"), "{}", long.len());
        assert!(text.contains("line\n+short\n") && !text.contains('\u{fffd}'));
    }
}

#[test]
fn what_lies_between_two_checkpoints_is_told_as_git_does() {
    let lab = Lab::new();
    let (worktree, _) = busy(&lab);
    let before = worktree.checkpoint("1-before").unwrap();
    write(worktree.path(), "README.md", "1\n2\nthree\nfour\nfive\n");
    write(worktree.path(), "untracked/more.txt", "new\n");
    let after = worktree.checkpoint("1-after").unwrap();
    write(worktree.path(), "README.md", "later\n");
    let text = worktree.diff_between(&before.commit, &after.commit, 1 << 20).unwrap();
    assert!(text.contains("+five\n") && text.contains("+++ b/untracked/more.txt"), "{text}");
    assert!(!text.contains("later"), "{text}");
    let cut = worktree.diff_between(&before.commit, &after.commit, 100).unwrap();
    assert!(cut.trim_end().lines().last().unwrap().starts_with("[cut after "), "{cut}");
}
