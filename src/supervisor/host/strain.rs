//! Looking at what agents take of the machine, as often as at the disk: one that takes all of it is left alone for a while.

use super::Supervisor;
use crate::core::outcome::{Outcome, Strained, What};
use crate::core::strain::Strain;
use crate::core::{AgentName, Timestamp};
use crate::supervisor::load::Load;
use crate::supervisor::member::Member;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Burden {
    load: Load,
    strain: Strain,
}

impl Supervisor {
    /// Looks at what agents take, if that is limited.
    pub(super) fn look_at_load(&mut self, now: Timestamp) {
        let policy = self.plan().guards.strain;
        let roots: Vec<(AgentName, u32)> = self.members.values().filter_map(at_work).collect();
        if roots.is_empty() || (policy.cpu, policy.memory) == (0, 0) {
            self.guard.burden.load.forget();
            return;
        }
        let taken = match self.guard.burden.load.look(&roots) {
            Ok(taken) => taken,
            Err(error) => {
                tracing::debug!("what agents take cannot be seen: {error}");
                return;
            }
        };
        let strained = self.guard.burden.strain.look(&taken, now, &policy);
        let lasting = policy.lasting;
        let outcomes: Vec<Outcome> = strained
            .into_iter()
            .map(|(agent, resource, percent)| {
                let what = What::Strained(Strained { resource, percent, lasting });
                Outcome { at: now, agent, what }
            })
            .collect();
        self.append_outcomes(&outcomes);
    }
}

/// Returns the agent that is at work in one of ours, and the process under which all of it runs.
fn at_work(member: &Member) -> Option<(AgentName, u32)> {
    let launch = member.state.phase.launch().filter(|_| member.is_ours())?;
    let attempt = member.state.attempt(launch.attempt)?;
    // Which of several takes it cannot be told apart here.
    if attempt.contest.is_some() {
        return None;
    }
    let keeper = attempt.keeper.as_ref().filter(|_| attempt.ended.is_none())?;
    Some((attempt.agent.clone(), keeper.pid))
}
