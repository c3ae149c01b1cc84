//! The screen: keys become actions, actions change what is shown or become requests; facts become frames.

pub mod action;
pub mod input;
pub mod keymap;
pub mod pace;
pub mod state;
pub mod terminal;
pub mod update;
