//! Policies side by side, a figure a line.

use std::collections::BTreeSet;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use crate::core::AgentName;
use crate::core::account::{Cost, short};
use crate::core::simulate::report::Report;
use crate::core::time::clock;

/// A figure and how it is read off a report.
type Figure = (&'static str, fn(&Report) -> String);

const FIGURES: [Figure; 15] = [
    ("workstreams", |it| it.workstreams.to_string()),
    ("done", |it| it.done.to_string()),
    ("waiting for you", |it| it.escalated.to_string()),
    ("given up", |it| it.failed.to_string()),
    ("not ended", |it| it.unfinished.to_string()),
    ("done after p50", |it| span(it.turnaround(50))),
    ("done after p95", |it| span(it.turnaround(95))),
    ("last one done", |it| span(it.last())),
    ("most at once", |it| it.most_at_once.to_string()),
    ("attempts", |it| it.attempts.to_string()),
    ("failed attempts", |it| it.wasted.to_string()),
    ("time in those", |it| clock(it.wasted_time)),
    ("launches held", |it| clock(it.held)),
    ("tokens", |it| it.tokens.map_or_else(none, short)),
    ("cost (failed)", |it| match (it.cost_usd, it.wasted_usd) {
        (None, _) => none(),
        (Some(cost), failed) => format!("{cost} ({})", failed.unwrap_or(Cost(0))),
    }),
];

fn none() -> String {
    "-".to_owned()
}

fn span(span: Option<Duration>) -> String {
    span.map_or_else(none, clock)
}

/// Returns a table with a column for each policy.
pub fn table(reports: &[Report]) -> String {
    let heads = reports.iter().map(|report| report.policy.clone());
    let mut rows = vec![(String::new(), heads.collect::<Vec<_>>())];
    for (name, figure) in FIGURES {
        rows.push((name.to_owned(), reports.iter().map(figure).collect()));
    }
    let agents: BTreeSet<&AgentName> = reports.iter().flat_map(|it| it.agents.keys()).collect();
    for agent in agents {
        let each = reports.iter().map(|report| health(report, agent));
        let opened =
            |report: &Report| report.opened.get(agent).map_or(0, |count| *count).to_string();
        rows.push((format!("{agent}: breaker opened"), reports.iter().map(opened).collect()));
        rows.push((format!("{agent}: succeeded"), each.clone().map(|it| it.0).collect()));
        rows.push((format!("{agent}: availability"), each.map(|it| it.1).collect()));
    }
    lay_out(&rows)
}

/// Returns how many of an agent's attempts succeeded, and how available it was.
fn health(report: &Report, agent: &AgentName) -> (String, String) {
    let Some(health) = report.agents.get(agent) else { return (none(), none()) };
    let available =
        health.availability.map_or_else(none, |share| format!("{:.1} %", share * 100.0));
    (format!("{} of {}", health.succeeded, health.attempts), available)
}

fn lay_out(rows: &[(String, Vec<String>)]) -> String {
    let names = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let columns = rows.first().map_or(0, |(_, cells)| cells.len());
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (name, cells) in rows {
        let mut line = format!("{name}{}", " ".repeat(names - name.width()));
        for (cell, width) in cells.iter().zip(&widths) {
            line.push_str(&" ".repeat(2 + width - cell.width()));
            line.push_str(cell);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
