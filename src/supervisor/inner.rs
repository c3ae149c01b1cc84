//! An attempt that is a supervisor itself, and has agents of its chain work in worktrees of their own.
//!
//! It is a process under a keeper like any other agent, and hosts the same supervisor, whose state is in the directory of
//! the attempt. Nothing in it waits for an operator, and nothing of it outlives its attempt. There are two kinds: a
//! [`replica`](super::replica) and a [`contest`](super::contest).

pub(super) mod base;
mod call;
mod leftovers;
pub(super) mod relay;
pub(super) mod verdict;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::MissedTickBehavior;

use super::host::{Adopt, Options, Supervisor, Until};
use super::inbox::Command;
use super::last_check;
use super::ownership::OwnerKind;
use super::state_dir::StateDir;
use crate::agents::api::failure::Failure;
use crate::agents::api::report::Report;
use crate::agents::prompt;
use crate::config::alerts::Alerts;
use crate::config::plan::Plan;
use crate::core::alert::AlertPolicy;
use crate::core::{FailureClass, Request, WorkstreamId};
use crate::ipc::facts::Facts;
use crate::worktree::{Checkpoint, Project, Worktree, WorktreeError};
use base::Base;
pub use call::Call;
pub(super) use leftovers::clear_earlier;
pub use leftovers::{announce, clear};
use relay::Relay;
pub use verdict::Done;

/// The variable that says how deep in supervisors of their own a process is.
pub const DEPTH: &str = "OSTLER_DEPTH";
/// One that is within an attempt has no others within its own attempts.
const DEEPEST: u32 = 1;
/// The directory of its state, in that of its attempt.
const STATE: &str = "inner";
/// The agents at work in it are looked after this often, to pass on that they are alive.
const PULSE: Duration = Duration::from_secs(30);

/// How an attempt that is a supervisor has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The work is done, and in the outer worktree.
    Done(Done),
    /// It was asked to end.
    Stopped,
}

/// Says how deep one would be that is started here, or why it is not started; `what` is it called.
pub fn depth(variable: Option<&str>, what: &str) -> Result<u32, Failure> {
    let wrong = |words: String| Failure::new(FailureClass::Config, words);
    let here = variable.map_or(Ok(0), str::parse::<u32>);
    let here = here.map_err(|_| wrong(format!("{DEPTH} is not a number")))?;
    if here < DEEPEST {
        return Ok(here + 1);
    }
    Err(wrong(format!("{what} does not replicate itself again: this is depth {here} of {DEEPEST}")))
}

/// Opens the state directory of the supervisor that is this attempt, and makes it if needed.
pub fn open_state(call: &Call) -> Result<StateDir, Failure> {
    StateDir::within(call.attempt_dir.join(STATE), call.project.common_dir()).map_err(machine)
}

/// Returns what its agents are to do, and what was tried before them.
pub(super) fn prompt(call: &Call) -> String {
    let said = last_check::output(&call.dir, &call.state).unwrap_or_else(|error: io::Error| {
        Some(format!("(what the check said cannot be read: {error})"))
    });
    let so_far = prompt::so_far(&call.state, &call.launch, said.as_deref());
    let prompt = call.launch.prompt.as_ref().unwrap_or(&call.workstream.prompt);
    format!("{}\n{so_far}", prompt.trim_end())
}

/// Nobody is told anything from within but by the log of the attempt, and nothing waits there for an answer.
pub(super) fn no_alerts() -> Alerts {
    let policy = AlertPolicy { escalate_after: None, ..AlertPolicy::default() };
    Alerts { policy, ..Alerts::default() }
}

/// Whether somebody has asked it to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    GoOn,
    End,
}

/// What decides while the agents are at work.
pub(super) trait Course {
    /// Returns the workstreams that are to be ended now.
    fn ends(&mut self, facts: &Facts, report: &mut Report<'_>) -> Vec<WorkstreamId>;
}

/// Runs the supervisor to its end, and tells meanwhile what happens in it.
pub(super) fn supervise(
    (project, plan, dir): (Project, Plan, StateDir),
    relay: &mut Relay,
    course: &mut dyn Course,
    report: &mut Report<'_>,
) -> Result<(Arc<Facts>, Wish), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Where the machine allows no more threads, those that are there do the work.
        .thread_keep_alive(Duration::MAX)
        .build()
        .map_err(machine)?;
    let ids: Vec<WorkstreamId> = plan.workstreams.iter().map(|it| it.id.clone()).collect();
    let options = Options {
        adopt: Adopt::Only(ids),
        until: Until::Idle,
        kind: OwnerKind::Worker,
        reload: None,
        state: Some(dir),
    };
    runtime.block_on(async {
        let mut asked = Asked::listen().map_err(machine)?;
        let (supervisor, handle) = Supervisor::open(project, plan, options).map_err(machine)?;
        let (mut facts, mut wish) = (handle.watch(), Wish::GoOn);
        let mut pulse = tokio::time::interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let run = supervisor.run();
        tokio::pin!(run);
        loop {
            tokio::select! {
                facts = &mut run => {
                    relay.tell(&facts, report);
                    course.ends(&facts, report);
                    return Ok((facts, wish));
                }
                Ok(()) = facts.changed() => {
                    let latest = Arc::clone(&facts.borrow_and_update());
                    relay.tell(&latest, report);
                    for id in course.ends(&latest, report) {
                        handle.send(Command::Request(id, Request::Stop));
                    }
                }
                () = asked.end() => {
                    wish = Wish::End;
                    report.aside("it is asked to end: its agents are stopped");
                    handle.send(Command::StopAll);
                }
                _ = pulse.tick() => relay.pulse(report),
            }
        }
    })
}

/// The signals that ask a process to end.
struct Asked([Signal; 3]);

impl Asked {
    fn listen() -> io::Result<Self> {
        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = kinds.map(signal);
        Ok(Self([terminate?, interrupt?, hangup?]))
    }

    async fn end(&mut self) {
        let [terminate, interrupt, hangup] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// Brings a result from its worktree into the outer one; returns the files that it has changed.
pub(super) fn bring_home(
    call: &Call,
    (away, made): (&Worktree, &Checkpoint),
    base: &Base,
    report: &mut Report<'_>,
) -> Result<Vec<String>, Failure> {
    let files = away.changed_files(&base.commit).map_err(lost)?;
    report.aside(&format!("its result is brought into {}", call.worktree.path().display()));
    call.worktree.bring(&made.tree, &format!("{}-result", call.attempt)).map_err(lost)?;
    Ok(files.iter().map(|file| file.path.display().to_string()).collect())
}

/// What is done cannot be had.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
pub(super) fn lost(error: WorktreeError) -> Failure {
    let words = format!("it is done, but cannot be brought home: {error}");
    Failure::new(FailureClass::WorktreeLost, words)
}

/// What the machine did not give.
pub(super) fn machine(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureClass::Resources, error.to_string())
}
