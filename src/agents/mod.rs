//! What is known of coding tools: how they are asked, how their output is read, what the next one is told.
//!
//! A preset (`config/agents/*.yaml`) says it as data; the modules here give that data its meaning. Nothing in here starts
//! an attempt or decides what follows from a verdict.

pub mod api;
pub mod classify;
pub mod command;
pub mod excerpt;
mod hand_off;
pub mod hopeless;
pub mod masked;
pub mod pattern;
pub mod plain;
pub mod probe;
pub mod progress;
pub mod prompt;
pub mod reset;
pub mod retrying;
mod rules;
pub mod session;
pub mod status;
pub mod steps;
mod tally;
pub mod waiting;
