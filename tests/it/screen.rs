//! The screen in a real terminal.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod asking;
mod inbox;
mod leaving;
mod logs;
mod looking;
mod sizes;
mod stage;
