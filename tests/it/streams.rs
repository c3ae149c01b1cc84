//! What agents tell in JSON, as lines that people read: in the log pane, in a search, on the command line.

#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

mod pages;
mod prefiltered;
mod printed;
mod said;
