//! The forms in which agents tell what they do, one JSON object a line.

use serde::{Deserialize, Serialize};

/// The form in which an agent tells what it does, one JSON object a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// `claude --output-format stream-json`, and tools that speak like it.
    Claude,
    /// `codex exec --json`.
    Codex,
    /// `copilot --output-format json`.
    Copilot,
    /// `gemini --output-format stream-json`.
    Gemini,
    /// `goose run --output-format stream-json`.
    Goose,
    /// `opencode run --format json`.
    Opencode,
    /// The report lines of this program's own agents.
    Ostler,
}
