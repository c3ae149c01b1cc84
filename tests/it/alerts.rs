//! Alerts: what is told of what is wrong, how often, and by which ways.

#![expect(clippy::expect_used, reason = "functions that tests share may fail a test")]

mod board;
mod bytes;
mod causes;
pub mod made;
mod passed;
mod properties;
mod rung;
mod told;
