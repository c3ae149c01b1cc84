//! The real policy on a clock that jumps: what a fleet would come to with agents that are made up, or as they have been.
//!
//! Every workstream is stepped by [`crate::core::Workstream::step`], admitted by [`crate::core::fleet::admit`] and guarded
//! by [`crate::core::history::History`]; only agents, checks and git are played, by a [`model`]. What an agent would do is
//! drawn from the seed, the workstream, the agent and how often it has been tried there: two policies meet the same luck.

pub mod agenda;
pub mod chance;
mod contest;
pub mod fate;
pub mod fitted;
pub mod guard;
pub mod model;
pub mod play;
pub mod queue;
pub mod report;
pub mod run;
