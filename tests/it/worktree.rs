//! Worktrees in real repositories.

mod checkpoints;
mod diffs;
mod errors;
mod lab;
mod others;
mod preparing;
mod removing;
mod round_trip;
