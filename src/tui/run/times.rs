//! When something on the screen changes because time passes.

use std::time::Duration;

use crate::core::Timestamp;
use crate::core::breaker::State;
use crate::core::notice::Severity;
use crate::core::storm::Brake;
use crate::ipc::facts::{Facts, Told};
use crate::tui::state::View;

/// Between two ticks of an elapsed time.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// Says whether a time is shown that goes on.
pub(super) fn is_ticking(facts: &Facts, view: View) -> bool {
    let works = facts.workstreams.iter().any(|ws| ws.phase.holds_slot() || ws.next.is_some());
    works || (view == View::Agents && counts_down(facts))
}

/// Says whether a breaker or the storm brake has a time at which it changes by itself.
fn counts_down(facts: &Facts) -> bool {
    facts.agents.iter().any(|agent| matches!(agent.breaker, State::Open { .. }))
        || matches!(facts.fleet.brake, Brake::Held { .. } | Brake::Trial { .. })
}

/// Returns the number of the last notice that is news no more, all before it being so too.
pub(super) fn faded(facts: &Facts, faded: u64, now: Timestamp) -> u64 {
    let old = facts.notices.iter().filter(|told| told.number > faded);
    old.take_while(|told| left(told, now).is_zero()).last().map_or(faded, |told| told.number)
}

/// Returns in how long the next notice fades; none if there is no news.
pub(super) fn fades_in(facts: &Facts, faded: u64, now: Timestamp) -> Option<Duration> {
    facts.notices.iter().find(|told| told.number > faded).map(|told| left(told, now))
}

fn left(told: &Told, now: Timestamp) -> Duration {
    let shown = match told.severity {
        Severity::Info | Severity::Good => Duration::from_secs(5),
        Severity::Warning => Duration::from_secs(8),
        Severity::Bad => Duration::from_secs(15),
    };
    (told.at + shown).since(now)
}
