//! The operator's own editor, from a command.

use super::failure::Failure;
use crate::tui::run::editor::Opened;

/// Lets the operator edit a text, and returns what was saved.
pub fn ask(text: &str) -> Result<String, Failure> {
    Opened::with(text).and_then(Opened::edit).map_err(Failure::failed)
}
