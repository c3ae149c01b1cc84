//! What a keeper is told: everything that is needed to make the same attempt again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::core::time::millis;

/// The version of the files that a keeper reads and writes.
pub const FORMAT: u32 = 1;

/// How an agent's output reaches its log.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Io {
    /// Its stdout and stderr are the log file: no pipe that loses bytes, stalls or ties fates.
    #[default]
    File,
    /// It has a terminal, which the keeper copies into the log.
    Pty,
}

/// What a keeper is told, in `spec.json` of its run directory.
///
/// Values of environment variables are not in it: they are inherited from the process that starts the keeper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// [`FORMAT`].
    pub version: u32,
    /// What is kept, for people and for the environment: `ws-03/2`, or `ws-03/2/check`.
    pub name: String,
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// Variables that are set for it, none of them secret.
    pub env: BTreeMap<String, String>,
    /// A file that is its standard input; none for no input. Not used with a terminal.
    pub stdin: Option<PathBuf>,
    /// How its output reaches the log.
    pub io: Io,
    /// The time between TERM and KILL when the deadline ends it.
    #[serde(with = "millis")]
    pub grace: Duration,
    /// How long it may run.
    #[serde(with = "millis")]
    pub deadline: Duration,
    /// How far it steps back behind other programs for the processor, from 0 (not at all) to 19.
    #[serde(default)]
    pub nice: u8,
    /// What the keeper starts when nobody owns the workstream; none to start nothing.
    pub raise: Option<Raise>,
    /// Where the keeper and all that it starts live.
    #[serde(default)]
    pub scope: Scope,
}

/// Where a keeper and all that it starts live, as the system's manager sorts processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Where whoever starts it does.
    #[default]
    Shared,
    /// In a scope of its own below the user's manager, so that the end of a login is not its end.
    Own,
}

/// What a keeper does when nobody owns its workstream any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// The lock that an owner holds.
    pub owner_lock: PathBuf,
    /// The program and arguments that make a new owner.
    pub argv: Vec<String>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// How long nobody may be there before the first one is raised.
    #[serde(with = "millis")]
    pub after: Duration,
}
