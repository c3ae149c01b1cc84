//! Why nothing starts in a whole project.

use crate::core::Timestamp;
use crate::core::fleet::Hold;
use crate::core::history::{Guards, History};
use crate::core::room::Room;
use crate::core::storm::Brake;

/// Returns why nothing starts for want of room on the disk, of memory, of money or of calm; none if nothing is in the way.
pub fn hold(
    (disk, memory): (Room, Room),
    history: &History,
    guards: &Guards,
    now: Timestamp,
) -> Option<Hold> {
    if disk != Room::Enough {
        return Some(Hold::Room(disk));
    }
    if memory != Room::Enough {
        return Some(Hold::Memory(memory));
    }
    of_guards(history, guards, now)
}

/// Returns why nothing starts for want of money or of calm.
pub fn of_guards(history: &History, guards: &Guards, now: Timestamp) -> Option<Hold> {
    if let Some(over) = history.spent().over(now, &guards.budget) {
        return Some(Hold::Budget(over));
    }
    match history.brake(now, guards) {
        Brake::Held { until, why } => Some(Hold::Storm { until, why }),
        Brake::Calm | Brake::Trial { .. } | Brake::Resuming { .. } => None,
    }
}
