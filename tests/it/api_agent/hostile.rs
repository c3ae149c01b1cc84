//! Replies that mean harm, or are broken: nothing is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use ostler::agents::api::apply::apply;
use ostler::agents::api::edit;
use ostler::agents::api::mark::Mark;
use ostler::agents::api::plan::{Planned, plan};
use ostler::agents::api::relative_path::RelativePath;
use ostler::agents::api::root::{LARGEST, Root};
use ostler::agents::api::scope::Scope;

const RANDOM: &str = "0123456789abcdef";

/// A worktree, a directory beside it, and what was declared.
struct Lab {
    place: tempfile::TempDir,
    declared: Vec<PathBuf>,
}

impl Lab {
    fn new(declared: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let lab = Self { place, declared: declared.iter().map(PathBuf::from).collect() };
        for (name, text) in [
            ("tree/src/a.rs", "one\ntwo\none\n"),
            ("tree/b.txt", "b\n"),
            ("tree/.git", "gitdir: elsewhere\n"),
            ("tree/nested/.git/HEAD", "ref\n"),
            ("tree/nested/c.txt", "c\n"),
            ("outside/secret", "secret\n"),
        ] {
            let path = lab.place.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        lab
    }

    fn tree(&self) -> PathBuf {
        self.place.path().join("tree")
    }

    /// Everything below the place: content, or what it is.
    fn picture(&self) -> BTreeMap<PathBuf, String> {
        let mut picture = BTreeMap::new();
        look(self.place.path(), &mut picture);
        picture
    }

    /// Reads a reply, and applies it if it may be; the error is what would be said.
    fn take(&self, reply: &str) -> Result<Vec<Planned>, String> {
        let mark = Mark::known(RANDOM);
        let reply = reply.replace("{mark}", mark.text());
        let wishes = edit::read(&reply, &mark).map_err(|unclear| unclear.to_string())?;
        let root = Root::open(&self.tree()).unwrap();
        let scope = Scope::new(&self.declared, &root).unwrap();
        let seen: BTreeSet<RelativePath> =
            ["src/a.rs", "b.txt"].iter().map(|path| RelativePath::new(path).unwrap()).collect();
        let planned = plan(&wishes.edits, &root, &scope, &seen).map_err(|refused| {
            refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        })?;
        apply(&root, &planned).map_err(|error| error.to_string())?;
        Ok(planned)
    }

    /// Makes sure that a reply is refused with these words and that nothing is touched.
    fn refuses(&self, reply: &str, words: &str) {
        let before = self.picture();
        let error = self.take(reply).unwrap_err();
        assert!(error.contains(words), "{reply:.200}: {error}");
        assert_eq!(self.picture(), before, "{reply:.200}");
    }
}

fn look(at: &Path, picture: &mut BTreeMap<PathBuf, String>) {
    let meta = at.symlink_metadata().unwrap();
    let what = if meta.is_symlink() {
        format!("link to {}", fs::read_link(at).unwrap().display())
    } else if meta.is_dir() {
        for entry in fs::read_dir(at).unwrap() {
            look(&entry.unwrap().path(), picture);
        }
        "directory".to_owned()
    } else if meta.is_file() {
        format!(
            "{:o} {}",
            meta.permissions().mode(),
            String::from_utf8_lossy(&fs::read(at).unwrap())
        )
    } else {
        "other".to_owned()
    };
    picture.insert(at.to_owned(), what);
}

fn write(path: &str) -> String {
    format!("{{mark}} WRITE {path}\nevil\n{{mark}} END\n{{mark}} DONE\n")
}

#[test]
fn no_path_leads_out_or_into_git() {
    let lab = Lab::new(&[]);
    for (path, words) in [
        ("../outside/secret", "not a plain path"),
        ("src/../../outside/secret", "not a plain path"),
        ("src/..", "not a plain path"),
        ("/etc/passwd", "absolute"),
        ("//etc/passwd", "absolute"),
        (".git", "belongs to git"),
        (".git/hooks/pre-commit", "belongs to git"),
        (".GIT/hooks/pre-commit", "belongs to git"),
        ("src/.Git/config", "belongs to git"),
        (".git./config", "belongs to git"),
        ("GIT~1/config", "belongs to git"),
        (".git::$INDEX_ALLOCATION/x", "belongs to git"),
        (".g\u{200d}it/config", "a character"),
        ("src\\..\\..\\x", "a character"),
        ("a\0b", "a character"),
        ("", "missing"),
        (&"d/".repeat(2000), "too long"),
        ("src", "not a plain file"),
        ("src/a.rs/b", "not a plain directory"),
        ("nested/c.txt", "repository of its own"),
        ("nested/new/c.txt", "repository of its own"),
    ] {
        lab.refuses(&write(path), words);
        if !path.is_empty() {
            lab.refuses(&format!("FILE: {path}\nCONTENT:\nevil\nEND_FILE\n"), words);
        }
    }
}

#[test]
fn links_devices_and_second_names_are_left_alone() {
    let lab = Lab::new(&[]);
    let tree = lab.tree();
    symlink("../outside", tree.join("door")).unwrap();
    symlink("../outside/secret", tree.join("link")).unwrap();
    symlink("b.txt", tree.join("inner")).unwrap();
    symlink("nowhere", tree.join("dangling")).unwrap();
    fs::hard_link(lab.place.path().join("outside/secret"), tree.join("twin")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, tree.join("pipe"), rustix::fs::Mode::RWXU).unwrap();
    let _listener = UnixListener::bind(tree.join("socket")).unwrap();
    for (path, words) in [
        ("door/secret", "not a plain directory"),
        ("door/new", "not a plain directory"),
        ("link", "not a plain file"),
        ("inner", "not a plain file"),
        ("dangling", "not a plain file"),
        ("pipe", "not a plain file"),
        ("socket", "not a plain file"),
        ("twin", "hard link"),
    ] {
        lab.refuses(&write(path), words);
        lab.refuses(&format!("{{mark}} DELETE {path}\n{{mark}} DONE\n"), words);
    }
}

#[test]
fn only_declared_files_are_touched() {
    let lab = Lab::new(&["src/a.rs", "lib/", "docs"]);
    for path in ["b.txt", "src/b.rs", "SRC/a.rs", "src/a.rs2", "library/x", "docs/x"] {
        lab.refuses(&write(path), "not one of the files");
    }
    lab.refuses(
        &format!("{}{}", write("b.txt").replace("{mark} DONE\n", ""), write("lib/x")),
        "b.txt is not",
    );
    lab.take(&write("lib/deep/x.rs")).unwrap();
    assert_eq!(fs::read_to_string(lab.tree().join("lib/deep/x.rs")).unwrap(), "evil\n");
    lab.take(&write("docs")).unwrap();
}

#[test]
fn broken_blocks_are_refused_whole() {
    let lab = Lab::new(&[]);
    let good = "{mark} WRITE new.txt\nx\n{mark} END\n";
    for (reply, words) in [
        ("{mark} WRITE b.txt\nhalf", "no END"),
        (
            "{mark} WRITE b.txt\nx\n<<<fedcba9876543210 END\n{mark} DONE\n",
            "`DONE` has no place here",
        ),
        ("<<<fedcba9876543210 WRITE b.txt\nx\n<<<fedcba9876543210 END\n", "not the mark"),
        ("{mark} WRITE b.txt\nx\n{mark} END\n", "DONE is missing"),
        ("{mark} WRITE b.txt\n{mark} WRITE c.txt\n{mark} END\n{mark} DONE\n", "no place here"),
        ("{mark} END\n{mark} DONE\n", "outside of a block"),
        ("{mark} EDIT b.txt\n{mark} SEARCH\nb\n{mark} END\n{mark} DONE\n", "no place here"),
        ("{mark} EDIT b.txt\n{mark} REPLACE\nb\n{mark} END\n{mark} DONE\n", "no place here"),
        ("{mark} EDIT b.txt\n{mark} END\n{mark} DONE\n", "no place here"),
        (
            "{mark} EDIT b.txt\nb\n{mark} SEARCH\nb\n{mark} REPLACE\n{mark} END\n{mark} DONE\n",
            "before SEARCH",
        ),
        ("{mark} DONE\n{mark} WRITE b.txt\nx\n{mark} END\n", "after DONE"),
        ("{mark} DONE\n{mark} DONE\n", "outside of a block"),
        ("{mark} SHELL rm -rf .\n{mark} DONE\n", "`SHELL` has no place"),
        ("FILE: b.txt\nCONTENT:\nhalf", "no END_FILE"),
        ("FILE: b.txt\nx\nEND_FILE\n", "CONTENT is missing"),
        ("FILE: b.txt\nCONTENT:\nFILE: c.txt\nCONTENT:\nx\nEND_FILE\n", "END_FILE missing"),
        ("FILE: b.txt\nCONTENT:\nx\nEND_FILE\ny\nEND_FILE\n", "outside of a block"),
        ("b.txt\n<<<<<<< SEARCH\nb\n=======\nc\n", "no `>>>>>>> REPLACE`"),
        ("b.txt\n<<<<<<< SEARCH\nb\n>>>>>>> REPLACE\n", "wrong place"),
        ("<<<<<<< SEARCH\nb\n=======\nc\n>>>>>>> REPLACE\n", "no file is named"),
    ] {
        lab.refuses(reply, words);
        if reply.starts_with("{mark}") && !reply.starts_with("{mark} DONE") {
            lab.refuses(&format!("{good}{reply}"), words);
        }
    }
}

#[test]
fn edits_that_fit_nowhere_or_twice_are_refused() {
    let lab = Lab::new(&[]);
    let edit = |path: &str, search: &str| {
        format!(
            "{{mark}} EDIT {path}\n{{mark}} SEARCH\n{search}{{mark}} REPLACE\nx\n{{mark}} END\n"
        )
    };
    let done = "{mark} DONE\n";
    for (reply, words) in [
        (edit("src/a.rs", "one\n"), "2 times"),
        (edit("src/a.rs", "three\n"), "not in the file"),
        (edit("src/a.rs", ""), "empty"),
        (edit("new.rs", "one\n"), "is not there"),
        (edit("b.txt", "b\n") + &edit("b.txt", "b\n"), "more than one block"),
        (edit("b.txt", "b\n") + &edit("./b.txt", "b\n"), "more than one block"),
        (edit("b.txt", "b\n") + &write("B.TXT").replace(done, ""), "more than one block"),
        (write("x").replace(done, "") + &write("x/y").replace(done, ""), "directory of"),
        ("{mark} DELETE none\n".to_owned(), "is not there"),
        ("{mark} DELETE src\n".to_owned(), "not a plain file"),
        (edit("b.txt", "b\n") + &edit("src/a.rs", "one\n"), "2 times"),
    ] {
        lab.refuses(&format!("{reply}{done}"), words);
    }
    fs::write(lab.tree().join("unseen.txt"), "u\n").unwrap();
    lab.refuses(&write("unseen.txt"), "not shown whole");
}

#[test]
fn what_is_too_large_or_no_text_is_refused() {
    let lab = Lab::new(&[]);
    let long = "x".repeat(usize::try_from(LARGEST).unwrap() + 1);
    lab.refuses(&format!("{{mark}} WRITE big\n{long}\n{{mark}} END\n{{mark}} DONE\n"), "at most");
    lab.refuses("{mark} WRITE nul\na\0b\n{mark} END\n{mark} DONE\n", "not text");
    fs::write(lab.tree().join("huge"), long).unwrap();
    lab.refuses(&write("huge"), "at most");
    let many: String =
        (0..201).map(|n| write(&format!("f{n}")).replace("{mark} DONE\n", "")).collect();
    lab.refuses(&(many + "{mark} DONE\n"), "201 files");
}

#[test]
fn all_changes_are_made_and_permissions_stay() {
    let lab = Lab::new(&[]);
    let script = lab.tree().join("b.txt");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let reply = "{mark} WRITE b.txt\nnew\n{mark} END\n{mark} DELETE src/a.rs\n{mark} WRITE d/e/f\nf\n{mark} END\n{mark} DONE\n";
    assert_eq!(lab.take(reply).unwrap().len(), 3);
    assert_eq!(fs::read_to_string(&script).unwrap(), "new\n");
    assert_eq!(script.metadata().unwrap().permissions().mode() & 0o777, 0o755);
    assert!(!lab.tree().join("src/a.rs").exists());
    assert_eq!(fs::read_to_string(lab.tree().join("d/e/f")).unwrap(), "f\n");
    let names = lab.picture().into_keys().map(|path| path.display().to_string());
    assert!(!names.into_iter().any(|name| name.contains(".ostler-")), "nothing is left over");
}

#[test]
fn when_one_change_fails_all_are_taken_back() {
    let lab = Lab::new(&[]);
    let before = lab.picture();
    let root = Root::open(&lab.tree()).unwrap();
    let path = |text: &str| RelativePath::new(text).unwrap();
    let old = |text: &str| root.read(&path(text)).unwrap();
    let fresh = Planned { path: path("x/y/new"), old: None, new: Some(b"new\n".to_vec()) };
    let changed = Planned { path: path("b.txt"), old: old("b.txt"), new: Some(b"B\n".to_vec()) };
    let gone = Planned { path: path("src/a.rs"), old: old("src/a.rs"), new: None };
    // It is there by now, which was not so when the change was worked out.
    let stale = Planned { path: path("nested2"), old: old("b.txt"), new: Some(b"!\n".to_vec()) };
    let error = apply(&root, &[fresh, changed, gone, stale]).unwrap_err().to_string();
    assert!(error.contains("nested2 was changed by somebody else"), "{error}");
    assert_eq!(lab.picture(), before);
}
