//! The rules, and nothing else: no clock, no randomness, no file, no process, no task.
//!
//! A [`Workstream`] is driven by [`Workstream::step`] alone: an [`Event`] and the time go in, [`Effect`]s come out, and
//! their results come back as events. Replaying the events is the state.

pub mod account;
pub mod alert;
pub mod allocate;
pub mod backoff;
pub mod bar;
pub mod breaker;
pub mod budget;
pub mod class;
pub mod condition;
pub mod contest;
pub mod course;
pub mod definition;
pub mod draft;
pub mod effect;
pub mod event;
pub mod explain;
pub mod fleet;
pub mod forecast;
pub mod health;
pub mod history;
pub mod id;
pub mod lack;
pub mod launch;
pub mod ledger;
pub mod log_time;
pub mod notice;
pub mod outcome;
pub mod past;
pub mod phase;
pub mod phase_word;
pub mod policy;
pub mod progress;
pub mod recovery;
pub mod resume;
pub mod room;
pub mod simulate;
pub mod standby;
pub mod storm;
pub mod strain;
pub mod stream;
pub mod time;
pub mod transfer;
pub mod verdict;
pub mod workstream;
pub mod worst_case;

pub use account::Account;
pub use class::FailureClass;
pub use definition::{Definition, Tier};
pub use effect::Effect;
pub use event::{Event, Request};
pub use id::{AgentName, AttemptId, ProcessIdentity, WorkstreamId};
pub use ledger::{Attempt, AttemptOutcome};
pub use notice::Notice;
pub use phase::{Intent, Launch, Phase, PhaseWord};
pub use stream::Stream;
pub use time::Timestamp;
pub use verdict::{Evidence, Verdict};
pub use workstream::Workstream;
