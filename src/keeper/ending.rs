//! How a process tree is brought to its end.
//!
//! The keeper is the subreaper of the agent's processes, so whatever one does, fork twice, make a session, close every
//! descriptor, it stays below the keeper. All are gone exactly when the keeper has no child left.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::orphan;
use super::process::Process;
use crate::core::verdict::Tree;

/// As good as for ever.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Processes that end by themselves right after the agent are not worth a signal.
const SETTLE: Duration = Duration::from_millis(100);
/// The time between TERM and KILL for what an exited agent left.
const LEFTOVER_GRACE: Duration = Duration::from_secs(2);
/// A process that lives so long after the first KILL is not going to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// Rounds of STOP before a KILL: a process that forks on and on is frozen sooner or later.
const FREEZE_ROUNDS: usize = 16;

/// The end of one process tree.
#[derive(Debug)]
pub struct Ending {
    /// The root, which is not ended itself.
    keeper: u32,
    /// The agent's main process and group.
    leader: u32,
    /// The main process was reaped: its number may belong to somebody else.
    leader_reaped: bool,
    /// Set if processes may have got out from below the keeper; they still carry the run directory.
    escaped_from: Option<PathBuf>,
    /// What was there and had to be ended.
    seen: BTreeSet<(u32, u64)>,
    /// Where it is.
    step: Step,
}

/// Where the end of a tree is.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The agent runs.
    Waiting,
    /// The agent has exited; what is left gets a moment.
    Settling(Instant),
    /// TERM was sent; KILL comes then.
    Asked(Instant),
    /// KILL is sent again and again.
    Killing { since: Instant, next: Instant },
    /// Nothing is left.
    Over,
}

impl Ending {
    /// Makes the end of a tree that still runs.
    pub fn new(keeper: u32, leader: u32) -> Self {
        Self {
            keeper,
            leader,
            leader_reaped: false,
            escaped_from: None,
            seen: BTreeSet::new(),
            step: Step::Waiting,
        }
    }

    /// Tells whether anybody wants the tree to end.
    pub fn is_begun(&self) -> bool {
        !matches!(self.step, Step::Waiting)
    }

    /// Asks the whole tree to end, and ends it after the grace.
    pub fn stop(&mut self, now: Instant, grace: Duration) {
        // A grace beyond the end of the clock is as good as a day.
        let until = now.checked_add(grace).unwrap_or(now + DAY);
        match self.step {
            Step::Waiting | Step::Settling(_) => self.ask(until),
            Step::Asked(earlier) => self.step = Step::Asked(earlier.min(until)),
            Step::Killing { .. } | Step::Over => {}
        }
    }

    /// Ends the whole tree now.
    pub fn kill(&mut self, now: Instant) {
        if !matches!(self.step, Step::Killing { .. } | Step::Over) {
            self.step = Step::Killing { since: now, next: now };
        }
    }

    /// Takes note that the main process was reaped.
    pub fn leader_reaped(&mut self, now: Instant) {
        self.leader_reaped = true;
        match self.step {
            Step::Waiting => self.step = Step::Settling(now + SETTLE),
            Step::Asked(until) => self.step = Step::Asked(until.min(now + LEFTOVER_GRACE)),
            Step::Settling(_) | Step::Killing { .. } | Step::Over => {}
        }
    }

    /// Takes note that the keeper was no subreaper for a moment, so an orphan may have got out.
    pub fn may_have_escaped(&mut self, run_directory: PathBuf) {
        self.escaped_from = Some(run_directory);
    }

    /// Does what is due; `childless` says that the keeper has no child.
    pub fn tick(&mut self, now: Instant, children: Children) {
        let is_alone = || self.strays().is_ok_and(|strays| strays.is_empty());
        if self.leader_reaped && children == Children::None && is_alone() {
            self.step = Step::Over;
        }
        match self.step {
            Step::Settling(until) if now >= until => self.ask(now + LEFTOVER_GRACE),
            Step::Asked(until) if now >= until => self.kill(now),
            _ => {}
        }
        if let Step::Killing { since, next } = self.step
            && now >= next
        {
            self.kill_all();
            let pace = match now.duration_since(since).as_secs() {
                0 => Duration::from_millis(20),
                1..=10 => Duration::from_millis(200),
                _ => Duration::from_secs(1),
            };
            self.step = Step::Killing { since, next: now + pace };
        }
    }

    /// Returns when there is something to do.
    pub fn next(&self) -> Option<Instant> {
        match self.step {
            Step::Waiting | Step::Over => None,
            Step::Settling(at) | Step::Asked(at) => Some(at),
            Step::Killing { next, .. } => Some(next),
        }
    }

    /// Returns what became of the tree, once nothing is left or what is left survives KILL.
    pub fn outcome(&self, now: Instant) -> Option<Tree> {
        let seen = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        match self.step {
            Step::Over => Some(Tree { ended: seen, left: 0 }),
            Step::Killing { since, .. } if now.duration_since(since) >= PATIENCE => {
                let left = u32::try_from(self.living().len()).unwrap_or(u32::MAX);
                Some(Tree { ended: seen.saturating_sub(left), left })
            }
            _ => None,
        }
    }

    /// Sends TERM to all, and CONT, since a stopped process cannot act on it.
    fn ask(&mut self, until: Instant) {
        let living = self.living();
        self.seen.extend(living.iter().map(Process::key));
        // The group first and at once, so that no fork slips through; nobody gets the signal twice, since many programs
        // take the second one as an order to leave without cleaning up.
        let group = if self.leader_reaped {
            None
        } else {
            i32::try_from(self.leader).ok().and_then(Pid::from_raw)
        };
        let grouped = group.is_some_and(|it| kill_process_group(it, Signal::TERM).is_ok());
        for signal in [Signal::TERM, Signal::CONT] {
            for it in &living {
                if signal == Signal::CONT || !grouped || it.group != self.leader {
                    let _ = it.signal(signal);
                }
            }
        }
        self.step = Step::Asked(until);
    }

    /// Freezes all, so that none can fork, and kills them.
    fn kill_all(&mut self) {
        let mut frozen = HashSet::new();
        for _ in 0..FREEZE_ROUNDS {
            let fresh: Vec<Process> =
                self.living().into_iter().filter(|it| frozen.insert(it.key())).collect();
            if fresh.is_empty() {
                break;
            }
            for it in fresh {
                self.seen.insert(it.key());
                let _ = it.signal(Signal::STOP);
            }
        }
        for it in self.living() {
            self.seen.insert(it.key());
            let _ = it.signal(Signal::KILL);
        }
    }

    /// Lists what is alive of the tree.
    fn living(&self) -> Vec<Process> {
        // What cannot be looked at now is looked at again by the next round; that nothing is left is never known from here.
        let mut living = Process::below(self.keeper).unwrap_or_default();
        let known: HashSet<(u32, u64)> = living.iter().map(Process::key).collect();
        let strays = self.strays().unwrap_or_default();
        living.extend(strays.into_iter().filter(|it| !known.contains(&it.key())));
        living
    }

    /// Lists what got out from below the keeper.
    fn strays(&self) -> io::Result<Vec<Process>> {
        self.escaped_from.as_deref().map_or(Ok(Vec::new()), orphan::carriers)
    }
}

/// Whether a process has children, dead or alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Children {
    /// There is at least one.
    Some,
    /// There is none.
    None,
}
