//! The process that owns one attempt, and how to speak with it.
//!
//! A keeper is this same binary, entered before anything else is set up. It is the agent's parent in a session of its
//! own and the subreaper of all that the agent starts, writes (or lets the agent write) the log, records the exit
//! durably, and ends the whole process tree on request or at the hard deadline. It never parses output.
//!
//! # The processes
//! ```text
//! launch ─► apart ─► keep ─► gate ═ agent
//! ```
//! [`launch::launch`] starts `apart`, which starts the keeper and leaves at once. So the keeper belongs to nobody: no
//! zombie of it is left to a supervisor, and no supervisor takes it along. The keeper starts the `gate`, makes the
//! gate's identity durable, and only then lets the gate replace itself by the agent. Whoever dies in between, the agent
//! runs at most once.
//!
//! # The parts
//! - The keeper: [`enter`], `keep` (how it starts), `scope`, `attempt` (its loop), `ending` (the tree), `terminal`, `clients`,
//!   `guard` (the dead-man's switch), `recorder`.
//! - Beside a supervisor: [`sentry`] and [`hook`], which are no keepers, but small and entered as early.
//! - Everybody else: [`launch`], [`inspect`], [`client`], [`orphan`], [`identity`].
//! - Between the two: [`spec`], [`record`], [`protocol`], [`files`].

mod apart;
mod attempt;
pub mod client;
mod clients;
mod complaint;
mod ending;
mod enter;
pub mod files;
mod gate;
mod guard;
pub mod hook;
pub mod identity;
pub mod inspect;
mod keep;
pub mod launch;
mod leash;
pub mod orphan;
pub mod process;
pub mod protocol;
pub mod record;
mod recorder;
mod scope;
pub mod sealed;
pub mod sentry;
pub mod spec;
mod terminal;

pub use enter::enter;
