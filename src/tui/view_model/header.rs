//! The line at the top, and the one below it when something is wrong as a whole.

use super::layout::Layout;
use super::text::Line;
use super::{Bar, Scene};
use super::{estimate, mark};
use crate::core::PhaseWord;
use crate::core::alert::{self, Alert};
use crate::core::breaker::State;
use crate::core::forecast::Left;
use crate::ipc::facts::Facts;
use crate::ipc::forecast;
use crate::tui::action::needs_you;
use crate::tui::theme::Role;

/// From this many columns the worst alert is named.
const WITH_WORDS: usize = 100;

/// Returns the lines.
pub fn bars(scene: &Scene<'_>, layout: &Layout) -> Vec<Bar> {
    let columns = usize::from(layout.header.width);
    let mut name = Line::of(" ostler ", Role::Accent);
    if !scene.facts.project.is_empty() {
        name.push(format!(" {}", scene.facts.project), Role::Strong);
    }
    // What is counted matters more than what one of it is.
    let room = if columns < WITH_WORDS { 0 } else { columns / 4 };
    let mut right = alerts(scene.facts, room);
    right.append(breakers(scene.facts, columns / 3));
    right.append(state(scene));
    // What is counted matters more than the project's name, and that more than rare counts.
    let name = name.cut(columns / 3);
    let room = columns.saturating_sub(name.width() + right.width() + 1);
    let counts = counts(scene.facts, room);
    // When all is done is told where nothing that is known for sure goes for it.
    let right = match eta(scene) {
        Some(mut eta) if counts.width() + eta.width() + 2 <= room => {
            eta.append(right);
            eta
        }
        Some(_) | None => right,
    };
    let mut left = name;
    left.append(counts);
    let mut bars = vec![Bar {
        area: layout.header,
        line: Line::spread(left, right, columns),
        role: Role::Header,
    }];
    if let (Some(area), Some(text)) = (layout.banner, &scene.facts.banner) {
        let line = Line::of(format!(" ⚠ {text}"), Role::Banner).cut(columns);
        bars.push(Bar { area, line, role: Role::Banner });
    }
    bars
}

/// Returns the worst alert that is not acknowledged, and how many there are: in full where there is room for that.
///
/// What takes care of itself is not worth a place here.
fn alerts(facts: &Facts, columns: usize) -> Line {
    let is_open =
        |alert: &&Alert| !alert.acknowledged && alert.weight.severity > alert::Severity::Low;
    let count = facts.alerts.iter().filter(is_open).count();
    let Some(worst) = facts.alerts.iter().find(is_open) else { return Line::new() };
    let mark = mark::alert(worst.weight.severity);
    let more = if count > 1 { format!(" +{}", count - 1) } else { String::new() };
    let whole = format!("{} {} {}{more}  ", mark.sign, mark.word, worst.subject);
    let whole = Line::of(whole, mark.role);
    if whole.width() <= columns {
        return whole;
    }
    Line::of(format!("{}{count}  ", mark.sign), mark.role)
}

/// Returns the breakers that do not let everything through, by their agents where there is room for that.
fn breakers(facts: &Facts, columns: usize) -> Line {
    let shut = facts.agents.iter().filter_map(|agent| {
        let word = match agent.breaker {
            State::Closed => return None,
            State::Open { .. } => "open",
            State::HalfOpen { .. } => "half-open",
            State::Held { .. } => "held",
        };
        Some(format!("{} {word}", agent.name))
    });
    let shut: Vec<String> = shut.collect();
    if shut.is_empty() {
        return Line::new();
    }
    let named = Line::of(format!("breaker: {} ", shut.join(", ")), Role::Warning);
    if named.width() <= columns {
        return named;
    }
    let breakers = if shut.len() == 1 { "breaker" } else { "breakers" };
    Line::of(format!("{} {breakers} ", shut.len()), Role::Warning)
}

/// Returns when all that goes on by itself is done, if that can be told.
fn eta(scene: &Scene<'_>) -> Option<Line> {
    match forecast::outlook(scene.facts, scene.now)?.left {
        Left::About { likely, .. } if !likely.is_zero() => {
            Some(Line::of(format!("{} left  ", estimate::about(likely)), Role::Estimate))
        }
        Left::About { .. } | Left::Unknown | Left::LongerThanEver => None,
    }
}

fn state(scene: &Scene<'_>) -> Line {
    let facts = scene.facts;
    if scene.ui.ending {
        Line::of("□ stopping everything ", Role::Warning)
    } else if facts.paused {
        Line::of("‖ launches paused ", Role::Warning)
    } else if facts.idle && !facts.workstreams.is_empty() {
        Line::of("at rest ", Role::Dim)
    } else {
        Line::new()
    }
}

/// Returns the counts that are not zero, in the longest form that fits.
fn counts(facts: &Facts, columns: usize) -> Line {
    let count = |wanted: &[PhaseWord]| {
        facts.workstreams.iter().filter(|one| wanted.contains(&one.phase)).count()
    };
    let at_work = facts.workstreams.iter().filter(|one| one.phase.holds_slot()).count();
    let waiting = facts.workstreams.iter().filter(|one| needs_you(one)).count();
    let groups = [
        (PhaseWord::Running, at_work, "running"),
        (PhaseWord::Escalated, waiting, "waiting for you"),
        (PhaseWord::Failed, count(&[PhaseWord::Failed, PhaseWord::Lost]), "failed"),
        (PhaseWord::Done, count(&[PhaseWord::Done]), "done"),
        (PhaseWord::Backoff, count(&[PhaseWord::Backoff]), "backoff"),
        (PhaseWord::Queued, count(&[PhaseWord::Queued]), "queued"),
        (PhaseWord::Stopped, count(&[PhaseWord::Stopped]), "stopped"),
    ];
    let groups: Vec<_> = groups.into_iter().filter(|(_, count, _)| *count > 0).collect();
    for (shown, words) in (1..=groups.len()).rev().flat_map(|shown| [(shown, true), (shown, false)])
    {
        let line = form(&groups[..shown], words);
        if line.width() <= columns {
            return line;
        }
    }
    Line::new()
}

fn form(groups: &[(PhaseWord, usize, &str)], words: bool) -> Line {
    let mut line = Line::new();
    for (phase, count, word) in groups {
        let mark = mark::phase(*phase);
        let word = if words { *word } else { word.split(' ').next().unwrap_or_default() };
        line.push("   ", Role::Text);
        line.push(format!("{} {count} {word}", mark.sign), mark.role);
    }
    line
}
