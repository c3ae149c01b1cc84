//! The emulated terminal of an agent, and what is typed there.

mod keys;
mod output;
mod start;
