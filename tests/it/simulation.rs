//! The real policy on a clock that jumps.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod classes;
mod contests;
mod fitting;
mod fleets;
mod guards;
mod luck;
mod made;
