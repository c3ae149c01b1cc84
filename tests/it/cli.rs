//! The program from the command line: what it prints, what it asks of whom, and with which code it ends.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod agents;
mod asking;
mod doctor;
mod ends;
mod inside;
mod logs;
mod new;
mod plan;
mod recover;
mod reload;
mod search;
mod sessions;
mod simulate;
mod status;
mod wrong;
mod wrong_keys;
