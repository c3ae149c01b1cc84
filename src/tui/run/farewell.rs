//! What is said when the screen has been left: what goes on, and how to come back.

use std::time::Duration;

use crate::core::Timestamp;
use crate::core::phase::PhaseWord;
use crate::core::time::clock;
use crate::ipc::facts::Facts;
use crate::tui::terminal::Tty;

/// A terminal that takes no bytes is not waited for longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// Returns one line for each workstream that goes on or waits, and how to come back; nothing if all is at rest.
pub fn farewell(facts: &Facts, now: Timestamp) -> Vec<String> {
    let going: Vec<_> = facts.workstreams.iter().filter(|ws| !ws.phase.is_final()).collect();
    let width = going.iter().map(|ws| ws.id.as_str().chars().count()).max().unwrap_or(0);
    let mut lines: Vec<String> = going
        .iter()
        .map(|ws| {
            let agent = ws.agent.as_deref().unwrap_or("its agent");
            let what = match (ws.phase, ws.started) {
                (PhaseWord::Escalated, _) => "waits for you".to_owned(),
                (PhaseWord::Queued, _) => "waits for its turn".to_owned(),
                (PhaseWord::Running, Some(started)) => {
                    format!("goes on: {agent}, for {} now", clock(now.since(started)))
                }
                (phase, _) => format!("goes on: {phase}"),
            };
            format!("  {:<width$}  {what}", ws.id)
        })
        .collect();
    if !lines.is_empty() {
        let waits = going.iter().all(|ws| ws.phase == PhaseWord::Escalated);
        let what = if waits {
            "Nothing goes on by itself:"
        } else {
            "The work goes on without the screen:"
        };
        lines.insert(0, what.to_owned());
        lines.push("`ostler` shows it again; `ostler status` says how it stands.".to_owned());
    }
    lines
}

/// Says that nothing runs any more, and what still waits; the line on each of those as [`farewell`] has it.
pub fn stopped(facts: &Facts) -> Vec<String> {
    let waiting = facts.workstreams.iter().filter(|ws| ws.phase == PhaseWord::Escalated);
    let waiting = waiting.map(|ws| format!("  {}  waits for you", ws.id));
    let mut lines = vec!["All is stopped.".to_owned()];
    lines.extend(waiting);
    lines.push(
        "`ostler` shows it again; what was stopped starts only when you retry it.".to_owned(),
    );
    lines
}

/// Writes lines to the terminal, if there is one that takes them: a program that is to end must not wait for it.
pub fn say(lines: &[String]) {
    let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
    if let Ok(tty) = Tty::open() {
        drop(tty.write_within(text.as_bytes(), PATIENCE));
    }
}
