//! All integration tests in one binary; `architecture` checks that no file here is forgotten.

mod agents;
mod api_agent;
mod architecture;
mod cli;
mod config;
mod demo;
mod frames;
mod keeper;
mod log_pane;
mod properties;
mod replay;
mod scenarios;
mod screen;
mod table;
mod update;
mod worktree;
mod world;
