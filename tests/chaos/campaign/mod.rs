//! One round of the campaign and its parts.

pub mod disk;
pub mod faults;
pub mod place;
pub mod rng;
pub mod round;
pub mod screen;
pub mod system;
pub mod verify;
