//! The policy from end to end: what is done when an agent fails, is slow, or says that it must wait.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod fleet;
mod hand_off;
mod takeover;
mod timeouts;
mod tree;
mod waiting;
mod worst_case;
