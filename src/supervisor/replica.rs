//! A replica: an attempt that is a supervisor itself, and runs the chain of its workstream again in a fresh worktree.
//!
//! It is a process under a keeper like any other agent, and hosts the same supervisor, whose state is in the directory of
//! the attempt. Its one workstream has the prompt, the files, the tasks and the check of the outer one, and its chain but
//! for replicas. When that is done, the files are brought into the outer worktree, where they are this attempt's result.
//! Nothing in it waits for an operator, and nothing of it outlives its attempt.

mod base;
mod call;
mod inner;
mod leftovers;
mod relay;
mod verdict;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::MissedTickBehavior;

use super::host::{Adopt, Options, Supervisor, Until};
use super::inbox::Command;
use super::ownership::OwnerKind;
use super::state_dir::StateDir;
use crate::agents::api::failure::Failure;
use crate::agents::api::report::Report;
use crate::config::plan::Plan;
use crate::core::{FailureClass, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::worktree::{Project, Worktree, WorktreeError};
pub use call::Call;
pub use leftovers::{announce, clear};
use relay::Relay;
pub use verdict::Done;

/// The variable that says how deep in replicas a process is.
pub const DEPTH: &str = "OSTLER_DEPTH";
/// A replica does not replicate itself again.
const DEEPEST: u32 = 1;
/// The directory of its state, in that of its attempt.
const STATE: &str = "replica";
/// The agents at work in it are looked after this often, to pass on that they are alive.
const PULSE: Duration = Duration::from_secs(30);

/// How a replica has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The work is done, and in the outer worktree.
    Done(Done),
    /// It was asked to end.
    Stopped,
}

/// Says how deep a replica would be that is started here, or why it is not started.
pub fn depth(variable: Option<&str>) -> Result<u32, Failure> {
    let wrong = |words: String| Failure::new(FailureClass::Config, words);
    let here = variable.map_or(Ok(0), str::parse::<u32>);
    let here = here.map_err(|_| wrong(format!("{DEPTH} is not a number")))?;
    if here < DEEPEST {
        return Ok(here + 1);
    }
    Err(wrong(format!(
        "a replica does not replicate itself again: this is depth {here} of {DEEPEST}"
    )))
}

/// Opens the state directory of the replica that is this attempt, and makes it if needed.
pub fn open_state(call: &Call) -> Result<StateDir, Failure> {
    StateDir::within(call.attempt_dir.join(STATE), call.project.common_dir()).map_err(machine)
}

/// Runs the chain of a workstream again, at this depth, and brings the result home.
pub fn run(
    call: &Call,
    dir: &StateDir,
    depth: u32,
    report: &mut Report<'_>,
) -> Result<Ending, Failure> {
    let _place = call.take_place()?;
    leftovers::clear_earlier(call, report);
    let base = base::choose(call)?;
    report.aside(&base.words);
    let plan = inner::plan(call, &base, depth)?;
    let id = inner::id(&call.id, call.attempt);
    announce(&call.attempt_dir, &id, &plan.worktrees).map_err(machine)?;
    let ended = supervise(call.project.clone(), plan, dir.clone(), report);
    let ended = ended.and_then(|(facts, wish)| match wish {
        Wish::End => Ok(Ending::Stopped),
        Wish::GoOn => bring_home(call, verdict::done(&facts)?, &base, report).map(Ending::Done),
    });
    if let Err(why) = clear(&call.project, &call.attempt_dir) {
        report.note(&why);
    }
    ended
}

/// Whether somebody has asked it to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    GoOn,
    End,
}

/// Runs the supervisor to its end, and tells meanwhile what happens in it.
fn supervise(
    project: Project,
    plan: Plan,
    dir: StateDir,
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
        state: Some(dir.clone()),
    };
    runtime.block_on(async {
        let mut asked = Asked::listen().map_err(machine)?;
        let (supervisor, handle) = Supervisor::open(project, plan, options).map_err(machine)?;
        let (mut facts, mut relay, mut wish) = (handle.watch(), Relay::new(dir), Wish::GoOn);
        let mut pulse = tokio::time::interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let run = supervisor.run();
        tokio::pin!(run);
        loop {
            tokio::select! {
                facts = &mut run => {
                    relay.tell(&facts, report);
                    return Ok((facts, wish));
                }
                Ok(()) = facts.changed() => {
                    let latest = Arc::clone(&facts.borrow_and_update());
                    relay.tell(&latest, report);
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

/// Brings home what was done.
fn bring_home(
    call: &Call,
    inner: &WorkstreamFacts,
    base: &base::Base,
    report: &mut Report<'_>,
) -> Result<Done, Failure> {
    let lost = |error: WorktreeError| {
        let words = format!("it is done, but cannot be brought home: {error}");
        Failure::new(FailureClass::WorktreeLost, words)
    };
    let path = inner.worktree.as_deref().unwrap_or(Path::new(""));
    let away = Worktree::open(path, &inner.id).map_err(lost)?;
    let made = away.checkpoint("result").map_err(lost)?;
    let files = away.changed_files(&base.commit).map_err(lost)?;
    report.aside(&format!("its result is brought into {}", call.worktree.path().display()));
    call.worktree.bring(&made.tree, &format!("{}-result", call.attempt)).map_err(lost)?;
    Ok(Done::new(inner, &files, made.left_out))
}

/// What the machine did not give.
fn machine(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureClass::Resources, error.to_string())
}
