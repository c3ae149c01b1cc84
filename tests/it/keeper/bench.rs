//! A run directory, what is started in it, and the certainty that nothing of it is left.

#![expect(clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ostler::core::ProcessIdentity;
use ostler::core::verdict::{EndedBy, Exit, Tree};
use ostler::keeper::client::{Event, Events, Keeper, connect};
use ostler::keeper::files::LOG;
use ostler::keeper::inspect::{Found, inspect};
use ostler::keeper::launch::{LaunchError, Program, launch};
use ostler::keeper::record::{ExitRecord, Status};
use ostler::keeper::spec::{FORMAT, Io, Scope, Spec};
use ostler::keeper::{identity, orphan};
use rustix::process::{Pid, Signal, kill_process};

/// The longest that anything may take on a loaded machine.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A place for one attempt.
pub struct Bench {
    place: tempfile::TempDir,
    pub run: PathBuf,
    launched: RefCell<Vec<Status>>,
}

impl Bench {
    pub fn new() -> Self {
        Self::below("run")
    }

    pub fn below(name: &str) -> Self {
        let place = tempfile::tempdir().expect("a directory");
        let run = place.path().canonicalize().expect("a path").join(name);
        Self { place, run, launched: RefCell::default() }
    }

    /// A file beside the run directory, for what the agent tells the test.
    pub fn file(&self, name: &str) -> PathBuf {
        self.place.path().canonicalize().expect("a path").join(name)
    }

    pub fn spec(&self, script: &str) -> Spec {
        Spec {
            version: FORMAT,
            name: "ws-01/1".to_owned(),
            argv: vec!["/bin/sh".to_owned(), "-c".to_owned(), script.to_owned()],
            cwd: self.place.path().to_owned(),
            env: BTreeMap::new(),
            stdin: None,
            io: Io::File,
            grace: Duration::from_millis(200),
            deadline: Duration::from_secs(600),
            nice: 0,
            raise: None,
            scope: Scope::Shared,
        }
    }

    pub fn terminal(&self, script: &str) -> Spec {
        Spec { io: Io::Pty, ..self.spec(script) }
    }

    pub fn launch(&self, spec: &Spec) -> Status {
        self.try_launch(spec).expect("a keeper")
    }

    pub fn try_launch(&self, spec: &Spec) -> Result<Status, LaunchError> {
        let secret = (OsString::from("SECRET"), OsString::from("s3cret"));
        let launched = launch(&program(), &self.run, spec, [secret]);
        self.launched.borrow_mut().extend(launched.as_ref().ok().cloned());
        launched
    }

    pub async fn connect(&self) -> (Keeper, Events) {
        connect(&self.run).await.expect("a connection")
    }

    /// Runs an attempt to its end and lets the keeper go.
    pub async fn complete(&self, spec: &Spec) -> ExitRecord {
        self.launch(spec);
        let (mut keeper, mut events) = self.connect().await;
        let record = exited(&mut events).await;
        keeper.release().await.expect("released");
        assert_eq!(next(&mut events).await, Event::Closed);
        assert_eq!(inspect(&self.run).expect("readable"), Found::Ended(record.clone()));
        record
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.run.join(LOG)).expect("a log")
    }

    /// Waits until the agent has written a whole line to a file beside the run directory.
    pub fn line(&self, name: &str) -> String {
        let path = self.file(name);
        until(name, || fs::read_to_string(&path).ok().filter(|text| text.ends_with('\n')))
            .trim_end()
            .to_owned()
    }

    /// Waits until a process has written its number, and says who that is.
    pub fn process(&self, name: &str) -> ProcessIdentity {
        let pid = self.line(name).parse().expect("a number");
        identity::of(pid).expect("a living process")
    }

    pub fn status(&self) -> Option<Status> {
        match inspect(&self.run) {
            Ok(Found::Alive(status) | Found::Orphan(status) | Found::Gone(status)) => Some(status),
            _ => None,
        }
    }
}

impl Drop for Bench {
    /// Whatever the test has shown, no process outlives it.
    fn drop(&mut self) {
        let status = self.status();
        for status in self.launched.take().into_iter().chain(status) {
            kill(&status.keeper);
            until("the keeper's end", || (!identity::is_alive(&status.keeper)).then_some(()));
            orphan::end(&self.run, &status, Duration::ZERO);
        }
    }
}

/// The program under test.
pub fn program() -> Program {
    Program(PathBuf::from(env!("CARGO_BIN_EXE_ostler")))
}

/// Waits for what must come.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "no {what} within {LIMIT:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a process is dead.
pub fn dead(who: &ProcessIdentity) {
    until("death", || (!identity::is_alive(who)).then_some(()));
}

pub fn kill(who: &ProcessIdentity) {
    signal(who, Signal::KILL);
}

pub fn signal(who: &ProcessIdentity, signal: Signal) {
    if identity::is_alive(who) {
        let pid = Pid::from_raw(who.pid.cast_signed()).expect("a number");
        // It may end just now.
        let _ = kill_process(pid, signal);
    }
}

pub async fn next(events: &mut Events) -> Event {
    tokio::time::timeout(LIMIT, events.next_event()).await.expect("an event in time")
}

pub async fn exited(events: &mut Events) -> ExitRecord {
    match next(events).await {
        Event::Exited(record) => record,
        other => panic!("not the exit: {other:?}"),
    }
}

/// Checks a record.
pub fn assert_exit(record: &ExitRecord, exit: &Exit, by: EndedBy, tree: Tree) {
    assert_eq!((&record.exit, record.by, record.tree), (exit, by, tree));
}

pub fn contains(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|content| content.contains(text))
}
