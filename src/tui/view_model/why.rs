//! Why the selected workstream is where it is: its explanation, its attempts and what they were judged by.

use std::time::Duration;

use ratatui::layout::Rect;

use super::dialog::{reading, widest};
use super::inbox::places;
use super::status::{seconds, unrepeated};
use super::text::{Line, wrap};
use super::{Dialog, Scene, agents, estimate, ledger, mark};
use crate::core::forecast::Left;
use crate::core::{AttemptOutcome, PhaseWord, Timestamp};
use crate::ipc::facts::{Link, LinkState, Owner, WorkstreamFacts};
use crate::ipc::forecast;
use crate::tui::state::{Shown, View};
use crate::tui::theme::Role;

/// Words that are not older than this are as good as new.
const FRESH: Duration = Duration::from_secs(2);
/// So many lines of a log are quoted.
const QUOTED: usize = 5;

/// Returns the dialog.
pub fn dialog(scene: &Scene<'_>, body: Rect, scroll: usize) -> Dialog {
    if scene.ui.view == View::Agents {
        return agents::dialog(scene, body, scroll);
    }
    let Some(workstream) = scene.selected() else {
        return reading(body, "Why", vec![Line::of("No workstream is selected.", Role::Dim)], 0);
    };
    let columns = widest(body).saturating_sub(3);
    let mark = mark::phase(workstream.phase);
    let mut lines = vec![
        Line::of(format!("{} {}", mark.sign, mark.word), mark.role)
            .with(format!("  {}", workstream.title), Role::Strong)
            .cut(columns),
    ];
    lines.extend(
        wrap(&unrepeated(&workstream.explain, workstream), columns)
            .into_iter()
            .map(|text| Line::of(text, Role::Text)),
    );
    lines.extend(age(workstream, scene.now));
    if let Some(trouble) = &workstream.trouble {
        let text = format!("⚠ {trouble}");
        lines.extend(wrap(&text, columns).into_iter().map(|text| Line::of(text, Role::Bad)));
    }
    let to_come = estimate::lines(workstream, (scene.facts, scene.now), columns);
    // What is unknown has nothing to explain; the detail view says it.
    if forecast::left(scene.facts, workstream, scene.now).is_some_and(|it| it != Left::Unknown) {
        section(&mut lines, "What is likely to come");
        lines.extend(to_come);
    }
    section(&mut lines, "Chain");
    lines.extend(chain(workstream, columns));
    if !workstream.attempts.is_empty() {
        section(&mut lines, "Attempts");
        lines.extend(ledger::evidence(workstream, scene.now, columns));
    }
    let said = said_last(scene, workstream);
    if !said.is_empty() {
        section(&mut lines, "Its last lines");
        lines.extend(said.into_iter().map(|text| Line::of(text, Role::Dim).cut(columns)));
    }
    section(&mut lines, "Where");
    lines.extend(places(workstream, columns));
    lines.push(ledger::path("processes", &processes(workstream), columns));
    reading(body, &format!("Why {}", workstream.id), lines, scroll)
}

/// Returns the last lines of the log of an attempt that failed and did not say why in words that are known: people may
/// read in them what no rule did. Only what is in sight below is known here.
fn said_last(scene: &Scene<'_>, workstream: &WorkstreamFacts) -> Vec<String> {
    let last = workstream.attempts.last();
    let is_unexplained = last.is_some_and(|it| {
        matches!(it.outcome, AttemptOutcome::Failed(_)) && it.evidence.line.is_empty()
    });
    let page = scene.log.filter(|page| page.at_end && scene.ui.shown == Shown::Latest);
    let Some(page) = page.filter(|_| is_unexplained) else { return Vec::new() };
    let written = page.lines.iter().map(|line| line.text().trim_end().to_owned());
    let written: Vec<String> = written.filter(|text| !text.is_empty()).collect();
    written[written.len().saturating_sub(QUOTED)..].to_vec()
}

/// Says how old an explanation with times in it is: it is put into words when something happens, not every second.
pub(super) fn age(workstream: &WorkstreamFacts, now: Timestamp) -> Option<Line> {
    let age = now.since(workstream.explained);
    let has_times = match workstream.phase {
        PhaseWord::Preparing
        | PhaseWord::Probing
        | PhaseWord::Starting
        | PhaseWord::Running
        | PhaseWord::Stopping
        | PhaseWord::Checking
        | PhaseWord::Backoff => true,
        PhaseWord::Queued
        | PhaseWord::Draining
        | PhaseWord::Escalated
        | PhaseWord::Done
        | PhaseWord::Failed
        | PhaseWord::Stopped
        | PhaseWord::Lost => false,
    };
    (has_times && age >= FRESH)
        .then(|| Line::of(format!("That was {} ago.", seconds(age)), Role::Dim))
}

fn section(lines: &mut Vec<Line>, title: &str) {
    lines.push(Line::new());
    lines.push(Line::of(title, Role::Accent));
}

/// Returns how each tier has fared, one a line.
pub fn chain(workstream: &WorkstreamFacts, columns: usize) -> Vec<Line> {
    let tiers = workstream.chain.iter().enumerate();
    tiers
        .map(|(tier, link)| {
            let mark = mark::link(link.state);
            let sign = if link.state == LinkState::Untried { "·" } else { mark.sign };
            Line::of(format!("{:>3}  ", tier + 1), Role::Dim)
                .with(format!("{:<14}", link.agent), Role::Strong)
                .with(format!(" {sign} {:<10} ", mark.word), mark.role)
                .with(contestants(link), Role::Dim)
                .with(&link.reason, Role::Text)
                .cut(columns)
        })
        .collect()
}

/// Says who works side by side at a tier.
fn contestants(link: &Link) -> String {
    if link.contestants.is_empty() {
        String::new()
    } else {
        format!("of {}  ", link.contestants.join(", "))
    }
}

/// Names the processes of a workstream.
pub fn processes(workstream: &WorkstreamFacts) -> String {
    let mut parts = Vec::new();
    if let Some(pid) = workstream.agent_pid {
        parts.push(format!("agent {pid}"));
    }
    if let Some(pid) = workstream.keeper_pid {
        parts.push(format!("keeper {pid}"));
    }
    match (workstream.owner, workstream.owner_pid) {
        (Owner::Here, _) => parts.push("worker here".to_owned()),
        (Owner::Elsewhere, Some(pid)) => parts.push(format!("worker {pid}")),
        (Owner::Elsewhere, None) => parts.push("worker elsewhere".to_owned()),
        (Owner::Nobody, _) => parts.push("no worker".to_owned()),
    }
    parts.join(", ")
}
