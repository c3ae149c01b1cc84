//! Why a workstream is where it is, and what happens next.

use super::definition::{Order, Tier};
use super::fleet::Blocked;
use super::ledger::AttemptOutcome;
use super::phase::{Cut, DoneBy, Intent, Launch, Phase, Running, Stopping, Survivor};
use super::time::{Timestamp, clock};
use super::verdict::{Exit, Tree};
use super::workstream::Workstream;

/// Says in a sentence or two why a workstream is where it is and what happens next.
///
/// `blocked` is what the fleet says of it while it is queued.
pub fn explain(workstream: &Workstream, blocked: Option<&Blocked>, now: Timestamp) -> String {
    let agent = |launch: &Launch| workstream.agent_at(launch).to_string();
    let left = |until: Timestamp| clock(until.since(now));
    let mut text = match &workstream.phase {
        Phase::Queued { launch } => {
            let why =
                blocked.map_or_else(|| "is about to go".to_owned(), |blocked| blocked.explain(now));
            format!("It {why}; then {} works.", agent(launch))
        }
        Phase::Preparing { until, .. } => {
            format!("Its worktree is being made; that may take {} more.", left(*until))
        }
        Phase::Probing { launch, until } => format!(
            "{} is asked whether it can work; without an answer within {} it is skipped.",
            agent(launch),
            left(*until)
        ),
        Phase::Starting { launch, until } => format!(
            "Attempt {} is being started with {}; that may take {} more.",
            launch.attempt,
            agent(launch),
            left(*until)
        ),
        Phase::Running(running) => {
            let inside = workstream.attempt(running.launch.attempt);
            let inside = inside.and_then(|attempt| attempt.account.inside());
            let inside = inside.map_or_else(String::new, |inside| format!(" In it: {inside}."));
            explain_running(running, &agent(&running.launch), now) + &inside
        }
        Phase::Stopping(stopping) => explain_stopping(stopping, &agent(&stopping.launch), now),
        Phase::Draining(draining) => format!(
            "{} has ended ({}); its work is being saved.",
            agent(&draining.launch),
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
            agent(launch),
            left(*until)
        ),
        Phase::Escalated { reason, .. } => format!("It waits for you: {reason}"),
        Phase::Done(by) => explain_done(*by).to_owned(),
        Phase::Failed(reason) => format!("Given up: {reason}"),
        Phase::Stopped => "Stopped by the operator.".to_owned(),
        Phase::Lost { who, tree, .. } => explain_lost(*who, *tree),
    };
    if workstream.phase.launch().is_some() {
        text.push_str(&explain_order(workstream));
        text.push_str(&explain_standby(workstream, now));
    }
    if !matches!(workstream.phase, Phase::Stopped) {
        text.push_str(explain_intent(&workstream.intent));
    }
    text
}

/// Says why the agents stand in the order in which they do, if that was not declared.
fn explain_order(workstream: &Workstream) -> String {
    let ranking = &workstream.guarded.ranking;
    if workstream.definition.order == Order::Declared || ranking.is_empty() {
        return String::new();
    }
    let why = |tier: &Tier| {
        let ranked = ranking.iter().find(|ranked| ranked.agent == tier.agent)?;
        Some(format!("{} ({})", ranked.agent, ranked.why))
    };
    let chain: Vec<String> = workstream.definition.tiers.iter().filter_map(why).collect();
    if chain.is_empty() {
        return String::new();
    }
    format!(" Its chain is ordered by how its agents have been doing: {}.", chain.join(", "))
}

/// Says whether the agent that would take over can.
fn explain_standby(workstream: &Workstream, now: Timestamp) -> String {
    if !workstream.phase.word().holds_slot() {
        return String::new();
    }
    let words = workstream.standby.iter().map(|standby| standby.words(now));
    words.flat_map(|words| [" ".to_owned(), words]).collect()
}

fn explain_intent(intent: &Intent) -> &'static str {
    match intent {
        Intent::Run => "",
        Intent::Stop => " Then it stays stopped, as you asked.",
        Intent::Redirect(_) => " Then the attempt that you asked for starts.",
        Intent::Ask(_) => " Then it waits for you.",
    }
}

fn explain_done(by: DoneBy) -> &'static str {
    match by {
        DoneBy::Check => "Done: the check passed.",
        DoneBy::Agent => "Done: the agent finished and changed something; no check was asked for.",
        DoneBy::Operator => "Done: you accepted it as it is.",
    }
}

fn explain_lost(who: Survivor, tree: Option<Tree>) -> String {
    let who = match (who, tree) {
        (Survivor::Check, _) => "Its check did not end and may still run.".to_owned(),
        (Survivor::Agent, Some(Tree { left: 1, .. })) => {
            "1 of its processes still runs.".to_owned()
        }
        (Survivor::Agent, Some(tree)) => format!("{} of its processes still run.", tree.left),
        (Survivor::Agent, None) => {
            "Its processes may still run, since their keeper does not answer.".to_owned()
        }
    };
    format!("{who} Nothing starts in this worktree until that is settled; kill tries again.")
}

fn explain_stopping(stopping: &Stopping, agent: &str, now: Timestamp) -> String {
    let left = |until: Timestamp| clock(until.since(now));
    let why = match stopping.cut {
        Cut::Operator => "the operator wants it",
        Cut::Hard => "the hard timeout has passed",
        Cut::Idle => "it showed no progress for too long",
        Cut::Hopeless(_) => "by its own words it does not come to an end by itself",
        Cut::StartHung => "its start was not confirmed in time",
        Cut::Survivors => "some of its processes were left behind",
    };
    let next = if stopping.killed {
        format!("KILL was sent; if it is not gone in {} it is lost", left(stopping.lost_at))
    } else {
        format!("TERM was sent; KILL follows in {}", left(stopping.kill_at))
    };
    format!("{agent} is being ended because {why}. {next}.")
}

fn explain_running(running: &Running, agent: &str, now: Timestamp) -> String {
    let slow = match (running.slow, running.soft_at) {
        (Some(slow), _) => {
            format!(" It is past its soft timeout, for {} now.", clock(now.since(slow)))
        }
        (None, Some(soft)) => format!(" It counts as slow in {}.", clock(soft.since(now))),
        (None, None) => String::new(),
    };
    let idle = running
        .idle
        .filter(|_| running.waiting.is_none())
        .map_or_else(String::new, |idle| format!(", or after {} without output", clock(idle)));
    let waits = running.waiting.as_ref().map_or_else(String::new, |on| {
        format!(" It waits for you, by its own words: {}.", on.line.trim_end_matches('.'))
    });
    format!(
        "{agent} has been working for {}; attempt {}.{waits}{slow} It is ended in {}{idle}.",
        clock(now.since(running.started)),
        running.launch.attempt,
        clock(running.hard_at.since(now)),
    )
}

fn last_failure(workstream: &Workstream) -> String {
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

fn exit_words(exit: &Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(signal) => format!("signal {signal}"),
        Exit::NotStarted(_) => "never started".to_owned(),
        Exit::Unknown(_) => "exit unknown".to_owned(),
    }
}
