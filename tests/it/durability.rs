//! State files that are cut at every length, or have any bit flipped: what they amount to is true, or an error that names
//! them, and nothing is overwritten.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "it is a test")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use ostler::core::verdict::{EndedBy, Exit, Tree};
use ostler::core::{Event, ProcessIdentity, Request, Timestamp, Workstream};
use ostler::keeper::files::{self, EXIT, FileError, SPEC, STATUS};
use ostler::keeper::identity;
use ostler::keeper::inspect::{Found, inspect};
use ostler::keeper::record::{ExitRecord, Stage, Status};
use ostler::keeper::spec::{FORMAT, Io, Scope, Spec};
use ostler::supervisor::journal::{Durability, Journal, JournalError, NAME, Replay};
use ostler::supervisor::member::{Adoption, Member};
use ostler::supervisor::ownership::{OwnerCard, OwnerKind};

use crate::world::sample::{over, process, tier};

/// Writes a journal, and returns its bytes and the state after each of its events.
fn journal(dir: &Path) -> (Vec<u8>, Vec<Workstream>) {
    let definition = over(vec![tier("aider")]);
    let (mut journal, _) = Journal::open(&Replay::new(dir)).unwrap();
    let mut states: Vec<Workstream> = Vec::new();
    let events = [
        Event::Defined(Box::new(definition.clone())),
        Event::Owned { owner: process(7) },
        Event::Admitted,
        Event::Operator(Request::Stop),
    ];
    for event in events {
        let at = journal.append(&event, Timestamp(1000), Durability::Synced).unwrap();
        let state = match states.last() {
            None => Workstream::new(definition.clone(), at),
            Some(state) => {
                let mut state = state.clone();
                state.step(&event, at);
                state
            }
        };
        states.push(state);
    }
    (fs::read(dir.join(NAME)).unwrap(), states)
}

fn card() -> OwnerCard {
    OwnerCard { process: process(7), socket: "none".into(), kind: OwnerKind::Worker }
}

#[test]
fn a_journal_that_is_cut_tells_what_was_true_before() {
    let place = tempfile::tempdir().unwrap();
    let (bytes, states) = journal(place.path());
    for length in 0..=bytes.len() {
        fs::write(place.path().join(NAME), &bytes[..length]).unwrap();
        let whole = memchr::memchr_iter(b'\n', &bytes[..length]).count();
        let mut replay = Replay::new(place.path());
        let read = replay.advance();
        let true_then = whole.checked_sub(1).map(|last| &states[last]);
        assert!(read.is_ok(), "cut at {length}: {read:?}");
        assert_eq!(replay.state.as_ref(), true_then, "cut at {length}");
    }
}

#[test]
fn a_flipped_bit_in_a_journal_is_an_error_and_nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let (bytes, _) = journal(place.path());
    let path = place.path().join(NAME);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &flipped).unwrap();
        let error = Replay::new(place.path()).advance();
        assert!(matches!(error, Err(JournalError::Damaged { .. })), "bit {bit}: {error:?}");
        if bit % 97 == 0 {
            let mut member = Member::follow(over(Vec::new()), place.path(), Timestamp(0));
            assert!(member.trouble.as_ref().unwrap().contains(NAME));
            member.adopt(&card()).unwrap_err();
            assert!(fs::read(&path).unwrap() == flipped, "bit {bit}: it was overwritten");
        }
    }
}

#[test]
fn blocks_that_never_reached_the_disk_are_cut_off_and_kept_apart() {
    let place = tempfile::tempdir().unwrap();
    let (bytes, states) = journal(place.path());
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let mut torn = bytes.clone();
    torn[last..last + 20].fill(0);
    fs::write(place.path().join(NAME), &torn).unwrap();
    let mut member = Member::follow(over(Vec::new()), place.path(), Timestamp(0));
    let adopted = member.adopt(&card()).unwrap();
    let cut = (bytes.len() - last) as u64;
    assert_eq!(adopted, Adoption::Adopted { torn: cut, is_new: false });
    assert_eq!(member.state, states[states.len() - 2]);
    assert_eq!(fs::read(place.path().join("journal.torn")).unwrap(), torn[last..]);
}

fn spec() -> Spec {
    Spec {
        version: FORMAT,
        name: "ws-01/1".to_owned(),
        argv: vec!["true".to_owned()],
        cwd: "/".into(),
        env: [("A".to_owned(), "b".to_owned())].into(),
        stdin: None,
        io: Io::File,
        grace: Duration::from_secs(1),
        deadline: Duration::from_secs(60),
        nice: 0,
        raise: None,
        scope: Scope::Shared,
    }
}

fn status() -> Status {
    let gone = ProcessIdentity { pid: 1, start: 1, boot: identity::boot() };
    Status { version: FORMAT, stage: Stage::Running, keeper: gone.clone(), agent: Some(gone) }
}

fn exit() -> ExitRecord {
    ExitRecord {
        version: FORMAT,
        exit: Exit::Code(10),
        by: EndedBy::Itself,
        tree: Tree::default(),
        monotonic_ms: 12_345,
        boot: identity::boot(),
        log_bytes: 678,
    }
}

/// Damages one file of a run directory in every way, and says what may be seen then.
fn damage(name: &str, write: fn(&Path), truth: &Found) {
    let place = tempfile::tempdir().unwrap();
    write(place.path());
    let path = place.path().join(name);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(inspect(place.path()).unwrap(), *truth);
    let cut = (0..bytes.len()).map(|length| bytes[..length].to_vec());
    let flipped = (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    });
    for damaged in cut.chain(flipped) {
        fs::write(&path, &damaged).unwrap();
        let shown = String::from_utf8_lossy(&damaged);
        let error = inspect(place.path()).expect_err(&shown);
        assert!(matches!(error, FileError::Damaged { .. } | FileError::Newer { .. }), "{shown}");
        assert!(error.to_string().contains(name), "{error}");
        assert!(fs::read(&path).unwrap() == damaged, "it was overwritten");
    }
}

#[test]
fn a_damaged_exit_record_is_never_taken_for_an_exit() {
    let write = |dir: &Path| files::replace(dir, EXIT, &exit()).unwrap();
    damage(EXIT, write, &Found::Ended(exit()));
}

#[test]
fn a_damaged_status_is_never_taken_for_one() {
    let write = |dir: &Path| files::replace(dir, STATUS, &status()).unwrap();
    damage(STATUS, write, &Found::Gone(status()));
}

#[test]
fn a_damaged_specification_is_never_taken_for_one() {
    let write = |dir: &Path| files::replace(dir, SPEC, &spec()).unwrap();
    damage(SPEC, write, &Found::NotStarted);
}
