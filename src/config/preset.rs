//! What is known of a coding tool: how it is started and how its output is read.
//!
//! A preset is a YAML file. Those under `config/agents` are built into the program; files of the same form in the user's
//! configuration directory add to them or replace them.
//!
//! Placeholders in `command`, `probe` and `env`: `{prompt}` (the text), `{prompt_file}` (its path), `{worktree}`,
//! `{attempt_dir}` (a directory for the attempt's own files), `{workstream}`, `{model}`, `{files}` (one argument each).

use serde::{Deserialize, Serialize};

use crate::core::FailureClass;

/// How an agent gets its prompt.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PromptDelivery {
    /// By a placeholder in its command.
    #[default]
    Argument,
    /// As its standard input.
    Stdin,
}

/// How an agent's output is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Patterns {
    /// The form of the output.
    pub format: Format,
    /// Its own words of success.
    pub success: Vec<Match>,
    /// Its own words of failure; the first rule that matches a line names it, the last line that matches decides.
    pub failure: Vec<FailureRule>,
    /// How far it says it is, as named groups `done` and `total`, or `percent`, and optionally `text`.
    pub progress: Vec<Match>,
    /// Its own words that explain what it is doing, such as a retry of its own.
    pub remark: Vec<Match>,
}

/// The form of an agent's output.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Lines of text.
    #[default]
    Text,
    /// One JSON object a line; other lines are text.
    Jsonl,
}

/// What a line must look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// A regular expression tried on the line without its colours.
    pub text: Option<String>,
    /// Dotted keys of a JSON line and what their values must be: a literal, a list of literals, or `~` and a regular
    /// expression. All must match.
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What a failure looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailureRule {
    /// The class it stands for.
    pub class: FailureClass,
    /// A regular expression tried on the line without its colours. A named group `reset_s` holds the seconds until the
    /// agent works again, `reset_ms` milliseconds, `reset_at` a time of day or date.
    #[serde(default)]
    pub text: Option<String>,
    /// As in [`Match::json`].
    #[serde(default)]
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
    /// Only with these exit codes; empty for any.
    #[serde(default)]
    pub exit: Vec<i32>,
    /// Only within so many lines from the end of the output; none for anywhere.
    #[serde(default)]
    pub last: Option<usize>,
}
