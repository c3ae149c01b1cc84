//! The emulated terminal of an agent, and what is typed there.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod keys;
mod output;
mod start;
