//! A real ssh connection to this machine, which is cut.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod cut;
mod empty;
mod server;
