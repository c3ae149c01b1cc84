//! ostler supervises coding agents.
pub mod config;
pub mod core;
pub mod ipc;
pub mod keeper;
pub mod tui;
pub mod worktree;
