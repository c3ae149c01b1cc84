//! The screen: keys become actions, actions change what is shown or become requests; facts become frames.

pub mod action;
pub mod keymap;
pub mod state;
pub mod update;
