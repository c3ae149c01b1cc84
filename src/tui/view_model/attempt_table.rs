//! The attempts of a workstream as a table: what each was, how it ended, what it took.

use super::ledger::{change, exit};
use super::mark;
use super::status::seconds;
use super::table::{self, Side};
use super::text::{Line, cut};
use crate::core::account::short;
use crate::core::{Attempt, Timestamp};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::theme::Role;

/// What is not known.
const UNKNOWN: &str = "–";
/// No column is wider.
const WIDEST: usize = 20;

/// A column, and how soon it is left out where there is no room: those with the highest number go first.
struct Column {
    title: &'static str,
    rank: u8,
    cell: fn(&Attempt, Timestamp) -> (String, Role),
    /// Whether numbers stand below each other at their ends.
    is_number: bool,
}

const COLUMNS: &[Column] = &[
    Column { title: "#", rank: 0, cell: |it, _| (it.id.to_string(), Role::Dim), is_number: true },
    Column {
        title: "tier",
        rank: 6,
        cell: |it, _| ((it.tier + 1).to_string(), Role::Dim),
        is_number: true,
    },
    Column {
        title: "agent",
        rank: 0,
        cell: |it, _| (it.agent.to_string(), Role::Strong),
        is_number: false,
    },
    Column { title: "outcome", rank: 0, cell: outcome, is_number: false },
    Column { title: "exit", rank: 3, cell: |it, _| known(exit(it)), is_number: false },
    Column { title: "took", rank: 0, cell: took, is_number: true },
    Column {
        title: "output",
        rank: 5,
        cell: |it, _| {
            known(it.started.and(it.ended).map_or_else(String::new, |_| bytes(it.log_bytes)))
        },
        is_number: true,
    },
    Column {
        title: "change",
        rank: 1,
        cell: |it, _| known(it.diff.map(change).unwrap_or_default()),
        is_number: false,
    },
    Column {
        title: "tokens in",
        rank: 4,
        cell: |it, _| known(it.account.usage.input_tokens.map(short).unwrap_or_default()),
        is_number: true,
    },
    Column {
        title: "out",
        rank: 4,
        cell: |it, _| known(it.account.usage.output_tokens.map(short).unwrap_or_default()),
        is_number: true,
    },
    Column {
        title: "cost",
        rank: 2,
        cell: |it, _| {
            known(it.account.usage.cost_usd.map(|cost| cost.to_string()).unwrap_or_default())
        },
        is_number: true,
    },
];

/// Returns the table: its head, and a line for each attempt.
pub fn lines(ws: &WorkstreamFacts, now: Timestamp, columns: usize) -> Vec<Line> {
    if ws.attempts.is_empty() {
        return Vec::new();
    }
    let filled = COLUMNS.iter().map(|column| {
        let cells = ws.attempts.iter().map(|attempt| {
            let (text, role) = (column.cell)(attempt, now);
            Line::of(cut(&text, WIDEST), role)
        });
        let side = if column.is_number { Side::Right } else { Side::Left };
        table::Column { title: column.title, rank: column.rank, side, cells: cells.collect() }
    });
    table::lines(filled.collect(), columns)
}

fn outcome(attempt: &Attempt, _now: Timestamp) -> (String, Role) {
    let mark = mark::outcome(&attempt.outcome);
    (format!("{} {}", mark.sign, mark.word), mark.role)
}

fn took(attempt: &Attempt, now: Timestamp) -> (String, Role) {
    let span = attempt.started.map(|from| attempt.ended.unwrap_or(now).since(from));
    known(span.map(seconds).unwrap_or_default())
}

fn known(text: String) -> (String, Role) {
    if text.is_empty() { (UNKNOWN.to_owned(), Role::Dim) } else { (text, Role::Text) }
}

/// Writes a number of bytes in few characters.
fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} B"),
        1024..1_048_576 => format!("{:.1} KiB", count as f64 / 1024.0),
        _ => format!("{:.1} MiB", count as f64 / 1_048_576.0),
    }
}
