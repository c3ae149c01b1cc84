//! ostler supervises coding agents.
pub mod agents;
pub mod cli;
pub mod config;
pub mod core;
pub mod ipc;
pub mod keeper;
pub mod supervisor;
pub mod tui;
pub mod worktree;
