//! ostler supervises coding agents: each workstream gets a worktree, an agent works in it, and the next agent takes over
//! when one fails.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`core`] | the rules: events and the time go in, effects and notices come out; nothing else |
//! | [`config`] | what the YAML says, what it means, and what is wrong with it |
//! | [`agents`] | what agents are told, and what their output means |
//! | [`keeper`] | the process that owns one attempt: its log, its process tree, its exit |
//! | [`worktree`] | git: worktrees, checkpoints, differences |
//! | [`ipc`] | what processes tell and ask each other |
//! | [`supervisor`] | the shell around the rules: journal, executor, ownership, adoption |
//! | [`tui`] | the screen: actions, view model, view, terminal |
//! | [`cli`] | what can be typed, one subcommand a file |
//!
//! Each names only what lies below it: `cli` names all of them, `tui` only `ipc` and `core`, `supervisor` all but these two,
//! `core` nothing. A test (`tests/it/architecture.rs`) keeps that.
//!
//! What must hold (`tests/it/properties.rs` looks for stories that break it):
//! - An event is in the journal before it is acted upon, and replaying the journal is the state.
//! - One process at most works in a worktree; after a stop nothing starts until the operator says go.
//! - KILL comes only after TERM and the grace; an exit is final only when the whole process tree is gone.
//! - Whatever waits for a machine has a deadline, and a late report changes nothing.
//! - What a worker must know it can learn from files and locks alone; sockets make it prompt.

pub mod agents;
pub mod cli;
pub mod config;
pub mod core;
pub mod ipc;
pub mod keeper;
pub mod supervisor;
pub mod tui;
pub mod worktree;
