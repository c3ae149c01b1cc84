//! Frames drawn from view models: ratatui, the view model and the theme, and nothing else.

pub mod bars;
pub mod dialog;
pub mod frame;
pub mod list;
pub mod log;
pub mod pane;
pub mod plain;
pub mod text;

pub use frame::render;
