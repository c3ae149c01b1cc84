//! A replica: an attempt that is a supervisor itself, and runs the chain of its workstream again in a fresh worktree.
//!
//! Its one workstream has the prompt, the files, the tasks and the check of the outer one, and its chain but for replicas.
//! When that is done, the files are brought into the outer worktree, where they are this attempt's result.

mod plan;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::inner::relay::Relay;
use super::inner::verdict::{self, Done};
use super::inner::{self, Call, Course, Ending, Wish, base, machine};
use super::slots::{Slot, Slots};
use super::state_dir::StateDir;
use crate::agents::api::failure::Failure;
use crate::agents::api::report::Report;
use crate::core::{FailureClass, WorkstreamId};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::worktree::Worktree;

/// Runs the chain of a workstream again, at this depth, and brings the result home.
pub fn run(
    call: &Call,
    dir: &StateDir,
    depth: u32,
    report: &mut Report<'_>,
) -> Result<Ending, Failure> {
    let _place = take_place(call)?;
    inner::clear_earlier(call, report);
    let base = base::choose(call)?;
    report.aside(&base.words);
    let plan = plan::plan(call, &base, depth)?;
    let id = plan::id(&call.id, call.attempt);
    inner::announce(&call.attempt_dir, &[id], &plan.worktrees).map_err(machine)?;
    let ran = (call.project.clone(), plan, dir.clone());
    let mut relay = Relay::of_one(dir.clone());
    let ended = inner::supervise(ran, &mut relay, &mut ToItsEnd, report);
    let ended = ended.and_then(|(facts, wish)| match wish {
        Wish::End => Ok(Ending::Stopped),
        Wish::GoOn => bring_home(call, verdict::done(&facts)?, &base, report).map(Ending::Done),
    });
    if let Err(why) = inner::clear(&call.project, &call.attempt_dir) {
        report.note(&why);
    }
    ended
}

/// Takes one of the places of replicas, for as long as the result lives.
fn take_place(call: &Call) -> Result<Slot, Failure> {
    let most = call.agent.max_workers.ok_or_else(|| {
        let words = format!("attempt {} of {} is no replica's", call.attempt, call.id);
        Failure::new(FailureClass::Config, words)
    })?;
    let places = call.dir.replicas();
    DirBuilder::new().recursive(true).mode(0o700).create(&places).map_err(machine)?;
    let taken = Slots::new(places).take(most as usize).map_err(machine)?;
    taken.ok_or_else(|| {
        machine(match most {
            1 => "another replica is at work, and `max_workers` is 1".to_owned(),
            most => format!("{most} replicas are at work, as many as `max_workers` allows"),
        })
    })
}

/// Nothing is ended before its time.
struct ToItsEnd;

impl Course for ToItsEnd {
    fn ends(&mut self, _facts: &Facts, _report: &mut Report<'_>) -> Vec<WorkstreamId> {
        Vec::new()
    }
}

/// Brings home what was done.
fn bring_home(
    call: &Call,
    inner: &WorkstreamFacts,
    base: &base::Base,
    report: &mut Report<'_>,
) -> Result<Done, Failure> {
    let path = inner.worktree.as_deref().unwrap_or(Path::new(""));
    let away = Worktree::open(path, &inner.id).map_err(inner::lost)?;
    let made = away.checkpoint("result").map_err(inner::lost)?;
    let files = inner::bring_home(call, (&away, &made), base, report)?;
    Ok(Done::by_the_last(inner, files, made.left_out))
}
