//! Worktrees in real repositories.
#![expect(clippy::unwrap_used, reason = "in tests, what fails should stop")]

mod bringing;
mod changes;
mod checkpoints;
mod diffs;
mod errors;
mod lab;
mod others;
mod preparing;
mod removing;
mod round_trip;
