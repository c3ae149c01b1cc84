//! The operator's clipboard: the terminal is asked to fill it, and so is a program where one is at hand.

mod osc52;
mod program;

pub use osc52::{MOST, sequences};
pub use program::{Program, Wanted, programs};
