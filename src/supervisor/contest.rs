//! A contest: an attempt that is a supervisor itself, and has several agents work side by side from the same beginning.
//!
//! Each contestant is a workstream of its own, with a chain of one agent, in a worktree of its own. In a race the first
//! whose work passes wins, and the others are ended; in a vote all work to their end, and what more than half of them made
//! wins. The files of the winner are brought into the outer worktree; what the others made stays as checkpoints.

mod course;
mod decide;
mod lineup;
mod plan;
mod standing;

use super::inner::relay::{Part, Relay};
use super::inner::verdict::{self, Done};
use super::inner::{self, Call, Ending, Wish, base, machine};
use super::state_dir::StateDir;
use crate::agents::api::failure::Failure;
use crate::agents::api::report::Report;
use crate::core::FailureClass;
use crate::core::account::Usage;
use crate::core::contest::Contending;
use crate::core::phase::StartFrom;
use crate::core::policy::RetryMode;
use decide::{Decision, decide};
use lineup::Lineup;
use standing::Standing;

/// Has the contestants of an attempt work, at this depth, and brings home what wins.
pub fn run(
    call: &Call,
    dir: &StateDir,
    depth: u32,
    report: &mut Report<'_>,
) -> Result<Ending, Failure> {
    let how = call.agent.contends.ok_or_else(|| {
        let words = format!("attempt {} of {} is no contest", call.attempt, call.id);
        Failure::new(FailureClass::Config, words)
    })?;
    if call.launch.mode == RetryMode::Take {
        return taken(call).map(Ending::Done);
    }
    inner::clear_earlier(call, report);
    let lineup = Lineup::of(call, how, report)?;
    let base = base::choose(call)?;
    report.aside(&base.words);
    let plan = plan::plan(call, &lineup, &base, depth);
    let ids: Vec<_> = plan.workstreams.iter().map(|it| it.id.clone()).collect();
    inner::announce(&call.attempt_dir, &ids, &plan.worktrees).map_err(machine)?;
    let parts = lineup.entrants.iter().map(|one| Part::of_many(lineup.name(one), one.number));
    let mut relay = Relay::of(dir.clone(), parts.collect());
    let ran = (call.project.clone(), plan, dir.clone());
    let mut course = course::of(how, &lineup);
    let ended = inner::supervise(ran, &mut relay, &mut course, report);
    let ended = ended.and_then(|(facts, wish)| {
        let standings = standing::all(&facts, &lineup);
        let first = course.first.and_then(|place| standings.get(place));
        for (place, standing) in standings.iter().enumerate() {
            relay.left(place, standing.left(first), report);
        }
        match wish {
            Wish::End => Ok(Ending::Stopped),
            Wish::GoOn => {
                let of = call.workstream.contest.as_ref().map(|it| it.contestants.len());
                let decision = decide(&standings, &course, of.unwrap_or(standings.len()))?;
                bring_home(call, &standings, &decision, &base, report).map(Ending::Done)
            }
        }
    });
    if let Err(why) = inner::clear(&call.project, &call.attempt_dir) {
        report.note(&why);
    }
    ended
}

/// Brings home what wins.
fn bring_home(
    call: &Call,
    standings: &[Standing<'_>],
    decision: &Decision<'_>,
    base: &base::Base,
    report: &mut Report<'_>,
) -> Result<Done, Failure> {
    let (away, made) = decision.winner.result().ok_or_else(|| {
        let words = format!("what {} made cannot be found", decision.winner.name);
        Failure::new(FailureClass::WorktreeLost, words)
    })?;
    let files = inner::bring_home(call, (away, made), base, report)?;
    let words = format!("{}; {}", decision.words, verdict::changed(files.len()));
    let usage = verdict::usage(standings.iter().map(|standing| standing.facts.as_ref()));
    Ok(Done { words, files, left_out: made.left_out.clone(), usage })
}

/// Says whose work was taken: it is in the worktree already.
fn taken(call: &Call) -> Result<Done, Failure> {
    let StartFrom::Contestant(attempt, number) = call.launch.from else {
        return Err(Failure::new(FailureClass::Config, "nothing is named that could be taken"));
    };
    let base = call.worktree.base().map_err(inner::lost)?;
    let files = call.worktree.changed_files(&base).map_err(inner::lost)?;
    let files: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
    let all = call.state.attempt(attempt).map(|attempt| attempt.account.inner.as_slice());
    let mut own = all.unwrap_or_default().iter().filter(|it| it.contestant == Some(number));
    let agent = own.next().map_or("nobody", |inner| inner.agent.as_str());
    let words = format!("you have taken what {agent} made, number {number} of attempt {attempt}");
    Ok(Done { words, files, left_out: Vec::new(), usage: Usage::default() })
}

impl Contending {
    /// Returns what it is called where one is meant.
    fn called(self) -> &'static str {
        match self {
            Self::Race => "the race",
            Self::Vote => "the vote",
        }
    }
}
