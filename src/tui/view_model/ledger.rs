//! What was tried so far, one attempt a line, and what that was read from.

use super::status::seconds;
use super::text::{Line, cut_left, wrap};
use super::{inside, mark};
use crate::core::verdict::{DiffSize, Evidence, Exit, Tree};
use crate::core::{Attempt, Timestamp};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// The columns of what became of an attempt: the longest class, `context_overflow`.
const WORD: usize = 16;

/// Returns one line an attempt: number, agent, what became of it, how long it took, why; and below it the attempts in it.
pub fn attempts(workstream: &WorkstreamFacts, now: Timestamp, columns: usize) -> Vec<Line> {
    let agent = workstream.attempts.iter().map(|one| one.agent.as_str().chars().count()).max();
    let agent = agent.unwrap_or(0).clamp(5, 16);
    workstream
        .attempts
        .iter()
        .flat_map(|attempt| {
            let mut line = head(attempt, now, agent);
            line.push(attempt.reason.lines().next().unwrap_or_default(), Role::Text);
            let inside = inside::lines(&attempt.account.inner, columns);
            std::iter::once(line.cut(columns)).chain(inside)
        })
        .collect()
}

/// Returns several lines an attempt: what became of it, why in full, and the evidence.
pub fn evidence(workstream: &WorkstreamFacts, now: Timestamp, columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let room = columns.saturating_sub(5);
    for attempt in &workstream.attempts {
        let mut first = head(attempt, now, attempt.agent.as_str().chars().count());
        first.push(exit(attempt), Role::Dim);
        lines.push(first.cut(columns));
        lines.extend(inside::lines(&attempt.account.inner, columns));
        let mut say = |text: &str, role: Role| {
            for text in wrap(text, room) {
                lines.push(Line::of("     ", Role::Text).with(text, role));
            }
        };
        say(&attempt.reason, Role::Text);
        let evidence = &attempt.evidence;
        // A reason that is the line itself is not said twice.
        if !evidence.line.is_empty() && !attempt.reason.contains(evidence.line.trim()) {
            say(&format!("“{}”", evidence.line.trim()), Role::Dim);
        }
        // Without a line nothing was read; the reason says it all.
        if !evidence.rule.is_empty() && !evidence.line.is_empty() {
            let place =
                evidence.offset.map_or_else(String::new, |at| format!(", byte {at} of its log"));
            say(&format!("read by {}{place}", evidence.rule), Role::Dim);
        }
        if let Some(transfer) = &attempt.transfer {
            say(&transfer.to_string(), Role::Dim);
        }
        if attempt.started.is_some() {
            say(&prompted(attempt), Role::Dim);
        }
        if let Some(diff) = attempt.diff {
            say(&format!("changed: {}", change(diff)), Role::Dim);
        }
        if !attempt.account.usage.is_unknown() {
            say(&format!("took: {}", attempt.account.usage), Role::Dim);
        }
        if let Some(session) = &attempt.account.session {
            say(&format!("session: {session}"), Role::Dim);
        }
        let Tree { ended, left } = attempt.tree;
        if ended + left > 0 {
            let role = if left > 0 { Role::Bad } else { Role::Dim };
            say(&format!("processes: {ended} ended, {left} left"), role);
        }
    }
    lines
}

/// Says whether anything shows that an agent has taken its prompt.
fn prompted(attempt: &Attempt) -> String {
    match &attempt.account.prompted {
        Some(Evidence { rule, offset, .. }) => {
            let place = offset.map_or_else(String::new, |at| format!(", byte {at} of its log"));
            format!("prompt: taken, by {rule}{place}")
        }
        None => "prompt: unconfirmed, nothing it wrote shows that it has taken it".to_owned(),
    }
}

fn head(attempt: &Attempt, now: Timestamp, agent: usize) -> Line {
    let mark = mark::outcome(&attempt.outcome);
    let span = attempt.started.map(|from| seconds(attempt.ended.unwrap_or(now).since(from)));
    Line::of(format!("{:>3}  ", attempt.id), Role::Dim)
        .with(super::text::cut(attempt.agent.as_str(), agent), Role::Strong)
        .padded(5 + agent)
        .with(format!("  {} {:<WORD$}", mark.sign, mark.word), mark.role)
        .with(format!("{:>8}  ", span.unwrap_or_else(|| "–".to_owned())), Role::Dim)
}

/// Writes how large a change is: `3 files, +120 −4`.
pub fn change(diff: DiffSize) -> String {
    diff.to_string()
}

/// Says in a word or two how an attempt's agent ended; empty while it runs.
pub fn exit(attempt: &Attempt) -> String {
    match &attempt.exit {
        Some(Exit::Code(code)) => format!("exit {code}"),
        Some(Exit::Signal(signal)) => format!("signal {signal}"),
        Some(Exit::NotStarted(_)) => "never started".to_owned(),
        Some(Exit::Unknown(_)) => "exit unknown".to_owned(),
        None => String::new(),
    }
}

/// Returns a line of a label and a path, which is cut from the left.
pub fn path(label: &str, path: &str, columns: usize) -> Line {
    let room = columns.saturating_sub(12);
    Line::of(format!("{label:<10}  "), Role::Dim).with(cut_left(path, room), Role::Text)
}
