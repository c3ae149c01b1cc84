//! The loop of a keeper: one attempt from its first moment until the keeper is released.
//!
//! It sleeps until something happens or is due, then looks at everything; nothing in it blocks. While a client is
//! connected and the agent runs, only the hard deadline is ever due.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{WaitOptions, WaitStatus, wait};

use super::clients::Clients;
use super::complaint;
use super::ending::{Children, Ending};
use super::files::{self, SOCKET, STATUS};
use super::guard::{Guard, Look};
use super::protocol::{Message, Request, Stat};
use super::record::{ExitRecord, Stage, Status};
use super::recorder::{Recorder, WORDS, monotonic_ms};
use super::spec::{FORMAT, Spec};
use super::terminal::{Agent, Terminal};
use crate::core::ProcessIdentity;
use crate::core::verdict::{EndedBy, Exit, Tree};

/// The time between two tries to write the record.
const RETRY: Duration = Duration::from_secs(1);
/// How long the exit record waits for a log that cannot be written.
const LOG_PATIENCE: Duration = Duration::from_secs(10);

/// What a keeper has when the agent was started.
#[derive(Debug)]
pub struct Parts {
    /// What it was told.
    pub spec: Spec,
    /// The run directory; also the working directory.
    pub run: PathBuf,
    /// Its lock.
    pub lock: File,
    /// Readable when a child has ended.
    pub signals: UnixStream,
    /// Its clients.
    pub clients: Clients,
    /// What the gate has said if the agent could not be started.
    pub gate: UnixStream,
    /// The agent's terminal, if it has one.
    pub terminal: Option<Terminal>,
    /// Where the exit goes.
    pub recorder: Recorder,
    /// The dead-man's switch.
    pub guard: Guard,
    /// What was written down.
    pub status: Status,
    /// The agent's main process.
    pub agent: ProcessIdentity,
    /// The log.
    pub log: File,
}

/// One attempt.
#[derive(Debug)]
pub struct Attempt {
    parts: Parts,
    ending: Ending,
    /// How the main process ended.
    exit: Option<Exit>,
    by: EndedBy,
    deadline: Option<Instant>,
    /// What the clients were told.
    told: Option<Told>,
    /// When to try again to write what they were told.
    unwritten: Option<Instant>,
    released: bool,
    /// The run directory is not there any more.
    homeless: bool,
}

/// What was made known of the exit.
#[derive(Debug)]
struct Told {
    record: ExitRecord,
    /// Nothing can change it any more: no process is left and the log is complete.
    settled: bool,
}

impl Attempt {
    /// Makes an attempt whose agent has just been let go.
    pub fn new(parts: Parts) -> Self {
        Self {
            ending: Ending::new(parts.status.keeper.pid, parts.agent.pid),
            deadline: Instant::now().checked_add(parts.spec.deadline),
            parts,
            exit: None,
            by: EndedBy::Itself,
            told: None,
            unwritten: None,
            released: false,
            homeless: false,
        }
    }

    /// Keeps it until all is over and nobody needs the keeper.
    pub fn run(mut self) -> ExitCode {
        loop {
            let now = Instant::now();
            let children = self.reap(now);
            self.serve(now);
            self.end(now, children);
            self.record(now);
            // Whoever has left must be forgotten before the guard looks, or nothing wakes it again.
            self.parts.clients.sweep();
            self.guard(now);
            if self.may_leave() {
                break;
            }
            self.sleep(now);
        }
        if !self.homeless {
            drop(fs::remove_file(SOCKET));
        }
        drop(self.parts.lock);
        ExitCode::SUCCESS
    }

    /// Reaps what has ended, whoever's child it was.
    fn reap(&mut self, now: Instant) -> Children {
        while matches!((&self.parts.signals).read(&mut [0; 64]), Ok(1..)) {}
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) => {
                    let leader = pid.as_raw_pid().cast_unsigned() == self.parts.agent.pid;
                    if leader && self.exit.is_none() {
                        self.exit = Some(self.exit_of(status));
                        self.ending.leader_reaped(now);
                    }
                }
                Err(Errno::CHILD) => return Children::None,
                Err(Errno::INTR) => {}
                Ok(None) | Err(_) => return Children::Some,
            }
        }
    }

    /// Reads how the main process ended, and whether it ever was the agent.
    fn exit_of(&self, status: WaitStatus) -> Exit {
        let mut words = Vec::new();
        // It ends with the words, since the gate is gone.
        drop((&self.parts.gate).take(WORDS as u64).read_to_end(&mut words));
        if !words.is_empty() {
            return Exit::NotStarted(String::from_utf8_lossy(&words).into_owned());
        }
        match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => Exit::Code(code),
            (None, Some(signal)) => Exit::Signal(signal),
            (None, None) => Exit::Unknown(format!("the kernel reported {status:?}")),
        }
    }

    /// Takes new clients and does what they ask.
    fn serve(&mut self, now: Instant) {
        let mut greeting =
            vec![Message::Hello { version: FORMAT, name: self.parts.spec.name.clone() }];
        greeting.extend(self.told.as_ref().map(|it| Message::Exited(it.record.clone())));
        self.parts.clients.accept(now, &greeting);
        for (client, request) in self.parts.clients.requests() {
            let answer = match request.and_then(|it| self.carry_out(it, now)) {
                Ok(message) => message,
                Err(reason) => Message::Refused { reason },
            };
            self.parts.clients.answer(client, &answer);
        }
    }

    /// Does what a client asks.
    fn carry_out(&mut self, request: Request, now: Instant) -> Result<Message, String> {
        const NO_TERMINAL: &str = "the agent has no terminal; give it one with `io: pty`";
        match request {
            Request::Stop { grace_ms } => {
                self.ended_by(EndedBy::Request);
                self.ending.stop(now, Duration::from_millis(grace_ms));
            }
            Request::Kill => {
                self.ended_by(EndedBy::Request);
                self.ending.kill(now);
            }
            Request::Input { text } => {
                self.parts.terminal.as_mut().ok_or(NO_TERMINAL)?.type_in(&text)?;
            }
            Request::Resize { columns, rows } => {
                let terminal = self.parts.terminal.as_ref().ok_or(NO_TERMINAL)?;
                terminal
                    .resize(columns, rows)
                    .map_err(|error| format!("the terminal cannot be resized: {error}"))?;
            }
            Request::Deadline { in_ms } => {
                self.deadline = now.checked_add(Duration::from_millis(in_ms));
            }
            Request::Release => self.released = true,
            Request::Stat => return Ok(Message::Stat(self.stat(now))),
        }
        Ok(Message::Done)
    }

    /// Takes note of who ends the agent; the first one counts, and nobody does who comes after its exit.
    fn ended_by(&mut self, by: EndedBy) {
        if self.exit.is_none() && !self.ending.is_begun() {
            self.by = by;
        }
    }

    /// Ends what is to be ended, and moves what the terminal has.
    fn end(&mut self, now: Instant, children: Children) {
        if self.pending_deadline().is_some_and(|at| now >= at) {
            self.ended_by(EndedBy::Deadline);
            self.ending.stop(now, self.parts.spec.grace);
        }
        self.ending.tick(now, children);
        let over = self.ending.outcome(now).is_some();
        if self.exit.is_some() && !over {
            self.set_stage(Stage::Draining);
        }
        if let Some(terminal) = &mut self.parts.terminal {
            terminal.pump(now, if over { Agent::Gone } else { Agent::Alive });
        }
    }

    /// Records the exit once all is over, and again if that changes.
    fn record(&mut self, now: Instant) {
        let Some(tree) = self.ending.outcome(now) else {
            return;
        };
        let terminal = self.parts.terminal.as_ref();
        let complete = terminal.is_none_or(Terminal::is_ended);
        if !complete && !terminal.is_some_and(|it| it.is_stalled(now, LOG_PATIENCE)) {
            return;
        }
        let settled = complete && tree.left == 0;
        let exit = self.exit.clone().unwrap_or_else(|| {
            Exit::Unknown("the agent survived KILL and has not ended yet".to_owned())
        });
        let known = self.told.as_ref().is_some_and(|it| {
            it.settled == settled && it.record.exit == exit && it.record.tree == tree
        });
        if known && self.unwritten.is_none_or(|at| now < at) {
            return;
        }
        let record = match &self.told {
            Some(told) if known => told.record.clone(),
            _ => self.exit_record(exit, tree),
        };
        let written = self.parts.recorder.record(&record);
        self.unwritten = None;
        if let Err(error) = written {
            complaint::note(&format!("the exit cannot be recorded: {error}"));
            self.unwritten = Some(now + RETRY);
            self.homeless = self.is_homeless();
        }
        self.set_stage(Stage::Exited);
        if !known {
            self.parts.clients.tell(&Message::Exited(record.clone()));
        }
        self.told = Some(Told { record, settled });
    }

    /// Makes the record of this moment.
    fn exit_record(&self, exit: Exit, tree: Tree) -> ExitRecord {
        ExitRecord {
            version: FORMAT,
            exit,
            by: self.by,
            tree,
            monotonic_ms: monotonic_ms(),
            boot: self.parts.agent.boot.clone(),
            log_bytes: self.log_bytes(),
        }
    }

    /// Raises somebody if nobody is there.
    fn guard(&mut self, now: Instant) {
        let guard = &mut self.parts.guard;
        if !self.parts.clients.is_empty() {
            guard.accompanied();
            return;
        }
        if self.parts.spec.raise.is_none() && self.told.is_none() {
            return;
        }
        guard.alone(now);
        let look = guard.look(now);
        if look != Look::NotYet {
            self.homeless = self.is_homeless();
        }
        if look == Look::Raise && !self.homeless {
            self.parts.guard.raise();
            if self.told.is_none() {
                self.ending.may_have_escaped(self.parts.run.clone());
            }
        }
    }

    /// Tells whether the run directory was removed or replaced.
    fn is_homeless(&self) -> bool {
        let inode = |path: &Path| fs::metadata(path).ok().map(|it| (it.dev(), it.ino()));
        let there = inode(&self.parts.run);
        there.is_none() || there != inode(Path::new("."))
    }

    /// Tells whether nothing is left to do here.
    fn may_leave(&self) -> bool {
        let Some(told) = &self.told else {
            return false;
        };
        if self.homeless {
            return told.record.tree.left == 0;
        }
        let forsaken = self.parts.guard.has_given_up() && self.parts.clients.is_empty();
        told.settled && self.unwritten.is_none() && (self.released || forsaken)
    }

    /// Sleeps until something happens or is due.
    fn sleep(&self, now: Instant) {
        let due = [
            self.pending_deadline(),
            self.ending.next(),
            self.parts.terminal.as_ref().and_then(Terminal::next),
            self.unwritten,
            self.parts.guard.next(),
            self.parts.clients.next(),
        ];
        let due = due.into_iter().flatten().min();
        let span = due.map(|at| {
            let span = at.saturating_duration_since(now);
            Timespec {
                tv_sec: i64::try_from(span.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: span.subsec_nanos().into(),
            }
        });
        let mut wanted = vec![PollFd::new(&self.parts.signals, PollFlags::IN)];
        self.parts.clients.wants(&mut wanted);
        if let Some((terminal, flags)) = self.parts.terminal.as_ref().and_then(Terminal::wants) {
            wanted.push(PollFd::new(terminal, flags));
        }
        match poll(&mut wanted, span.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => {
                complaint::note(&format!("waiting failed: {error}"));
                std::thread::sleep(RETRY);
            }
        }
    }

    /// Returns the hard deadline as long as there is something that it can end.
    fn pending_deadline(&self) -> Option<Instant> {
        self.deadline.filter(|_| self.exit.is_none() && !self.ending.is_begun())
    }

    /// Writes down where the attempt is; best effort, since the exit record is what counts.
    fn set_stage(&mut self, stage: Stage) {
        if self.parts.status.stage == stage {
            return;
        }
        self.parts.status.stage = stage;
        if let Err(error) = files::replace(Path::new("."), STATUS, &self.parts.status) {
            complaint::note(&format!("`{STATUS}` cannot be written: {error}"));
        }
    }

    /// Tells where things are.
    fn stat(&self, now: Instant) -> Stat {
        let left = self.pending_deadline().map(|at| at.saturating_duration_since(now).as_millis());
        Stat {
            status: self.parts.status.clone(),
            log_bytes: self.log_bytes(),
            deadline_in_ms: left.map(|it| u64::try_from(it).unwrap_or(u64::MAX)),
        }
    }

    /// Returns the size of the log.
    fn log_bytes(&self) -> u64 {
        self.parts.log.metadata().map_or(0, |it| it.len())
    }
}
