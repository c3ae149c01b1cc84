//! The second line of a workstream: what it does, how far it is, what comes next.

use std::time::Duration;

use super::text::Line;
use super::{estimate, inside, mark};
use crate::core::progress::Progress;
use crate::core::time::clock;
use crate::core::{PhaseWord, Timestamp};
use crate::ipc::facts::{Facts, Next, Owner, WorkstreamFacts};
use crate::tui::theme::Role;

/// A deadline is shown when it is nearer than this and most of the time before it has passed.
const NEAR: Duration = Duration::from_secs(120);
/// The columns of a progress bar.
const BAR: usize = 12;
/// The columns of one where there is less room.
const SHORT_BAR: usize = 6;
/// The columns of the longest word of a phase.
pub const WORD: usize = 9;
/// The columns of a time, with the gap before it.
pub const TIME: usize = 8;

/// A part of a line that may be shortened or left out.
struct Part {
    line: Line,
    /// Those with the highest number go first; those with 0 stay.
    rank: u8,
    /// What takes its place before it is left out, and the rank of that.
    short: Option<(Line, u8)>,
}

impl Part {
    fn new(line: Line, rank: u8) -> Self {
        Self { line, rank, short: None }
    }
}

/// Returns what a workstream does, since when, how far it is and what comes next, in the given columns.
pub fn status(workstream: &WorkstreamFacts, facts: &Facts, now: Timestamp, columns: usize) -> Line {
    let mut line = head(workstream, now);
    line.push("  ", Role::Text);
    let mut parts = match workstream.phase {
        PhaseWord::Running => running(workstream, facts, now),
        _ => vec![Part::new(detail(workstream, facts, now), 0)],
    };
    owner(workstream, &mut parts);
    line.append(fit(parts, columns.saturating_sub(line.width())));
    line.cut(columns)
}

/// Writes a time in whole seconds: tenths would only flicker.
pub fn seconds(span: Duration) -> String {
    clock(Duration::from_secs(span.as_secs()))
}

/// Returns what is asked of the operator, without the lines that only repeat what the attempts say.
pub fn question(workstream: &WorkstreamFacts) -> String {
    let of_agent = workstream.waiting.as_ref().map(|words| format!("its agent asks: {words}"));
    let whole = workstream.question.clone().or(of_agent);
    unrepeated(whole.as_deref().unwrap_or(&workstream.explain), workstream)
}

/// Returns a text without the lines that only repeat what the attempts say: `2 aider: rate_limit: …`.
pub fn unrepeated(text: &str, workstream: &WorkstreamFacts) -> String {
    let repeats = |line: &str| {
        let mut attempts = workstream.attempts.iter();
        attempts.any(|one| {
            line.starts_with(&format!("{} {}: ", one.id, one.agent))
                || line.trim_start().starts_with(&format!("{}.", one.id))
                    && !one.account.inner.is_empty()
        })
    };
    text.lines().filter(|line| !repeats(line)).collect::<Vec<_>>().join("\n")
}

/// Returns the word of a workstream's phase and its time, each in columns of its own.
pub fn head(workstream: &WorkstreamFacts, now: Timestamp) -> Line {
    let mark = mark::state(workstream);
    let time = elapsed(workstream, now).map(seconds).unwrap_or_default();
    Line::of(format!("{:<WORD$}", mark.word), mark.role).with(format!("{time:>TIME$}"), Role::Text)
}

/// Returns what follows the word and the time of a workstream's phase, apart from that of a running one.
pub fn detail(workstream: &WorkstreamFacts, facts: &Facts, now: Timestamp) -> Line {
    let agent = workstream.agent.as_deref().unwrap_or("the next agent");
    let next = workstream.next.as_ref();
    match workstream.phase {
        PhaseWord::Queued => Line::of(queued(workstream, facts), Role::Dim),
        PhaseWord::Preparing => Line::of("makes its worktree", Role::Dim),
        PhaseWord::Probing => Line::of(format!("asks whether {agent} can work"), Role::Dim),
        PhaseWord::Starting => Line::of(format!("starts {agent}"), Role::Dim),
        PhaseWord::Running => Line::new(),
        PhaseWord::Stopping => {
            next.map_or_else(Line::new, |next| Line::of(coming(next, now), Role::Warning))
        }
        PhaseWord::Draining => Line::of("saves its work", Role::Dim),
        PhaseWord::Checking => next.map_or_else(Line::new, |next| {
            Line::of(format!("may take {} more", seconds(next.at.since(now))), Role::Dim)
        }),
        PhaseWord::Backoff => {
            let mut line =
                next.map_or_else(Line::new, |next| Line::of(coming(next, now), Role::Warning));
            let why = last_reason(workstream);
            if !why.is_empty() {
                line.push(format!("  {why}"), Role::Dim);
            }
            line
        }
        PhaseWord::Escalated => {
            Line::of(question(workstream).lines().next().unwrap_or_default(), Role::Text)
        }
        PhaseWord::Done => done(workstream),
        PhaseWord::Failed => {
            let reason = last_reason(workstream);
            let explain = workstream.explain.lines().next().unwrap_or_default();
            Line::of(if reason.is_empty() { explain } else { &reason }, Role::Dim)
        }
        PhaseWord::Stopped => Line::of("by you", Role::Dim),
        PhaseWord::Lost => Line::of(&workstream.explain, Role::Bad),
    }
}

fn running(workstream: &WorkstreamFacts, facts: &Facts, now: Timestamp) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(question) = &workstream.waiting {
        parts.push(Part::new(Line::of(question, Role::Text), 1));
    }
    let inner = workstream.attempts.last().map_or(&[][..], |attempt| &attempt.account.inner);
    if !inner.is_empty() {
        let short = Some((inside::short(inner), 0));
        parts.push(Part { line: inside::one_line(inner), rank: 2, short });
    }
    let progress = workstream.progress.as_ref();
    if let Some(progress) = progress {
        let short = Some((bar(progress, SHORT_BAR), 2));
        parts.push(Part { line: bar(progress, BAR), rank: 3, short });
        let count = format!("{}/{}", progress.done, progress.total);
        parts.push(Part::new(Line::of(count, Role::Text), 0));
        parts.push(Part::new(Line::of(progress.source.word(), Role::Dim), 5));
    } else if inner.is_empty() {
        let short = Some((Line::of("progress unknown", Role::Dim), 0));
        parts.push(Part { line: Line::of("no progress reported", Role::Dim), rank: 4, short });
    }
    if workstream.slow {
        let short = Line::of(format!("{} {}", mark::SLOW.sign, mark::SLOW.word), mark::SLOW.role);
        parts.push(Part { line: slow(workstream), rank: 4, short: Some((short, 0)) });
    }
    if let Some(risk) = estimate::mark(workstream, (facts, now)) {
        parts.push(Part::new(risk, 4));
    }
    let near = |next: &&Next| {
        let whole = next.at.since(workstream.started.unwrap_or(workstream.since));
        next.at.since(now) < NEAR.min(whole / 4)
    };
    if let Some(next) = workstream.next.as_ref().filter(near) {
        parts.push(Part::new(Line::of(coming(next, now), Role::Warning), 3));
    }
    if let Some(progress) = progress.filter(|progress| !progress.text.is_empty()) {
        parts.push(Part::new(Line::of(&progress.text, Role::Dim), 6));
    }
    parts
}

/// Returns the warning of a workstream that is past its soft timeout.
fn slow(workstream: &WorkstreamFacts) -> Line {
    let mark = mark::SLOW;
    let text = match (workstream.soft_at, workstream.started) {
        (Some(soft), Some(started)) => {
            format!("{} {} (soft {})", mark.sign, mark.word, clock(soft.since(started)))
        }
        _ => format!("{} {}", mark.sign, mark.word),
    };
    Line::of(text, mark.role)
}

fn owner(workstream: &WorkstreamFacts, parts: &mut Vec<Part>) {
    if let Some(trouble) = &workstream.trouble {
        parts.push(Part::new(Line::of(format!("⚠ {trouble}"), Role::Bad), 1));
    }
    match workstream.owner {
        Owner::Elsewhere if !workstream.phase.is_final() => {
            parts.push(Part::new(Line::of("⇄ detached", Role::Accent), 2));
        }
        Owner::Nobody if !workstream.phase.is_final() => {
            parts.push(Part::new(Line::of("⚠ no worker", Role::Warning), 2));
        }
        Owner::Here | Owner::Elsewhere | Owner::Nobody => {}
    }
}

/// Returns a progress bar of this many columns.
pub fn bar(progress: &Progress, columns: usize) -> Line {
    let total = u64::from(progress.total.max(1));
    let done = u64::from(progress.done).min(total);
    let halves = usize::try_from(done * columns as u64 * 2 / total).unwrap_or(0);
    let full = halves / 2;
    let mut line = Line::of("━".repeat(full), Role::Bar);
    let mut rest = columns - full;
    if halves % 2 == 1 {
        line.push("╸", Role::Bar);
        rest -= 1;
    }
    line.push("─".repeat(rest), Role::BarRest);
    line
}

/// Returns the time that belongs to a phase: how long the attempt, the wait for the operator or the step has lasted, or
/// all that a finished workstream took; none where another time says more.
pub fn elapsed(workstream: &WorkstreamFacts, now: Timestamp) -> Option<Duration> {
    match workstream.phase {
        PhaseWord::Queued | PhaseWord::Backoff => None,
        PhaseWord::Running | PhaseWord::Stopping => {
            Some(now.since(workstream.started.unwrap_or(workstream.since)))
        }
        PhaseWord::Done | PhaseWord::Failed | PhaseWord::Stopped => {
            Some(workstream.ended?.since(workstream.begun?))
        }
        PhaseWord::Preparing
        | PhaseWord::Probing
        | PhaseWord::Starting
        | PhaseWord::Draining
        | PhaseWord::Checking
        | PhaseWord::Escalated
        | PhaseWord::Lost => Some(now.since(workstream.since)),
    }
}

fn coming(next: &Next, now: Timestamp) -> String {
    format!("{} in {}", next.what, seconds(next.at.since(now)))
}

fn queued(workstream: &WorkstreamFacts, facts: &Facts) -> String {
    let unmet: Vec<&str> = workstream
        .after
        .iter()
        .filter(|after| {
            let other = facts.workstreams.iter().find(|other| other.id == **after);
            other.is_some_and(|other| other.phase != PhaseWord::Done)
        })
        .map(crate::core::WorkstreamId::as_str)
        .collect();
    if unmet.is_empty() {
        workstream.explain.strip_prefix("It ").unwrap_or(&workstream.explain).to_owned()
    } else {
        format!("after {}", unmet.join(", "))
    }
}

fn last_reason(workstream: &WorkstreamFacts) -> String {
    let reason = workstream.attempts.last().map_or("", |attempt| attempt.reason.as_str());
    let reason = reason.lines().next().unwrap_or_default();
    match workstream.failure_class {
        Some(class) if reason.is_empty() => class.to_string(),
        Some(class) => format!("{class}: {reason}"),
        None => reason.to_owned(),
    }
}

fn done(workstream: &WorkstreamFacts) -> Line {
    let diff = workstream.attempts.iter().rev().find_map(|attempt| attempt.diff);
    diff.map_or_else(Line::new, |diff| Line::of(super::ledger::change(diff), Role::Dim))
}

/// Joins the parts that fit, shortening or leaving out those with the highest rank first.
fn fit(mut parts: Vec<Part>, columns: usize) -> Line {
    const GAP: &str = "  ";
    parts.retain(|part| !part.line.is_empty());
    loop {
        let gaps = GAP.len() * parts.len().saturating_sub(1);
        let total: usize = parts.iter().map(|part| part.line.width()).sum::<usize>() + gaps;
        let last = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        let at = parts.iter().rposition(|part| part.rank == last);
        let Some(at) = at.filter(|_| total > columns && last > 0) else { break };
        if let Some((line, rank)) = parts[at].short.take() {
            parts[at].line = line;
            parts[at].rank = rank;
        } else {
            parts.remove(at);
        }
    }
    let mut line = Line::new();
    for part in parts {
        if !line.is_empty() {
            line.push(GAP, Role::Text);
        }
        line.append(part.line);
    }
    line.cut(columns)
}
