//! What the configuration says, and what it means.

pub mod plan;
pub mod preset;
