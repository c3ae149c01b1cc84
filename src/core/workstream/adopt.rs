//! What changes when another process runs the policy.

use super::{
    CHECK_SLACK, LEAST_GRACE, LOST_AFTER, PREPARE_LIMIT, PROBE_SLACK, SAVE_LIMIT, START_LIMIT,
    Workstream,
};
use crate::core::id::ProcessIdentity;
use crate::core::phase::Phase;
use crate::core::time::Timestamp;

impl Workstream {
    /// Notes the owner, and gives it the time to ask again for what the former one waited for.
    ///
    /// Nobody may have listened for hours: a checkpoint, a check or a kill is not late because nobody took its report.
    /// What ends an agent (its timeouts) does not move, since its keeper holds the same deadline.
    pub(super) fn adopted(&mut self, owner: &ProcessIdentity, now: Timestamp) {
        self.owner = Some(owner.clone());
        let grace = self.phase.launch().map_or(LEAST_GRACE, |launch| self.grace(launch.tier));
        match &mut self.phase {
            Phase::Preparing { until, .. } => *until = now + PREPARE_LIMIT,
            Phase::Probing { launch, until } => {
                let tier = self.definition.tiers.get(launch.tier);
                let limit = tier.and_then(|tier| tier.probe).unwrap_or_default();
                *until = now + limit + PROBE_SLACK;
            }
            Phase::Starting { until, .. } => *until = now + START_LIMIT,
            Phase::Stopping(stopping) => {
                // TERM is asked for again, so its grace begins again.
                stopping.kill_at = stopping.kill_at.max(now + grace);
                stopping.lost_at = stopping.lost_at.max(now + grace + LOST_AFTER);
            }
            Phase::Draining(draining) => draining.until = now + SAVE_LIMIT,
            Phase::Checking { until, .. } => *until = (*until).max(now + CHECK_SLACK),
            Phase::Queued { .. }
            | Phase::Running(_)
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped
            | Phase::Lost { .. } => {}
        }
    }
}
