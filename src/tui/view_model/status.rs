//! The second line of a workstream: what it does, how far it is, what comes next.

use std::time::Duration;

use super::mark;
use super::text::Line;
use crate::core::progress::Progress;
use crate::core::time::clock;
use crate::core::{PhaseWord, Timestamp};
use crate::ipc::facts::{Facts, Next, Owner, WorkstreamFacts};
use crate::tui::theme::Role;

/// A deadline is shown when it is nearer than this.
const NEAR: Duration = Duration::from_secs(120);
/// The columns of a progress bar.
const BAR: usize = 12;

/// A part of a line that may be left out.
struct Part {
    line: Line,
    /// Those with the highest number are left out first.
    rank: u8,
}

/// Returns what a workstream does, how far it is and what comes next, in the given columns.
pub fn status(workstream: &WorkstreamFacts, facts: &Facts, now: Timestamp, columns: usize) -> Line {
    let mark = mark::phase(workstream.phase);
    let word = match workstream.phase {
        PhaseWord::Escalated => "waits for you",
        _ => mark.word,
    };
    let word = format!("{word:<9}");
    let mut parts = vec![Part { line: Line::of(word, mark.role), rank: 0 }];
    match workstream.phase {
        PhaseWord::Running => running(workstream, now, &mut parts),
        _ => parts.push(Part { line: detail(workstream, facts, now), rank: 1 }),
    }
    owner(workstream, &mut parts);
    fit(parts, columns)
}

/// Returns what follows the word of a workstream's phase, apart from that of a running one.
pub fn detail(workstream: &WorkstreamFacts, facts: &Facts, now: Timestamp) -> Line {
    let since = clock(now.since(workstream.since));
    let agent = workstream.agent.as_deref().unwrap_or("the next agent");
    match workstream.phase {
        PhaseWord::Queued => Line::of(queued(workstream, facts), Role::Dim),
        PhaseWord::Preparing => Line::of(format!("makes its worktree  {since}"), Role::Dim),
        PhaseWord::Probing => Line::of(format!("asks {agent}  {since}"), Role::Dim),
        PhaseWord::Starting => Line::of(format!("{agent}  {since}"), Role::Dim),
        PhaseWord::Running => Line::new(),
        PhaseWord::Stopping => match &workstream.next {
            Some(next) => Line::of(coming(next, now), Role::Warning),
            None => Line::of(since, Role::Dim),
        },
        PhaseWord::Draining => Line::of(format!("saves its work  {since}"), Role::Dim),
        PhaseWord::Checking => {
            let left = workstream.next.as_ref().map(|next| clock(next.at.since(now)));
            let left = left.map_or_else(String::new, |left| format!(", {left} left"));
            Line::of(format!("{since}{left}"), Role::Dim)
        }
        PhaseWord::Backoff => {
            let line = match &workstream.next {
                Some(next) => Line::of(coming(next, now), Role::Warning),
                None => Line::new(),
            };
            let why = last_reason(workstream);
            if why.is_empty() { line } else { line.with(format!("  {why}"), Role::Dim) }
        }
        PhaseWord::Escalated => {
            Line::of(workstream.question.as_deref().unwrap_or(&workstream.explain), Role::Text)
        }
        PhaseWord::Done => done(workstream),
        PhaseWord::Failed => Line::of(last_reason(workstream), Role::Dim),
        PhaseWord::Stopped => match elapsed(workstream, now) {
            Some(span) => Line::of(format!("after {}", clock(span)), Role::Dim),
            None => Line::of("by you, before it began", Role::Dim),
        },
        PhaseWord::Lost => Line::of(&workstream.explain, Role::Bad),
    }
}

fn running(workstream: &WorkstreamFacts, now: Timestamp, parts: &mut Vec<Part>) {
    let word = workstream.progress.as_ref();
    match word {
        Some(progress) => {
            parts.push(Part { line: bar(progress, BAR), rank: 2 });
            let count = format!("{}/{}", progress.done, progress.total);
            parts.push(Part { line: Line::of(count, Role::Text), rank: 1 });
            parts.push(Part { line: Line::of(progress.source.word(), Role::Dim), rank: 4 });
        }
        None => parts.push(Part { line: Line::of("no progress reported", Role::Dim), rank: 4 }),
    }
    if let Some(span) = elapsed(workstream, now) {
        parts.push(Part { line: Line::of(clock(span), Role::Text), rank: 1 });
    }
    if workstream.slow {
        parts.push(Part { line: slow(workstream), rank: 1 });
    }
    let near = workstream.next.as_ref().filter(|next| next.at.since(now) < NEAR);
    if let Some(next) = near {
        parts.push(Part { line: Line::of(coming(next, now), Role::Warning), rank: 3 });
    }
    if let Some(progress) = word.filter(|progress| !progress.text.is_empty()) {
        parts.push(Part { line: Line::of(&progress.text, Role::Dim), rank: 5 });
    }
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
        parts.push(Part { line: Line::of(format!("⚠ {trouble}"), Role::Bad), rank: 1 });
    }
    if workstream.phase.is_final() {
        return;
    }
    match workstream.owner {
        Owner::Here => {}
        Owner::Elsewhere => {
            parts.push(Part { line: Line::of("⇄ detached", Role::Accent), rank: 2 });
        }
        Owner::Nobody => {
            parts.push(Part { line: Line::of("⚠ no worker", Role::Warning), rank: 2 })
        }
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

/// Returns how long a workstream has worked: the running attempt, or all of a finished one.
pub fn elapsed(workstream: &WorkstreamFacts, now: Timestamp) -> Option<Duration> {
    match (workstream.phase, workstream.started, workstream.begun, workstream.ended) {
        (PhaseWord::Running | PhaseWord::Stopping, Some(started), _, _) => Some(now.since(started)),
        (_, _, Some(begun), Some(ended)) => Some(ended.since(begun)),
        (PhaseWord::Queued | PhaseWord::Done | PhaseWord::Failed | PhaseWord::Stopped, ..) => None,
        _ => Some(now.since(workstream.since)),
    }
}

fn coming(next: &Next, now: Timestamp) -> String {
    format!("{} in {}", next.what, clock(next.at.since(now)))
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
    let mut line = Line::new();
    if let Some(span) = elapsed(workstream, workstream.since) {
        line.push(clock(span), Role::Text);
    }
    let diff = workstream.attempts.iter().rev().find_map(|attempt| attempt.diff);
    if let Some(diff) = diff {
        let files = if diff.files == 1 { "file" } else { "files" };
        line.push(
            format!("  {} {files}, +{} −{}", diff.files, diff.added, diff.removed),
            Role::Dim,
        );
    }
    line
}

/// Joins the parts that fit, leaving out those with the highest rank first; what is left is cut.
fn fit(mut parts: Vec<Part>, columns: usize) -> Line {
    const GAP: &str = "  ";
    parts.retain(|part| !part.line.is_empty());
    loop {
        let gaps = GAP.len() * parts.len().saturating_sub(1);
        let total: usize = parts.iter().map(|part| part.line.width()).sum::<usize>() + gaps;
        let last = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        if total <= columns || last <= 1 {
            break;
        }
        if let Some(at) = parts.iter().rposition(|part| part.rank == last) {
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
