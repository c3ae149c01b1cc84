//! What is known of a project, read from its files alone.

use std::collections::VecDeque;
use std::sync::Arc;

use thiserror::Error;

use super::alert_log::AlertLog;
use super::clock::Clock;
use super::conditions::conditions;
use super::disk::Disk;
use super::facts::{self, Sources};
use super::fleet_facts::{self, Calibrations};
use super::hold;
use super::member::Member;
use super::memory;
use super::outcomes::Outcomes;
use super::ownership;
use super::slots::Slots;
use super::state_dir::{StateDir, StateError};
use super::trial;
use crate::config::plan::Plan;
use crate::core::fleet::{self, Limits};
use crate::core::room::Room;
use crate::ipc::facts::{Facts, Owner};
use crate::keeper::identity;
use crate::worktree::Project;

/// Why nothing can be told.
#[derive(Debug, Error)]
pub enum LookError {
    /// The state directory cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The clock cannot be read.
    #[error("the project's clock cannot be read: {0}")]
    Clock(#[from] std::io::Error),
}

/// Returns what is known of a project, whoever runs it.
pub fn look(project: &Project, plan: &Plan) -> Result<Facts, LookError> {
    let dir = StateDir::open(project.common_dir())?;
    let now = Clock::open(dir.path())?.now();
    let members: Vec<Member> = plan
        .workstreams
        .iter()
        .map(|workstream| {
            Member::follow(plan.definition(workstream), &dir.workstream(&workstream.id), now)
        })
        .collect();
    let (room, least) = Disk::of(&dir, project, plan).room(Room::Enough);
    let history = Outcomes::open(dir.outcomes(), &plan.guards).history;
    let floor = plan.limits.min_free_memory;
    let free = (floor > 0).then(memory::available).flatten();
    let memory = free.map_or(Room::Enough, |free| Room::Enough.after(free, floor));
    let hold = hold::hold((room, memory), &history, &plan.guards, now);
    let limits = Limits { parallel: plan.limits.parallel, hold, ..Limits::default() };
    let wrong = conditions(&members, (room, memory), &history, plan, now);
    let alerts = AlertLog::new(dir.alerts()).board().glance(wrong, now);
    let admission = fleet::admit(members.iter().map(|member| &member.state), &limits);
    let stuck = admission.stuck();
    let slots = Slots::new(dir.slots());
    let mut blocked = admission.blocked;
    for member in members.iter().filter(|member| admission.go.contains(&member.id)) {
        if let Some(waits) = trial::awaited(&member.state, &slots) {
            blocked.insert(member.id.clone(), waits);
        }
    }
    let phases = members.iter().map(|member| (&member.id, member.state.phase.word()));
    let idle = facts::is_idle(phases, &stuck);
    let workstreams = members.iter().map(|member| {
        let owner = ownership::owner(member.dir());
        let mute = owner.as_ref().filter(|owner| identity::is_stopped(&owner.process));
        let mute = mute.map(|owner| ownership::mute(owner.process.pid));
        let sources = Sources {
            dir: &dir,
            agents: &plan.agents,
            plan: plan.workstream(&member.id),
            blocked: blocked.get(&member.id),
            owner: if owner.is_some() { Owner::Elsewhere } else { Owner::Nobody },
            owner_pid: owner.map(|owner| owner.process.pid),
            trouble: member.trouble.as_deref().or(mute.as_deref()),
            now,
        };
        Arc::new(facts::of(&member.state, &sources))
    });
    Ok(Facts {
        project: facts::project_name(&plan.root),
        at: now,
        workstreams: workstreams.collect(),
        notices: VecDeque::new(),
        alerts,
        rings: VecDeque::new(),
        agents: fleet_facts::agents(&history, plan, &mut Calibrations::default(), now),
        fleet: fleet_facts::fleet(&history, plan, now),
        banner: least.and_then(|place| place.banner(room)),
        configured: 0,
        paused: false,
        idle,
    })
}
