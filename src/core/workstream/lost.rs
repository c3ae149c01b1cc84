//! What becomes of a worktree in which something may still run.
//!
//! Nothing starts there until that is settled, and what starts then waits for a slot like everything else.

use super::{Effects, LOST_AFTER, Workstream};
use crate::core::FailureClass;
use crate::core::effect::Effect;
use crate::core::ledger::AttemptOutcome;
use crate::core::notice::Notice;
use crate::core::phase::{Cut, Draining, Intent, Launch, Phase, Stopping, Survivor};
use crate::core::time::Timestamp;
use crate::core::verdict::Tree;

impl Workstream {
    /// Ends in `lost`; what is known already is not told again.
    pub(super) fn become_lost(
        &mut self,
        launch: Launch,
        who: Survivor,
        tree: Option<Tree>,
        now: Timestamp,
        out: &mut Effects,
    ) {
        let reason = match who {
            Survivor::Agent => "processes survived KILL, or their keeper does not answer",
            Survivor::Check => "the check did not end and may still run",
        };
        let attempt = launch.attempt;
        let lost = Phase::Lost { launch, who, tree };
        if self.phase == lost {
            return;
        }
        out.push(Effect::Notice(Notice::Lost { left: tree.map(|tree| tree.left) }));
        self.close(attempt, AttemptOutcome::Failed(FailureClass::Lost), reason.to_owned(), now);
        self.enter(lost, now);
    }

    /// Ends what a dead keeper left behind: TERM and grace as usual, only that nobody counts for it any more.
    pub(super) fn end_orphans(&mut self, launch: Launch, now: Timestamp, out: &mut Effects) {
        let (attempt, grace) = (launch.attempt, self.grace(launch.tier));
        let started = self.attempt(attempt).and_then(|attempt| attempt.started);
        out.push(Effect::Stop { attempt, grace });
        out.push(Effect::Notice(Notice::Stopping { agent: self.agent_at(&launch) }));
        let kill_at = now + grace;
        let (lost_at, cut) = (kill_at + LOST_AFTER, Cut::Survivors);
        let stopping = Stopping { launch, started, cut, kill_at, lost_at, killed: false };
        self.enter(Phase::Stopping(stopping), now);
    }

    /// Says whether KILL has not been tried on the current attempt.
    pub(super) fn may_still_kill(&self) -> bool {
        match &self.phase {
            Phase::Starting { .. } | Phase::Running(_) => true,
            Phase::Stopping(stopping) => !stopping.killed,
            Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Draining(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped
            | Phase::Lost { .. } => false,
        }
    }

    /// Tries again to end what survived, and does then what is wanted.
    pub(super) fn end_survivors(&mut self, intent: Intent, now: Timestamp, out: &mut Effects) {
        let Phase::Lost { launch, who, .. } = &self.phase else { return };
        let launch = launch.clone();
        self.intent = intent;
        match who {
            Survivor::Agent => self.begin_kill((launch, None), Cut::Survivors, now, out),
            Survivor::Check => {
                out.push(Effect::CancelCheck(launch.attempt));
                let agent = "the check".into();
                out.push(Effect::Notice(Notice::Killing { agent }));
            }
        }
    }

    /// Says whether the slot went to others when this workstream was lost.
    pub(super) fn gave_up_slot(&self) -> bool {
        match &self.phase {
            Phase::Lost { .. } => true,
            Phase::Stopping(Stopping { cut, .. })
            | Phase::Draining(Draining { cut: Some(cut), .. }) => *cut == Cut::Survivors,
            Phase::Draining(Draining { cut: None, .. })
            | Phase::Queued { .. }
            | Phase::Preparing { .. }
            | Phase::Probing { .. }
            | Phase::Starting { .. }
            | Phase::Running(_)
            | Phase::Checking { .. }
            | Phase::Backoff { .. }
            | Phase::Escalated { .. }
            | Phase::Done(_)
            | Phase::Failed(_)
            | Phase::Stopped => false,
        }
    }
}
