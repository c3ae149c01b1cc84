//! How the fleet fares, in a few lines.

use ratatui::layout::Rect;

use super::super::estimate::{roughly, words};
use super::super::layout::inner;
use super::super::status::seconds;
use super::super::text::Line;
use super::super::{Content, Focused, Pane, PaneKind, Row, Scene};
use super::figures::{self, DAY, Figures, percent, span};
use crate::core::PhaseWord;
use crate::core::breaker::State;
use crate::core::condition::Condition;
use crate::core::forecast::{Calibration, Left};
use crate::core::health::Health;
use crate::core::storm::Brake;
use crate::ipc::forecast;
use crate::tui::theme::Role;

/// The columns of the names at the left.
const NAME: usize = 10;

/// Returns the pane.
pub fn pane(lines: Vec<Line>, area: Rect) -> Pane {
    let room = inner(area);
    let rows = lines.into_iter().take(usize::from(room.height)).map(|line| {
        let mut indented = Line::of(" ", Role::Text);
        indented.append(line);
        Row::plain(indented.cut(usize::from(room.width)))
    });
    Pane {
        kind: PaneKind::Fleet,
        area,
        focused: Focused::No,
        title: Line::of(" Fleet ", Role::Text),
        note: Line::new(),
        content: Content::Rows(rows.collect()),
        scroll: None,
    }
}

/// Returns the lines, the most needed first.
pub fn lines(scene: &Scene<'_>, all: &[Figures<'_>], columns: usize) -> Vec<Line> {
    let health =
        Health::of_all(all.iter().map(|one| &one.facts.record.ends), figures::window(scene.now));
    let lines = vec![
        agents(all),
        breakers(scene, all),
        attempts(&health, all),
        repair(scene, &health),
        done(scene),
        to_come(scene),
        risk(all),
    ];
    lines.into_iter().map(|line| line.cut(columns)).collect()
}

fn named(name: &str) -> Line {
    Line::of(format!("{name:<NAME$}"), Role::Dim)
}

fn agents(all: &[Figures<'_>]) -> Line {
    let mut line = named("agents");
    for condition in Condition::ALL {
        let count = all.iter().filter(|one| one.condition == *condition).count();
        let mark = figures::mark(*condition);
        if count > 0 {
            line.push(format!("{} {count} {}  ", mark.sign, mark.word), mark.role);
        }
    }
    if all.is_empty() { line.with("none", Role::Dim) } else { line }
}

fn breakers(scene: &Scene<'_>, all: &[Figures<'_>]) -> Line {
    let mut line = named("breakers");
    let closed = all.iter().filter(|one| one.facts.breaker == State::Closed).count();
    let held = braked(scene);
    let mut gap = if held.is_empty() { "" } else { " · " };
    line.push(held, Role::Warning);
    for one in all.iter().filter(|one| one.facts.breaker != State::Closed) {
        line.push(format!("{gap}{} ", one.facts.name), Role::Text);
        line.append(figures::breaker(&one.facts.breaker, scene.now));
        gap = " · ";
    }
    let all_closed = closed > 0 && closed == all.len();
    if all_closed { line.with(format!("{gap}all closed"), Role::Dim) } else { line }
}

/// Says how far all launches are held back, if they are.
fn braked(scene: &Scene<'_>) -> String {
    match &scene.facts.fleet.brake {
        Brake::Calm => String::new(),
        Brake::Held { until, .. } => {
            format!("all launches held {}", seconds(until.since(scene.now)))
        }
        Brake::Trial { .. } => "one trial goes first".to_owned(),
        Brake::Resuming { .. } => "launches resume a little apart".to_owned(),
    }
}

fn attempts(health: &Health, all: &[Figures<'_>]) -> Line {
    let line = named("last 24 h");
    if health.attempts == 0 {
        let ever = all.iter().any(|one| !one.facts.record.ends.is_empty());
        let words = if ever { "no attempt ended" } else { "no attempt has ended yet" };
        return line.with(words, Role::Dim);
    }
    let attempts = if health.attempts == 1 { "attempt" } else { "attempts" };
    let failed = percent(health.success_rate.map(|rate| 1.0 - rate));
    let available = percent(health.availability);
    let count = health.attempts;
    line.with(
        format!("{count} {attempts} · {failed} failed · availability {available}"),
        Role::Text,
    )
}

fn repair(scene: &Scene<'_>, health: &Health) -> Line {
    let mut storms = scene.facts.fleet.past.storms(scene.now.before(DAY));
    let last = storms.next_back();
    let count = storms.count() + usize::from(last.is_some());
    let line = named("failures")
        .with(format!("MTTF {} · MTTR {}", span(health.mttf), span(health.mttr)), Role::Text);
    let cascades = if count == 1 { "cascade" } else { "cascades" };
    let line = line
        .with(format!(" · {count} {cascades}"), if count == 0 { Role::Dim } else { Role::Text });
    match last {
        None => line,
        Some((at, why)) => {
            let ago = roughly(scene.now.since(*at));
            line.with(format!(", {ago} ago: {why}"), Role::Dim)
        }
    }
}

fn done(scene: &Scene<'_>) -> Line {
    let throughput = scene.facts.fleet.past.throughput(scene.now);
    let usual = throughput.usual;
    let usual =
        usual.map_or_else(|| "no usual rate yet".to_owned(), |it| format!("usually {it:.1}"));
    let all = &scene.facts.workstreams;
    let done = all.iter().filter(|ws| ws.phase == PhaseWord::Done).count();
    let (count, hour) = (all.len(), throughput.last_hour);
    named("done").with(
        format!("{done} of {count} workstreams · {hour} in the last hour, {usual}"),
        Role::Text,
    )
}

fn to_come(scene: &Scene<'_>) -> Line {
    let line = named("to come");
    let Some(outlook) = forecast::outlook(scene.facts, scene.now) else {
        return line.with("nothing goes on by itself", Role::Dim);
    };
    let line = match outlook.left {
        Left::About { .. } => {
            line.with(format!("all done in {}", words(outlook.left)), Role::Estimate)
        }
        Left::Unknown | Left::LongerThanEver => line.with(words(outlook.left), Role::Dim),
    };
    match outlook.without {
        0 => line,
        some => line.with(format!(" · without {some} held up"), Role::Dim),
    }
}

fn risk(all: &[Figures<'_>]) -> Line {
    let line = named("risk told");
    match Calibration::together(all.iter().filter_map(|one| one.facts.calibration)) {
        None => line.with("unknown how well: too few attempts so far", Role::Dim),
        Some(Calibration { attempts, brier, base }) => {
            let worth = if brier < base { "better" } else { "no better" };
            let text =
                format!("Brier {brier:.3} over {attempts} attempts, plain {base:.3}: {worth}");
            line.with(text, Role::Text)
        }
    }
}
