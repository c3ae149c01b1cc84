//! What is likely to come, in few words: always marked as an estimate, and no more exact than one can be.

use std::time::Duration;

use super::text::{Line, wrap};
use crate::core::Timestamp;
use crate::core::forecast::{Left, Risk};
use crate::core::health::ENOUGH;
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::ipc::forecast;
use crate::tui::theme::Role;

/// A risk from here on is high.
const HIGH: f64 = 0.6;

/// Writes an estimate: `≈ 40 s`, `≈ 4 m`, `≈ 1 h 20 m`, `≈ 2 d 3 h`.
pub fn about(span: Duration) -> String {
    format!("≈ {}", roughly(span))
}

/// Writes a span so roughly that it does not change every second.
pub fn roughly(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours) = (seconds.div_ceil(60), seconds.div_ceil(3600));
    match seconds {
        0..10 => "10 s".to_owned(),
        10..60 => format!("{} s", seconds / 10 * 10),
        60..3600 => format!("{minutes} m"),
        3600..86_400 => {
            let tens = minutes.div_ceil(10);
            match tens % 6 {
                0 => format!("{} h", tens / 6),
                rest => format!("{} h {rest}0 m", tens / 6),
            }
        }
        _ => match hours % 24 {
            0 => format!("{} d", hours / 24),
            rest => format!("{} d {rest} h", hours / 24),
        },
    }
}

/// Returns how long something still takes, in words; what is unknown is said to be.
pub fn words(left: Left) -> String {
    match left {
        Left::About { likely, late } if roughly(likely) == roughly(late) => about(likely),
        Left::About { likely, late } => {
            format!("{}, rarely more than {}", about(likely), roughly(late))
        }
        Left::Unknown | Left::LongerThanEver => left.words(),
    }
}

/// Returns what is likely to come of a workstream, in lines; none if nothing of it goes on.
pub fn lines(ws: &WorkstreamFacts, (facts, now): (&Facts, Timestamp), columns: usize) -> Vec<Line> {
    let Some(left) = forecast::left(facts, ws, now) else { return Vec::new() };
    let agent = ws.agent.as_deref().unwrap_or("its agent");
    let known = forecast::agent(facts, ws).map_or(0, |agent| agent.record.successes());
    let by = match left {
        Left::About { .. } => {
            format!("by the last {known} successes of {agent}, if it succeeds too")
        }
        Left::LongerThanEver => format!("{known} successes of {agent} are known"),
        Left::Unknown => {
            format!("too few successes of {agent} to tell: {known} of {ENOUGH}")
        }
    };
    let value = if left == Left::Unknown { "unknown".to_owned() } else { words(left) };
    let mut lines = entry("done in", &value, (Role::Estimate, &by), columns);
    if let Some(risk) = forecast::risk(facts, ws, now) {
        let share = format!("≈ {:.0} %", risk.share * 100.0);
        let role = if is_high(&risk) { Role::Warning } else { Role::Estimate };
        lines.extend(entry("risk", &share, (role, &risk.reasons.join("; ")), columns));
    }
    lines
}

fn entry(name: &str, value: &str, (role, why): (Role, &str), columns: usize) -> Vec<Line> {
    let lead = 10;
    let mut first = Some((name, value));
    let text = format!("{value}: {why}");
    let texts = wrap(&text, columns.saturating_sub(lead)).into_iter();
    texts
        .map(|text| match first.take() {
            None => Line::of(" ".repeat(lead), Role::Text).with(text, Role::Dim),
            Some((name, value)) => {
                let rest = text.strip_prefix(value).unwrap_or_default();
                let shown = text.get(..text.len() - rest.len()).unwrap_or(&text);
                Line::of(format!("{name:<lead$}"), Role::Dim)
                    .with(shown, role)
                    .with(rest, Role::Dim)
            }
        })
        .collect()
}

/// Returns how long the agent of a workstream still works and its risk, as far as they are known: `≈ 4 m, risk ≈ 20 %`.
pub fn brief(ws: &WorkstreamFacts, (facts, now): (&Facts, Timestamp)) -> Option<String> {
    let left = match forecast::left(facts, ws, now)? {
        Left::About { likely, .. } => Some(about(likely)),
        Left::LongerThanEver => Some("longer than any before".to_owned()),
        Left::Unknown => None,
    };
    let risk = forecast::risk(facts, ws, now);
    let risk = risk.map(|risk| format!("risk ≈ {:.0} %", risk.share * 100.0));
    let known: Vec<String> = left.into_iter().chain(risk).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// Returns the mark of a running attempt whose risk is high; none if it is not.
pub fn mark(ws: &WorkstreamFacts, (facts, now): (&Facts, Timestamp)) -> Option<Line> {
    let risk = forecast::risk(facts, ws, now).filter(is_high)?;
    Some(Line::of(format!("risk ≈ {:.0} %", risk.share * 100.0), Role::Dim))
}

fn is_high(risk: &Risk) -> bool {
    risk.share >= HIGH
}
