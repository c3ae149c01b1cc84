//! The screen in a real terminal.

mod agents;
mod asking;
mod broken;
mod colours;
mod copies;
mod inbox;
mod leaving;
mod logs;
mod looking;
mod new;
mod sizes;
pub mod stage;
mod terminal;
mod terminals;
mod themes;
mod undo;
mod views;
mod waiting;
