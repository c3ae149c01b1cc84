//! The screen: keys become actions, actions change what is shown or become requests; facts become frames.

pub mod action;
pub mod clean;
pub mod clipboard;
pub mod diff;
pub mod emulator;
pub mod files;
pub mod found;
pub mod hints;
pub mod incidents;
pub mod input;
pub mod keymap;
pub mod listed;
pub mod log;
pub mod outputs;
pub mod pace;
pub mod run;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod view_model;
