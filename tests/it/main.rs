//! All integration tests in one binary; `architecture` checks that no file here is forgotten.

mod agents;
mod api_agent;
mod architecture;
mod chaos;
mod cli;
mod config;
mod demo;
mod durability;
mod frames;
mod keeper;
mod log_pane;
mod matrix;
mod policy;
mod project;
mod properties;
mod pty;
mod readme;
mod replay;
mod resources;
mod scenarios;
mod screen;
mod survival;
mod table;
mod update;
mod worktree;
mod world;
