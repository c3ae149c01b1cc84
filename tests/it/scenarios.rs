//! What does happen: one trace a scenario, a line an event: time, event, phase, what the core asks for.

mod arranged;
mod barred;
mod contest;
mod course;
mod fleet;
mod lacks;
mod operator;
mod policy;
pub mod scene;
mod trouble;
mod undone;
mod warm;
