//! The agents of our own that ask a model by its API.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bench;
mod chain;
mod failures;
mod hostile;
mod material;
mod runs;
mod server;
