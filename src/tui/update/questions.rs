//! The sentences that name what a decision ends and what it keeps.

use std::path::Path;

use crate::core::Timestamp;
use crate::core::phase::PhaseWord;
use crate::core::time::clock;
use crate::ipc::facts::{Facts, Link, LinkState, WorkstreamFacts};
use crate::tui::action::{Action, at_rest, waits};
use crate::tui::state::Leaving;

/// No list in a question names more.
const NAMED: usize = 6;

/// Names what runs for a workstream; nothing if nothing does.
pub(super) fn at_work(ws: &WorkstreamFacts, now: Timestamp) -> Option<String> {
    let agent = ws.agent.as_deref().unwrap_or("its agent");
    match ws.phase {
        PhaseWord::Starting | PhaseWord::Running | PhaseWord::Stopping => {
            let pid = ws.agent_pid.map(|pid| format!("pid {pid}"));
            // What is being started has no log yet, and so is not the one that is shown.
            let begun = ws.attempts.last().map(|attempt| attempt.id);
            let attempt = if ws.phase == PhaseWord::Starting { begun } else { ws.attempt };
            let attempt = attempt.map(|attempt| format!("attempt {attempt}"));
            let time = ws.started.map(|started| clock(now.since(started)));
            let known: Vec<String> = [pid, attempt, time].into_iter().flatten().collect();
            Some(if known.is_empty() {
                agent.to_owned()
            } else {
                format!("{agent} ({})", known.join(", "))
            })
        }
        PhaseWord::Checking => Some("its check".to_owned()),
        PhaseWord::Probing => Some(format!("the probe of {agent}")),
        PhaseWord::Lost => Some(format!("what is left of {agent}")),
        PhaseWord::Queued
        | PhaseWord::Preparing
        | PhaseWord::Draining
        | PhaseWord::Backoff
        | PhaseWord::Escalated
        | PhaseWord::Done
        | PhaseWord::Failed
        | PhaseWord::Stopped => None,
    }
}

pub(super) fn stop(ws: &WorkstreamFacts, now: Timestamp) -> String {
    let ends = at_work(ws, now).map_or_else(
        || "Nothing of it runs; it will not go on by itself.".to_owned(),
        |who| format!("{} is ended with TERM, and with KILL if it does not go.", capital(&who)),
    );
    format!("Stop {}? {ends}{}", ws.id, kept(ws))
}

pub(super) fn kill(ws: &WorkstreamFacts, now: Timestamp) -> String {
    let ends = at_work(ws, now).map_or_else(
        || "Nothing of it runs; it will not go on by itself.".to_owned(),
        |who| format!("{} and all its processes are ended with KILL, unasked.", capital(&who)),
    );
    format!("Kill {}? {ends}{}", ws.id, kept(ws))
}

/// Asks before what was begun is ended, since it is to be undone; `was` is where the first of those was before.
pub(super) fn undo(
    what: &str,
    those: &[&WorkstreamFacts],
    was: Option<PhaseWord>,
    now: Timestamp,
) -> String {
    let [ws] = those else {
        return format!("Undo the {what}? It has begun. {}", many(Action::Stop, (those, &[]), now));
    };
    let who = at_work(ws, now).unwrap_or_else(|| "its agent".to_owned());
    let then =
        was.map_or_else(String::new, |was| format!(" It was {was}; after this it is stopped."));
    format!(
        "Undo the {what}? It has begun: {who} is ended with TERM, and with KILL if it does not go.{}{then}",
        kept(ws)
    )
}

pub(super) fn retry(ws: &WorkstreamFacts, who: &str) -> String {
    format!("Retry {}? {} is ended first.{}", ws.id, capital(who), kept(ws))
}

pub(super) fn accept(ws: &WorkstreamFacts) -> String {
    format!("Accept {} as it is? It counts as done; no check decides.{}", ws.id, kept(ws))
}

pub(super) fn give_up(ws: &WorkstreamFacts) -> String {
    format!("Give up {}? It counts as failed, and nothing more is tried.{}", ws.id, kept(ws))
}

pub(super) fn stop_all(facts: &Facts, leaving: Leaving) -> String {
    let all = || facts.workstreams.iter().map(AsRef::as_ref);
    let going: Vec<&WorkstreamFacts> = all().filter(|ws| !at_rest(ws) && !waits(ws)).collect();
    let agents: Vec<String> = going
        .iter()
        .filter(|ws| ws.phase.has_agent())
        .map(|ws| format!("{} ({})", ws.id, ws.agent.as_deref().unwrap_or("agent")))
        .collect();
    let rest = going.len() - agents.len();
    let mut sentences = vec!["Stop all and leave?".to_owned()];
    if !agents.is_empty() {
        let more = agents.len().saturating_sub(NAMED);
        let named = agents.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let how = "Ended with TERM, and with KILL if they do not go";
        sentences.push(format!("{how}: {named}{more}."));
    }
    if rest > 0 {
        let subject = match (agents.is_empty(), rest) {
            (true, 1) => "workstream",
            (true, _) => "workstreams",
            (false, 1) => "other",
            (false, _) => "others",
        };
        sentences.push(format!("{rest} {subject} will not go on."));
    }
    sentences.push(after_all(all().filter(|ws| waits(ws)).count(), leaving));
    sentences.join(" ")
}

/// Returns what an action is called in a question about several workstreams.
pub(super) fn verb(action: Action) -> &'static str {
    match action {
        Action::Kill => "Kill",
        Action::Retry | Action::RetryFrom => "Retry",
        Action::Escalate => "Escalate",
        Action::Accept => "Accept",
        Action::GiveUp => "Give up",
        _stop => "Stop",
    }
}

/// Asks before several workstreams are decided about; names those that it ends something of, and those left as they are.
pub(super) fn many(
    action: Action,
    (those, others): (&[&WorkstreamFacts], &[&WorkstreamFacts]),
    now: Timestamp,
) -> String {
    let verb = verb(action);
    let how = match action {
        Action::Kill => "Ended with KILL, unasked, with all their processes",
        Action::Retry | Action::RetryFrom | Action::Escalate => "Ended first",
        Action::Accept | Action::GiveUp => "Ended",
        _stop => "Ended with TERM, and with KILL if they do not go",
    };
    let names = |all: &[&WorkstreamFacts], name: &dyn Fn(&WorkstreamFacts) -> String| {
        let named: Vec<String> = all.iter().take(NAMED).map(|ws| name(ws)).collect();
        let more = all.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", named.join(", "))
    };
    let plain = |ws: &WorkstreamFacts| ws.id.to_string();
    let busy: Vec<&WorkstreamFacts> =
        those.iter().copied().filter(|ws| at_work(ws, now).is_some()).collect();
    let mut sentences = vec![format!("{verb} {}: {}?", those.len(), names(those, &plain))];
    if !busy.is_empty() {
        let who =
            |ws: &WorkstreamFacts| format!("{} {}", ws.id, at_work(ws, now).unwrap_or_default());
        sentences.push(format!("{how}: {}.", names(&busy, &who)));
    }
    match action {
        Action::Accept => sentences.push("They count as done; no check decides.".to_owned()),
        Action::GiveUp => sentences.push("They count as failed; nothing more is tried.".to_owned()),
        Action::Stop | Action::Kill if busy.len() < those.len() => {
            sentences.push("What does not run will not go on by itself.".to_owned());
        }
        _other => {}
    }
    sentences.push("Their changes stay in their worktrees.".to_owned());
    if !others.is_empty() {
        sentences.push(format!("It does not apply to {}.", names(others, &plain)));
    }
    sentences.join(" ")
}

/// Says what there is when everything has been stopped, of which so many workstreams wait for the operator.
fn after_all(waiting: usize, leaving: Leaving) -> String {
    let kept = "Worktrees, branches, checkpoints and logs";
    match (leaving, waiting) {
        (Leaving::EndsAll, _) => format!("{kept} are removed."),
        (Leaving::HandsOver, 0) => format!("{kept} stay."),
        (Leaving::HandsOver, 1) => format!("1 still waits for you. {kept} stay."),
        (Leaving::HandsOver, more) => format!("{more} still wait for you. {kept} stay."),
    }
}

/// Says how a tier has fared, for a list of tiers to choose from.
pub(super) fn tier(link: &Link) -> String {
    let state = match link.state {
        LinkState::Untried => "not tried",
        LinkState::Probing => "being probed",
        LinkState::Running => "at work",
        LinkState::Waiting => "waits for its retry",
        LinkState::Failed => "failed",
        LinkState::Skipped => "skipped",
        LinkState::Succeeded => "did the work",
        LinkState::Stopped => "was stopped",
    };
    let reason = link.reason.lines().next().unwrap_or_default();
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("{} ({state}{colon}{reason})", link.agent)
}

pub(super) fn ends_first(ws: &WorkstreamFacts, now: Timestamp) -> String {
    at_work(ws, now).map_or_else(String::new, |who| {
        format!("{} is ended first; its changes are saved.", capital(&who))
    })
}

fn kept(ws: &WorkstreamFacts) -> String {
    ws.worktree.as_deref().map_or_else(String::new, |worktree| {
        let saved = if ws.phase.holds_slot() { " and are saved as a checkpoint" } else { "" };
        format!(" Its changes stay in {}{saved}.", short(worktree))
    })
}

/// The last two parts of a path: enough to know a worktree by.
fn short(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}

fn capital(text: &str) -> String {
    // An agent's name stays as its owner writes it.
    match text.strip_prefix("its ").or(text.strip_prefix("the ")) {
        Some(_) => text[..1].to_uppercase() + &text[1..],
        None => text.to_owned(),
    }
}
