//! The shell around the core: the one loop that puts all events in order, and what carries out its effects.
//!
//! The loop appends an event to its workstream's journal, steps, and runs the effects; their results come back as events.
//! Nothing here decides anything.

pub mod agent_file;
pub mod alert_log;
mod alert_ways;
pub mod alone;
mod appended;
pub mod ballast;
pub mod brief;
pub mod clock;
mod conditions;
pub mod contest;
pub mod disk;
pub mod durable;
pub mod executor;
pub mod facts;
pub mod fleet_facts;
mod hold;
pub mod host;
pub mod inbox;
pub mod inner;
pub mod journal;
pub mod last_check;
pub mod load;
pub mod login;
pub mod look;
pub mod member;
pub mod memory;
pub mod outcomes;
pub mod ownership;
pub mod replica;
pub mod shortage;
pub mod slots;
pub mod state_dir;
pub mod stored_plan;
mod trial;
pub mod watch;
pub mod worker;
