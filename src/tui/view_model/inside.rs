//! The attempts inside of an attempt, which a replica has its agents make.

use super::mark;
use super::status::seconds;
use super::text::Line;
use crate::core::account::Inner;
use crate::tui::theme::Role;

/// The columns of what became of an attempt: the longest class, `context_overflow`.
const WORD: usize = 16;

/// Returns one line an attempt, to stand below that in which they were made.
pub fn lines(inner: &[Inner], columns: usize) -> Vec<Line> {
    let agent = inner.iter().map(|one| one.agent.chars().count()).max().unwrap_or(0).min(16);
    inner
        .iter()
        .map(|one| {
            let mark = mark::outcome(&one.outcome);
            let took = one.took.map_or_else(|| "–".to_owned(), seconds);
            Line::of(format!("     └{:>2} ", one.number), Role::Dim)
                .with(super::text::cut(&one.agent, agent), Role::Text)
                .padded(9 + agent)
                .with(format!("  {} {:<WORD$}", mark.sign, mark.word), mark.role)
                .with(format!("{took:>8}  "), Role::Dim)
                .with(&one.reason, Role::Text)
                .cut(columns)
        })
        .collect()
}

/// Returns them on one line: `aider ✖ rate_limit → codex ▶ at work`.
pub fn one_line(inner: &[Inner]) -> Line {
    let mut line = Line::new();
    for one in inner {
        if !line.is_empty() {
            line.push(" → ", Role::Dim);
        }
        let mark = mark::outcome(&one.outcome);
        line.push(format!("{} ", one.agent), Role::Text);
        line.push(format!("{} {}", mark.sign, mark.word), mark.role);
    }
    line
}

/// Returns them as short as can be: marks, and the name of the last one: `✖✖▶codex`.
pub fn short(inner: &[Inner]) -> Line {
    let mut line = Line::new();
    for one in inner {
        let mark = mark::outcome(&one.outcome);
        line.push(mark.sign, mark.role);
    }
    line.push(inner.last().map_or("", |one| one.agent.as_str()), Role::Text);
    line
}
