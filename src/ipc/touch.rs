//! What an operator does at an agent's terminal.

use serde::{Deserialize, Serialize};

/// What an operator does at an agent's terminal. It decides nothing, so no journal holds it: what was typed there may be
/// a password, and a replay must not type it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// These characters are typed, control characters included, exactly as they are.
    Type(String),
    /// The terminal gets another size.
    Resize {
        /// Its width.
        columns: u16,
        /// Its height.
        rows: u16,
    },
}
