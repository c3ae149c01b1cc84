//! Several supervisors of one project, and what guards their agents.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod admission;
mod breakers;
mod slots;
