//! The screen: keys become actions, actions change what is shown or become requests; facts become frames.

pub mod clean;
pub mod log;
pub mod state;
pub mod theme;
pub mod view;
pub mod view_model;
