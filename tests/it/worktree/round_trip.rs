//! Whatever is done to the files of a worktree, a checkpoint brings it back.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use proptest::prelude::*;

use super::diffs::{by_program, truth};
use super::lab::{Lab, books, command, files};

/// Few names, so that files, directories and links come into each other's way.
const NAMES: [&str; 9] = [
    "README.md",
    "src",
    "src/old.rs",
    "src/deep/er/file.txt",
    "link",
    "with space",
    "with space/ünï code \u{1f40e}.txt",
    ":(top)odd*[name]",
    "-dash",
];

#[derive(Clone, Debug)]
enum Deed {
    Write(&'static str, u8),
    Delete(&'static str),
    Rename(&'static str, &'static str),
    MakeExecutable(&'static str),
    Link(&'static str, &'static str),
    Stage(&'static str),
    Unstage(&'static str),
    Commit,
}

fn deed() -> impl Strategy<Value = Deed> {
    let name = || prop::sample::select(&NAMES[..]);
    prop_oneof![
        4 => (name(), 0..4_u8).prop_map(|(name, text)| Deed::Write(name, text)),
        3 => name().prop_map(Deed::Delete),
        2 => (name(), name()).prop_map(|(from, to)| Deed::Rename(from, to)),
        1 => name().prop_map(Deed::MakeExecutable),
        1 => (name(), name()).prop_map(|(at, to)| Deed::Link(at, to)),
        2 => name().prop_map(Deed::Stage),
        1 => name().prop_map(Deed::Unstage),
        1 => Just(Deed::Commit),
    ]
}

fn apply(dir: &Path, deeds: &[Deed]) {
    for deed in deeds {
        do_one(dir, deed);
    }
}

/// Does it if it can be done; what cannot be done is left.
fn do_one(dir: &Path, deed: &Deed) {
    let made = |name: &str| fs::create_dir_all(dir.join(name).parent().unwrap()).is_ok();
    match *deed {
        Deed::Write(name, text) => {
            let text = format!("{name} {text}\n").repeat(usize::from(text) * 3);
            if made(name) && !dir.join(name).is_symlink() {
                fs::write(dir.join(name), text).ok();
            }
        }
        Deed::Delete(name) => {
            let path = dir.join(name);
            fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)).ok();
        }
        Deed::Rename(from, to) => {
            made(to);
            fs::rename(dir.join(from), dir.join(to)).ok();
        }
        Deed::MakeExecutable(name) => {
            if dir.join(name).is_file() {
                fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o755)).ok();
            }
        }
        Deed::Link(at, to) => {
            // Only to what is not above it, or walking it would not end.
            if !at.starts_with(to) {
                made(at);
                symlink(to, dir.join(at)).ok();
            }
        }
        Deed::Stage(name) => drop(command(dir, &["--literal-pathspecs", "add", "--", name])),
        Deed::Unstage(name) => {
            drop(command(dir, &["--literal-pathspecs", "rm", "-rq", "--cached", "--", name]));
        }
        Deed::Commit => drop(command(dir, &["commit", "-qm", "commit"])),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn checkpoints_bring_files_back(
        first in prop::collection::vec(deed(), 0..10),
        then in prop::collection::vec(deed(), 0..10),
    ) {
        let lab = Lab::new();
        let worktree = lab.worktree("ws-1");
        let path = worktree.path();
        apply(path, &first);
        let (one, booked) = (files(path), books(path));
        worktree.checkpoint("1-before").unwrap();
        prop_assert_eq!(&books(path), &booked);
        apply(path, &then);
        let two = files(path);
        worktree.checkpoint("1-after").unwrap();

        worktree.restore("1-before").unwrap();
        prop_assert_eq!(&files(path), &one);
        prop_assert_eq!(&books(path).0, &booked.0);
        worktree.restore("1-after").unwrap();
        prop_assert_eq!(&files(path), &two);
        prop_assert_eq!(lab.scratch("ws-1"), Vec::<String>::new());
    }

    #[test]
    fn one_worktree_takes_over_the_files_of_another(
        here in prop::collection::vec(deed(), 0..10),
        there in prop::collection::vec(deed(), 0..10),
    ) {
        let lab = Lab::new();
        let (home, away) = (lab.worktree("ws-1"), lab.worktree("ws-1+away"));
        apply(home.path(), &here);
        apply(away.path(), &there);
        let (was, head) = (files(home.path()), command(home.path(), &["rev-parse", "HEAD"]).stdout);
        let made = away.checkpoint("result").unwrap();
        let brought = home.bring(&made.tree, "1-brought").unwrap();
        prop_assert_eq!(files(home.path()), files(away.path()));
        prop_assert_eq!(command(home.path(), &["rev-parse", "HEAD"]).stdout, head);
        home.restore(&brought.rescue.name).unwrap();
        prop_assert_eq!(files(home.path()), was);
    }

    #[test]
    fn both_ways_of_comparing_tell_the_truth(deeds in prop::collection::vec(deed(), 0..12)) {
        let lab = Lab::new();
        let worktree = lab.worktree("ws-1");
        let base = worktree.base().unwrap();
        apply(worktree.path(), &deeds);
        let expected = truth(&worktree, &base);
        prop_assert_eq!(worktree.diff_size(&base).unwrap(), expected);
        by_program(&lab.root);
        prop_assert_eq!(worktree.diff_size(&base).unwrap(), expected);
    }
}
