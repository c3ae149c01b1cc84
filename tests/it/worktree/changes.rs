//! A change as the screen reads it: whole, or divided by what made it.

use ostler::cli::changes::{self, Asked};
use ostler::core::phase::PhaseWord;
use ostler::core::{AttemptId, AttemptOutcome};
use ostler::ipc::facts::WorkstreamFacts;
use ostler::tui::diff::{Part, parse_parts};
use ostler::tui::state::{Compared, Divided, Point};
use ostler::worktree::Worktree;

use super::diffs::by_program;
use super::lab::{Lab, git, write};
use crate::frames::fixture;

const TASKS: [&str; 3] = ["move the types", "keep the re-exports", "update the tests"];

/// A workstream with a worktree; of its attempts, these have ended.
fn facts(worktree: &Worktree, ended: &[bool]) -> WorkstreamFacts {
    let attempt = |(number, ended): (u32, &bool)| {
        let outcome = if *ended { AttemptOutcome::Stopped } else { AttemptOutcome::Open };
        fixture::attempt(number, (0, "aider"), (90, ended.then_some(20)), outcome, "")
    };
    WorkstreamFacts {
        worktree: Some(worktree.path().to_owned()),
        attempts: (1..).zip(ended).map(attempt).collect(),
        tasks: TASKS.map(str::to_owned).to_vec(),
        ..fixture::workstream("ws-1", "", PhaseWord::Running)
    }
}

fn read(ws: &WorkstreamFacts, compared: Compared, divided: Divided) -> Vec<Part> {
    changes::read(&Asked::of(ws).unwrap(), (compared, divided)).unwrap()
}

/// Says which files each part has.
fn told(parts: &[Part]) -> Vec<String> {
    let patch = parse_parts(parts.to_vec());
    let part = |(number, part): (usize, &Part)| {
        let files = patch.files.iter().filter(|file| file.part == number);
        let files: Vec<&str> = files.map(|file| file.path.as_str()).collect();
        // The id of a commit is another one each time.
        let is_id = |word: &&str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
        let title = part.head.title.split(' ').filter(|word| !is_id(word));
        format!("{}: {}", title.collect::<Vec<_>>().join(" "), files.join(" "))
    };
    parts.iter().enumerate().map(part).collect()
}

fn commit(worktree: &Worktree, file: &str, message: &str) {
    write(worktree.path(), file, format!("{message}\n"));
    git(worktree.path(), &["add", "."]);
    git(worktree.path(), &["commit", "-qm", message]);
}

#[test]
fn by_commit_each_is_told_with_the_task_that_it_names() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    commit(&worktree, "a", "Begin");
    commit(&worktree, "b", "More of it\n\nTask: 3");
    commit(&worktree, "c", "Move the types.");
    commit(&worktree, "d", "Odd\n\nTask: something else");
    write(worktree.path(), "e", "not yet\n");
    let ws = facts(&worktree, &[false]);
    for _ in ["with libgit2", "by the program"] {
        let parts = read(&ws, Compared::Whole, Divided::ByCommit);
        assert_eq!(
            told(&parts),
            [
                "Begin: a",
                "More of it · task 3: update the tests: b",
                "Move the types. · task 1: move the types: c",
                "Odd · task: something else: d",
                "in no commit: e",
            ]
        );
        let parts = read(&ws, Compared::Whole, Divided::ByTask);
        assert_eq!(
            told(&parts),
            [
                "task 1: move the types · Move the types.: c",
                "task 3: update the tests · More of it: b",
                "task: something else · Odd: d",
                "task not known · Begin: a",
                "task not known · in no commit: e",
            ]
        );
        let whole = read(&ws, Compared::Whole, Divided::Not);
        assert_eq!(told(&whole), [": a b c d e"]);
        by_program(&lab.root);
    }
}

#[test]
fn what_was_in_no_commit_before_is_not_told_as_new() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    commit(&worktree, "a", "Begin");
    write(worktree.path(), "b", "was there\n");
    worktree.checkpoint("1-before").unwrap();
    commit(&worktree, "c", "End");
    write(worktree.path(), "d", "is new\n");
    worktree.checkpoint("1-after").unwrap();
    let ws = facts(&worktree, &[true]);
    let attempt = Compared::Attempt(AttemptId(1));
    // Git's own `add .` took what was there into the commit.
    let parts = read(&ws, attempt, Divided::ByCommit);
    assert_eq!(told(&parts), ["End: b c", "in no commit, some of it before: d"]);
    let nothing =
        read(&ws, Compared::Between(Point::Base, Point::Before(AttemptId(1))), Divided::ByCommit);
    assert_eq!(told(&nothing), ["Begin: a", "in no commit: b"]);
}

#[test]
fn a_base_that_is_elsewhere_is_said() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    commit(&worktree, "a", "One");
    // The branch was begun anew from something else.
    git(worktree.path(), &["checkout", "-q", "--orphan", "other"]);
    git(worktree.path(), &["commit", "-qm", "Anew"]);
    let parts = read(&facts(&worktree, &[]), Compared::Whole, Divided::ByCommit);
    let all: Vec<String> = told(&parts);
    assert!(all.iter().any(|part| part.contains("Anew")), "{all:?}");
}

#[test]
fn by_attempt_what_was_done_beside_them_is_told_apart() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let save = |name: &str| worktree.checkpoint(name).unwrap();
    write(worktree.path(), "set-up", "x\n");
    save("1-before");
    write(worktree.path(), "one", "x\n");
    save("1-after");
    write(worktree.path(), "by hand", "x\n");
    save("2-before");
    save("2-after");
    save("3-before");
    write(worktree.path(), "three", "x\n");
    let ws = facts(&worktree, &[true, true, false]);
    let parts = read(&ws, Compared::Whole, Divided::ByAttempt);
    let expected = [
        "before the first attempt: set-up",
        "attempt 1 · aider: one",
        "between attempts 1 and 2: by hand",
        "attempt 2 · aider: ",
        "attempt 3 · aider, so far: three",
    ];
    assert_eq!(told(&parts), expected);
    let one = read(&ws, Compared::Attempt(AttemptId(3)), Divided::ByAttempt);
    assert_eq!(told(&one), ["attempt 3 · aider, so far: three"]);
    let back = Compared::Between(Point::Now, Point::Base);
    assert!(changes::read(&Asked::of(&ws).unwrap(), (back, Divided::ByAttempt)).is_err());
}

#[test]
fn a_state_that_was_not_saved_leaves_it_unknown() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    worktree.checkpoint("1-before").unwrap();
    write(worktree.path(), "one", "x\n");
    worktree.checkpoint("2-before").unwrap();
    write(worktree.path(), "two", "x\n");
    worktree.checkpoint("2-after").unwrap();
    let parts = read(&facts(&worktree, &[true, true]), Compared::Whole, Divided::ByAttempt);
    let expected = [
        "not known by which attempt: before attempt 1 → before attempt 2: one",
        "attempt 2 · aider: two",
    ];
    assert_eq!(told(&parts), expected);
}

#[test]
fn the_text_around_a_change_is_read_where_it_is_short_text() {
    let lab = Lab::new();
    let worktree = lab.worktree("ws-1");
    let base = worktree.base().unwrap();
    write(worktree.path(), "README.md", "later\n");
    write(worktree.path(), "binary", b"\0\xff");
    write(worktree.path(), "long", "x".repeat(2 << 20));
    commit(&worktree, "sub/kept", "kept");
    let head = worktree.head().unwrap().unwrap();
    let asked = Asked::of(&facts(&worktree, &[])).unwrap();
    let text = |commit, path| changes::text(&asked, commit, path);
    assert_eq!(text(None, "README.md").as_deref(), Some("later\n"));
    assert_eq!(text(Some(&base), "README.md").as_deref(), Some("one\ntwo\nthree\n"));
    assert_eq!(text(Some(&head), "sub/kept").as_deref(), Some("kept\n"));
    for commit in [None, Some(head.as_str())] {
        for path in ["binary", "long", "sub", "link", "absent", "../repo/README.md"] {
            let is_link = path == "link" && commit.is_some();
            assert_eq!(text(commit, path).is_some(), is_link, "{path} {commit:?}");
        }
    }
}
