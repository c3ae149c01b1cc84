//! Why a workstream is where it is, and what happens next.

use super::fleet::Blocked;
use super::phase::{Cut, DoneBy, Intent, Phase, Running};
use super::time::{Timestamp, clock};
use super::workstream::Workstream;

/// Says in a sentence or two why a workstream is where it is and what happens next.
///
/// `blocked` is what the fleet says of it while it is queued.
pub fn explain(workstream: &Workstream, blocked: Option<&Blocked>, now: Timestamp) -> String {
    let agent = |tier: usize| workstream.tier(tier).map_or("?", |tier| tier.agent.as_str());
    let left = |until: Timestamp| clock(until.since(now));
    let mut text = match &workstream.phase {
        Phase::Queued { launch } => {
            let why = blocked.map_or_else(|| "is about to go".to_owned(), Blocked::explain);
            format!("It {why}; then {} works.", agent(launch.tier))
        }
        Phase::Preparing { until, .. } => {
            format!("Its worktree is being made; that may take {} more.", left(*until))
        }
        Phase::Probing { launch, until } => format!(
            "{} is asked whether it can work; without an answer within {} it is skipped.",
            agent(launch.tier),
            left(*until)
        ),
        Phase::Starting { launch, until } => format!(
            "Attempt {} is being started with {}; that may take {} more.",
            launch.attempt,
            agent(launch.tier),
            left(*until)
        ),
        Phase::Running(running) => explain_running(running, agent(running.launch.tier), now),
        Phase::Stopping(stopping) => {
            let why = match stopping.cut {
                Cut::Operator => "the operator wants it",
                Cut::Hard => "the hard timeout has passed",
                Cut::Idle => "it showed no progress for too long",
                Cut::StartHung => "its start was not confirmed in time",
                Cut::Survivors => "its processes survived the last time",
            };
            let next = if stopping.killed {
                format!("KILL was sent; if it is not gone in {} it is lost", left(stopping.lost_at))
            } else {
                format!("TERM was sent; KILL follows in {}", left(stopping.kill_at))
            };
            format!("{} is being ended because {why}. {next}.", agent(stopping.launch.tier))
        }
        Phase::Draining(draining) => format!(
            "{} has ended ({}); its work is being saved.",
            agent(draining.launch.tier),
            exit_words(&draining.ended.exit)
        ),
        Phase::Checking { since, until, .. } => format!(
            "The check has been running for {}; it may take {} more.",
            clock(now.since(*since)),
            left(*until)
        ),
        Phase::Backoff { launch, until } => format!(
            "{}Attempt {} starts with {} in {}.",
            last_failure(workstream),
            launch.attempt,
            agent(launch.tier),
            left(*until)
        ),
        Phase::Escalated { reason, .. } => format!("It waits for you: {reason}"),
        Phase::Done(by) => match by {
            DoneBy::Check => "Done: the check passed.",
            DoneBy::Agent => {
                "Done: the agent finished and changed something; no check was asked for."
            }
            DoneBy::Operator => "Done: you accepted it as it is.",
        }
        .to_owned(),
        Phase::Failed(reason) => format!("Given up: {reason}"),
        Phase::Stopped => "Stopped by the operator.".to_owned(),
        Phase::Lost { tree, .. } => {
            let who = tree.map_or_else(
                || "Its processes may still run, since their keeper does not answer.".to_owned(),
                |tree| format!("{} of its processes survived KILL.", tree.left),
            );
            format!("{who} Nothing starts in this worktree until they are gone.")
        }
    };
    if !matches!(workstream.phase, Phase::Stopped) {
        text.push_str(match &workstream.intent {
            Intent::Run => "",
            Intent::Stop => " Then it stays stopped, as you asked.",
            Intent::Redirect(_) => " Then the attempt that you asked for starts.",
            Intent::Ask(_) => " Then it waits for you.",
        });
    }
    text
}

fn explain_running(running: &Running, agent: &str, now: Timestamp) -> String {
    let mut text = format!(
        "{agent} has been working for {}; attempt {}.",
        clock(now.since(running.started)),
        running.launch.attempt
    );
    if let Some(slow) = running.slow {
        text.push_str(&format!(
            " It is past its soft timeout, for {} now.",
            clock(now.since(slow))
        ));
    } else if let Some(soft) = running.soft_at {
        text.push_str(&format!(" It counts as slow in {}.", clock(soft.since(now))));
    }
    text.push_str(&format!(" It is ended in {}", clock(running.hard_at.since(now))));
    if let Some(idle) = running.idle {
        text.push_str(&format!(", or after {} without output", clock(idle)));
    }
    text.push('.');
    text
}

fn last_failure(workstream: &Workstream) -> String {
    use super::ledger::AttemptOutcome;
    workstream.attempts.last().map_or_else(String::new, |attempt| match attempt.outcome {
        AttemptOutcome::Failed(class) => {
            let reason = attempt.reason.lines().next().unwrap_or_default();
            format!("Attempt {} failed ({class}: {reason}). ", attempt.id)
        }
        AttemptOutcome::Open
        | AttemptOutcome::Skipped
        | AttemptOutcome::Stopped
        | AttemptOutcome::Succeeded => String::new(),
    })
}

fn exit_words(exit: &super::verdict::Exit) -> String {
    use super::verdict::Exit;
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(signal) => format!("signal {signal}"),
        Exit::NotStarted(_) => "never started".to_owned(),
        Exit::Unknown(_) => "exit unknown".to_owned(),
    }
}
