//! The process that owns one attempt, and how to speak with it.
//!
//! A keeper is this same binary, entered before anything else is set up. It is the agent's parent in a session of its
//! own and the subreaper of all that the agent starts, writes (or lets the agent write) the log, records the exit
//! durably, and ends the whole process tree on request or at the hard deadline. It never parses output.

pub mod record;
pub mod spec;
