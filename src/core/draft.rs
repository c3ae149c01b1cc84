//! A workstream as somebody proposes it, before it is part of the configuration.

use std::path::PathBuf;

use super::{AgentName, WorkstreamId};

/// A workstream as somebody proposes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its name; none for one that is made from its title.
    pub id: Option<WorkstreamId>,
    /// Its title; empty for one that is made from its prompt.
    pub title: String,
    /// What is to be done.
    pub prompt: String,
    /// The files it is about, from the worktree's root.
    pub files: Vec<PathBuf>,
    /// Its tasks.
    pub tasks: Vec<String>,
    /// Its agents; none for the project's chain.
    pub chain: Vec<AgentName>,
    /// Its check, for a shell; none for the project's.
    pub check: Option<String>,
    /// The workstreams that must be done before.
    pub after: Vec<WorkstreamId>,
    /// Higher goes first among those that wait.
    pub priority: i32,
}
