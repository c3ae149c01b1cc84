//! The attempts inside of an attempt, which a replica has its agents make one after the other, and a contest side by side.

use super::mark;
use super::status::seconds;
use super::text::Line;
use crate::core::account::Inner;
use crate::tui::theme::Role;

/// The columns of what became of an attempt: the longest class, `context_overflow`.
const WORD: usize = 16;

/// Returns one line an attempt, to stand below that in which they were made.
pub fn lines(inner: &[Inner], columns: usize) -> Vec<Line> {
    let names = inner.iter().map(|one| one.name(inner).chars().count());
    let agent = names.max().unwrap_or(0).min(16);
    inner
        .iter()
        .map(|one| {
            let mark = mark::outcome(&one.outcome);
            let took = one.took.map_or_else(|| "–".to_owned(), seconds);
            Line::of(format!("     └{:>2} ", one.place()), Role::Dim)
                .with(super::text::cut(&one.name(inner), agent), Role::Text)
                .padded(9 + agent)
                .with(format!("  {} {:<WORD$}", mark.sign, mark.word), mark.role)
                .with(format!("{took:>8}  "), Role::Dim)
                .with(&one.reason, Role::Text)
                .cut(columns)
        })
        .collect()
}

/// Returns them on one line: `aider ✖ rate_limit → codex ▶ at work`, or with `|` where they work side by side.
pub fn one_line(inner: &[Inner]) -> Line {
    let mut line = Line::new();
    let is_side_by_side = inner.iter().any(|one| one.contestant.is_some());
    let between = if is_side_by_side { " | " } else { " → " };
    for one in inner {
        if !line.is_empty() {
            line.push(between, Role::Dim);
        }
        let mark = mark::outcome(&one.outcome);
        line.push(format!("{} ", one.name(inner)), Role::Text);
        line.push(format!("{} {}", mark.sign, mark.word), mark.role);
    }
    line
}

/// Returns them as short as can be: marks, and the name of the last one: `✖✖▶codex`; of several at work, the marks alone.
pub fn short(inner: &[Inner]) -> Line {
    let mut line = Line::new();
    for one in inner {
        let mark = mark::outcome(&one.outcome);
        line.push(mark.sign, mark.role);
    }
    if inner.iter().all(|one| one.contestant.is_none()) {
        line.push(inner.last().map_or("", |one| one.agent.as_str()), Role::Text);
    }
    line
}
