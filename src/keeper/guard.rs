//! The dead-man's switch: when nobody looks after the workstream any more, somebody is raised.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, Mode, flock};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, pidfd_open, pidfd_send_signal, set_child_subreaper,
    umask, waitpid,
};

use super::complaint;
use super::gate::passed;
use super::spec::Raise;

/// While the owner's lock is held, the time between two looks is so many times that before the first one.
const HELD: u32 = 3;
/// The longest time between two raises, and between two looks at the run directory.
const LONGEST: Duration = Duration::from_secs(60);
/// Raises without anybody connecting.
const MOST: u32 = 20;
/// How long starting somebody may take.
const PATIENCE: Timespec = Timespec { tv_sec: 5, tv_nsec: 0 };

/// The dead-man's switch of one attempt.
#[derive(Debug)]
pub struct Guard {
    /// Whom to raise.
    raise: Option<Raise>,
    /// The file mode mask of who started the keeper, which is stricter itself.
    umask: Mode,
    /// When to look; none while somebody is connected.
    next: Option<Instant>,
    /// How long nobody may be connected before the first look, and between the first two raises.
    first: Duration,
    /// The time to the next raise.
    delay: Duration,
    /// Raises since somebody was connected.
    raised: u32,
}

/// What a look has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is not time.
    NotYet,
    /// Somebody owns the workstream, or nobody is to be raised.
    Nothing,
    /// The lock is free: somebody is to be raised.
    Raise,
}

impl Guard {
    /// Makes a guard.
    pub fn new(raise: Option<Raise>, umask: Mode) -> Self {
        let first = raise.as_ref().map_or(LONGEST, |raise| raise.after.min(LONGEST));
        Self { raise, umask, next: None, first, delay: first, raised: 0 }
    }

    /// Takes note that somebody is connected.
    pub fn accompanied(&mut self) {
        self.next = None;
        self.delay = self.first;
        self.raised = 0;
    }

    /// Takes note that nobody is connected.
    pub fn alone(&mut self, now: Instant) {
        if self.next.is_none() {
            self.next = Some(now + self.first);
        }
    }

    /// Returns when to look.
    pub fn next(&self) -> Option<Instant> {
        self.next
    }

    /// Tells whether nobody came although all raises were made.
    pub fn has_given_up(&self) -> bool {
        self.raised >= MOST
    }

    /// Looks whether somebody is to be raised, if it is time.
    pub fn look(&mut self, now: Instant) -> Look {
        if self.next.is_none_or(|at| now < at) {
            return Look::NotYet;
        }
        self.next = Some(now + LONGEST);
        let Some(raise) = self.raise.as_ref().filter(|_| self.raised < MOST) else {
            return Look::Nothing;
        };
        if is_held(&raise.owner_lock) {
            self.next = Some(now + self.first * HELD);
            return Look::Nothing;
        }
        self.next = Some(now + self.delay);
        self.delay = (self.delay * 2).min(LONGEST);
        self.raised += 1;
        Look::Raise
    }

    /// Starts a new owner that belongs to nobody.
    ///
    /// What a keeper starts stays below it, and would be ended with the agent's tree. So for that moment the keeper is
    /// no subreaper and the new owner goes to whoever is above; an orphan of the agent may get out with it, which the
    /// caller must look after.
    pub fn raise(&self) {
        let Some(raise) = &self.raise else {
            return;
        };
        let _ = set_child_subreaper(None);
        let own = umask(self.umask);
        let started = start(raise);
        umask(own);
        let _ = set_child_subreaper(Some(Pid::INIT));
        if let Err(error) = started {
            let program = raise.argv.first().map_or("nothing", String::as_str);
            complaint::note(&format!("nobody owns this, and `{program}` did not start: {error}"));
        }
    }
}

/// Starts a new owner and waits until its parent is gone.
fn start(raise: &Raise) -> io::Result<()> {
    let mut apart = Command::new("/proc/self/exe");
    apart.arg("apart").arg(&raise.cwd).args(&raise.argv);
    apart.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for (name, _) in passed() {
        apart.env_remove(name);
    }
    let child = apart.spawn()?;
    let pid = Pid::from_child(&child);
    let handle = pidfd_open(pid, PidfdFlags::empty())?;
    loop {
        match poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&PATIENCE)) {
            Ok(1..) => break,
            // Its end interrupts the wait, too.
            Err(Errno::INTR) => {}
            Ok(0) | Err(_) => {
                pidfd_send_signal(&handle, Signal::KILL)?;
                break;
            }
        }
    }
    match waitpid(Some(pid), WaitOptions::empty())? {
        Some((_, status)) if status.exit_status() == Some(0) => Ok(()),
        other => Err(io::Error::other(format!("{other:?}"))),
    }
}

/// Tells whether somebody holds the owner's lock, by taking it (shared) for an instant, so an owner tries twice; a lock that is not there or cannot be read is held by nobody.
fn is_held(owner_lock: &Path) -> bool {
    File::open(owner_lock).is_ok_and(|file| {
        flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(5);

    fn guard(lock: &Path) -> Guard {
        let raise =
            Raise { owner_lock: lock.to_owned(), argv: vec![], cwd: "/".into(), after: FIRST };
        Guard::new(Some(raise), Mode::empty())
    }

    #[test]
    fn a_held_lock_raises_nobody() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("owner.lock");
        let owner = File::create(&path).expect("a lock");
        owner.lock().expect("locked");
        let (mut guard, now) = (guard(&path), Instant::now());
        guard.alone(now);
        assert_eq!(guard.look(now), Look::NotYet);
        assert_eq!(guard.look(now + FIRST), Look::Nothing);
        assert_eq!(guard.next(), Some(now + FIRST * 4));
        drop(owner);
        assert_eq!(guard.look(now + FIRST * 4), Look::Raise);
    }

    #[test]
    fn raises_grow_rare_and_end() {
        let place = tempfile::tempdir().expect("a directory");
        let mut guard = guard(&place.path().join("owner.lock"));
        let mut now = Instant::now();
        guard.alone(now);
        let mut waits = Vec::new();
        while !guard.has_given_up() {
            let next = guard.next().expect("a time");
            waits.push(next.duration_since(now).as_secs());
            now = next;
            assert_eq!(guard.look(now), Look::Raise);
        }
        assert_eq!((waits.len(), &waits[..6]), (20, &[5, 5, 10, 20, 40, 60][..]));
        guard.accompanied();
        assert!(guard.next().is_none() && !guard.has_given_up());
    }
}
