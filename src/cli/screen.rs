//! `ostler` with its screen.

use super::failure::{Failure, Outcome};
use super::opened::Opened;
use crate::core::WorkstreamId;

/// What leaving the screen means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    /// What runs goes on in a detached worker.
    #[default]
    HandsOver,
    /// Everything is stopped.
    StopsAll,
}

/// How the screen is opened.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// What leaving it means.
    pub leaving: Leaving,
    /// The workstream that is taken back from whoever runs it.
    pub attach: Option<WorkstreamId>,
}

/// Opens the screen.
pub fn run(_opened: Opened, _way: &Way) -> Outcome {
    Err(Failure::failed("wip"))
}
