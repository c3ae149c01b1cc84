//! What is wrong in a project, as far as alerts are made of it.

use super::member::Member;
use crate::config::plan::Plan;
use crate::core::Timestamp;
use crate::core::alert::condition::{self, Condition, Holds};
use crate::core::history::History;
use crate::core::room::Room;

/// Returns what is wrong now; `rooms` are those on the disk and in memory.
pub fn conditions<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    rooms: (Room, Room),
    history: &History,
    plan: &Plan,
    now: Timestamp,
) -> Vec<Condition> {
    let (disk, memory) = rooms;
    let brake = history.brake(now, &plan.guards);
    let overspent = history.spent().over(now, &plan.guards.budget);
    let holds = Holds { brake: &brake, overspent: overspent.as_ref(), disk, memory };
    let mut all = condition::of_fleet(&holds);
    let bars = history.bars(now).into_iter();
    let bars = bars.filter(|(agent, _)| plan.agents.contains_key(agent)).collect();
    all.extend(condition::of_agents(&bars));
    for member in members {
        all.extend(condition::of_workstream(&member.state, member.trouble.as_deref()));
    }
    all
}
