//! How an agent has fared in a project, as its outcome log tells.

use std::time::Duration;

use serde::Serialize;

use super::known::Known;
use crate::cli::failure::Failure;
use crate::cli::opened::Opened;
use crate::core::AgentName;
use crate::core::breaker::State;
use crate::core::condition::{self, Condition};
use crate::core::forecast::Calibration;
use crate::core::health::{Health, Window};
use crate::supervisor::clock::Clock;
use crate::supervisor::outcomes::Outcomes;
use crate::supervisor::state_dir::StateDir;

/// Over which time health is told.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How an agent has fared.
#[derive(Debug, Serialize)]
pub(super) struct Fared {
    /// Whether it is well.
    pub(super) condition: Condition,
    /// Why, in words; empty if there is nothing to say.
    pub(super) why: String,
    /// Whether work may go through to it.
    pub(super) breaker: State,
    /// What its attempts of the last 24 h tell.
    pub(super) health: Health,
    /// How well its risk has told what came; unknown after too few attempts.
    pub(super) calibration: Option<Calibration>,
}

/// Fills in how agents have fared in a project; nothing of a project in which nothing was started yet.
pub(super) fn fill(agents: &mut [Known], opened: &Opened) -> Result<(), Failure> {
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::failed)?;
    let now = Clock::open(dir.path()).map_err(Failure::failed)?.now();
    let history = Outcomes::open(dir.outcomes(), &opened.plan.guards).history;
    for agent in agents.iter_mut().filter(|agent| agent.is_of_project) {
        let record = history.record(&AgentName::from(agent.name.as_str()));
        let health = Health::of(&record.ends, Window::lately(now, DAY));
        let breaker = record.breaker.state(now);
        let (condition, why) =
            Condition::of(&breaker, &health, condition::last(record.ends.iter()));
        let calibration = Calibration::of(&record.ends);
        agent.fared = Some(Fared { condition, why, breaker, health, calibration });
    }
    Ok(())
}
