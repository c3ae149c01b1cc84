//! Workstreams as a table of text.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::core::time::clock;
use crate::core::verdict::DiffSize;
use crate::core::{AttemptOutcome, Timestamp};
use crate::ipc::facts::{Facts, LinkState, WorkstreamFacts};

const HEAD: [&str; 6] = ["WORKSTREAM", "STATE", "CHAIN", "TRIES", "TIME", "CHANGE"];

/// Returns a line per workstream, under a heading, with a sum below.
pub fn table(facts: &Facts) -> String {
    if facts.workstreams.is_empty() {
        return "there are no workstreams\n".to_owned();
    }
    let mut rows: Vec<[String; 6]> = vec![HEAD.map(str::to_owned)];
    rows.extend(facts.workstreams.iter().map(|workstream| row(workstream, facts.at)));
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let room = " ".repeat(width - cell.width());
            let _infallible = write!(line, "{cell}{room}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&sum(facts));
    text.push('\n');
    text
}

fn row(workstream: &WorkstreamFacts, now: Timestamp) -> [String; 6] {
    let tries = workstream.attempts.iter().filter(|attempt| attempt.started.is_some()).count();
    let time = workstream.begun.map_or_else(
        || "-".to_owned(),
        |begun| clock(workstream.ended.unwrap_or(now).since(begun)),
    );
    let diff = workstream.attempts.iter().rev().find_map(|attempt| attempt.diff);
    let change = diff.map_or_else(
        || "-".to_owned(),
        |diff| {
            if diff == DiffSize::default() {
                return "none".to_owned();
            }
            let files = if diff.files == 1 { "file" } else { "files" };
            format!("{} {files} +{} -{}", diff.files, diff.added, diff.removed)
        },
    );
    [
        workstream.id.to_string(),
        workstream.phase.to_string(),
        chain(workstream),
        tries.to_string(),
        time,
        change,
    ]
}

/// Returns the chain with a mark behind each tier that was tried.
pub fn chain(workstream: &WorkstreamFacts) -> String {
    let links = workstream.chain.iter().map(|link| {
        let mark = match link.state {
            LinkState::Untried => "",
            LinkState::Probing => " ?",
            LinkState::Running => " *",
            LinkState::Waiting => " …",
            LinkState::Failed => " ✖",
            LinkState::Skipped => " ⤼",
            LinkState::Succeeded => " ✔",
            LinkState::Stopped => " ■",
        };
        format!("{}{mark}", link.agent)
    });
    links.collect::<Vec<_>>().join(" → ")
}

fn sum(facts: &Facts) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for workstream in &facts.workstreams {
        let word = workstream.phase.as_str();
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    let attempts = facts.workstreams.iter().flat_map(|workstream| &workstream.attempts);
    let failed =
        attempts.filter(|attempt| matches!(attempt.outcome, AttemptOutcome::Failed(_))).count();
    let counts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let failed = match failed {
        0 => String::new(),
        1 => "; 1 attempt failed on the way".to_owned(),
        more => format!("; {more} attempts failed on the way"),
    };
    format!("{}{failed}", counts.join(", "))
}

/// Returns a time as the wall clock here shows it.
pub fn time_of_day(at: Timestamp) -> String {
    let ms = i64::try_from(at.0).unwrap_or(0);
    jiff::Timestamp::from_millisecond(ms).map_or_else(
        |_| "--:--:--".to_owned(),
        |time| time.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string(),
    )
}
