//! What the window is called: the project, and what matters most in it.

use crate::core::alert::{Alert, Level};
use crate::core::phase::PhaseWord;
use crate::ipc::facts::Facts;
use crate::tui::action::needs_you;

/// Returns the title: what holds the fleet first, then what waits for the operator, what failed, what runs, what is done.
pub(super) fn title(facts: &Facts) -> String {
    let count = |phases: &[PhaseWord]| {
        facts.workstreams.iter().filter(|ws| phases.contains(&ws.phase)).count()
    };
    let waiting = facts.workstreams.iter().filter(|ws| needs_you(ws)).count();
    let parts = [
        (waiting, if waiting == 1 { "waits for you" } else { "wait for you" }),
        (count(&[PhaseWord::Lost]), "lost"),
        (count(&[PhaseWord::Failed]), "failed"),
        (count(&[PhaseWord::Starting, PhaseWord::Running, PhaseWord::Stopping]), "running"),
        (count(&[PhaseWord::Done]), "done"),
    ];
    let known = parts.iter().filter(|(count, _)| *count > 0);
    let mut counts: Vec<String> = known.map(|(count, what)| format!("{count} {what}")).collect();
    let holds = |alert: &Alert| !alert.acknowledged && alert.weight.level == Level::Held;
    if facts.alerts.iter().any(holds) {
        counts.insert(0, "fleet held".to_owned());
    }
    if counts.is_empty() {
        format!("ostler {}", facts.project)
    } else {
        format!("{} - ostler {}", counts.join(", "), facts.project)
    }
}
