//! What an agent tells in JSON, one object a line, as lines that people read.
//!
//! [`readable`] is a function of the line alone: a log is read by offset, from anywhere. What is said has the letters of the
//! line side by side as they stand there, and beside them only words that the prefilter of searches knows.

mod claude;
mod codex;
mod copilot;
mod figures;
mod gemini;
mod goose;
mod list;
mod opencode;
mod ostler;
mod readable;
mod said;
mod tool;

pub use readable::readable;
pub use said::Said;
