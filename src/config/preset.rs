//! What is known of a coding tool: how it is started and how its output is read.
//!
//! A preset is a YAML file. Those under `config/agents` are built into the program; files of the same form in the user's
//! configuration directory add to them, replace them, or say by `extends` how they differ from another one.
//!
//! Placeholders in `command`, `probe` and `env`: `{prompt}` (the text), `{prompt_file}` (its path), `{worktree}`,
//! `{attempt_dir}` (a directory for the attempt's own files), `{workstream}`, `{model}`, `{files}` (one argument each),
//! `{ostler}` (this program), `{resume}` (what `resume` says, in retries that go on with a conversation), and in `resume`
//! `{session}` (the name of that conversation).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::duration::{Friendly, Limit};
use crate::core::account::Figure;
use crate::core::contest::Contending;
use crate::core::definition::Expects;
use crate::core::policy::{Growth, Responses};
use crate::core::{FailureClass, Stream};
use crate::keeper::spec::Io;

/// The names that may stand in braces in `command`, `probe`, `resume` and `env`.
pub const PLACEHOLDERS: &[&str] = &[
    "prompt",
    "prompt_file",
    "worktree",
    "attempt_dir",
    "workstream",
    "model",
    "files",
    "ostler",
    "resume",
    "session",
];

/// What is known of a coding tool, as a preset file says it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Preset {
    /// The user's file that it was read from; none for what is built in.
    #[serde(skip)]
    pub file: Option<PathBuf>,
    /// What it is, in one line.
    pub about: String,
    /// The preset that holds what this one does not say. Rules of `output` come before those of that preset.
    pub extends: Option<String>,
    /// Why it cannot be used, if it cannot.
    pub unavailable: Option<String>,
    /// Program and arguments.
    pub command: Vec<String>,
    /// How its output reaches the log.
    pub io: Io,
    /// How it gets its prompt.
    pub prompt: PromptDelivery,
    /// Variables that are set for it.
    pub env: BTreeMap<String, String>,
    /// A command that exits with 0 if the agent can work now.
    pub probe: Option<Vec<String>>,
    /// How long the probe may take.
    pub probe_timeout: Option<Friendly>,
    /// The arguments by which a retry goes on with the conversation of the last attempt, whose name is `{session}`. They
    /// stand where the command says `{resume}`, or else at its end.
    pub resume: Option<Vec<String>>,
    /// How long its attempts may take.
    pub timeout: PresetTimeout,
    /// How often it is tried again.
    pub retry: PresetRetry,
    /// The time between TERM and KILL.
    pub grace: Option<Friendly>,
    /// What it must leave behind to count as done when no check decides.
    pub expects: Option<Expects>,
    /// Files of its own that it leaves in the worktree, as git's ignore patterns: they are no change, and are not saved.
    pub leaves: Vec<String>,
    /// What stands for `{model}` when no model is configured.
    pub model: Option<String>,
    /// How many of its attempts may be at work at the same time, if they replicate their supervisor; that it is given is
    /// what makes an agent a replica.
    pub max_workers: Option<u32>,
    /// What decides between its contestants, if it stands for agents that work side by side.
    pub contends: Option<Contending>,
    /// What is done when it fails, in the form of `on:` in `ostler.yaml`.
    #[serde(deserialize_with = "read_apart")]
    #[schemars(with = "super::response::On")]
    pub on: Responses,
    /// How its output is read.
    pub output: Patterns,
}

/// Passes over a value: its form is not that in which it is stored, and [`super::presets`] reads it.
fn read_apart<'de, D: Deserializer<'de>>(value: D) -> Result<Responses, D::Error> {
    IgnoredAny::deserialize(value).map(|_| Responses::default())
}

/// How long an attempt may take, as a preset says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PresetTimeout {
    /// Warn after this long, or `off`.
    pub soft: Option<Limit>,
    /// End the attempt after this long.
    pub hard: Option<Friendly>,
    /// End the attempt after this long without evidence of progress, or `off`.
    pub idle: Option<Limit>,
}

/// How often an agent is tried again, as a preset says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PresetRetry {
    /// Attempts after the first one.
    pub max: Option<u32>,
    /// How the wait grows.
    pub backoff: Option<Growth>,
    /// The first wait.
    pub delay: Option<Friendly>,
    /// No wait is longer.
    pub max_delay: Option<Friendly>,
    /// The share of a wait, from 0 to 1, that chance may take away.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub jitter: Option<f64>,
}

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
    /// The kind of its events, which are shown as lines that people read; none to show them as they are.
    pub stream: Option<Stream>,
    /// Its own words of success.
    pub success: Vec<Match>,
    /// Its own words of failure; the first rule that matches a line names it, the last line that matches decides.
    pub failure: Vec<FailureRule>,
    /// Its own words for a state that it does not come out of by itself: they end the attempt at once.
    pub abort_on: Vec<AbortRule>,
    /// How far it says it is, as named groups `done` and `total`, or `percent`, and optionally `text`.
    pub progress: Vec<Match>,
    /// Its own words that explain what it is doing.
    pub remark: Vec<Match>,
    /// Its own words for trying a request again by itself, as named groups `attempt`, `max`, `delay_s` or `delay_ms`, and
    /// `why`, all of them optional.
    pub retrying: Vec<Match>,
    /// Its own question to the operator: it waits when this is at the end of what it wrote before it fell silent.
    pub waiting: Vec<Match>,
    /// Lines that are no evidence of anything, whatever they hold.
    pub ignore: Vec<Match>,
    /// Lines which show that it went on: the failures before them were its own to retry, and are forgotten.
    pub recovered: Vec<Match>,
    /// Its own list of things to do, as JSON.
    pub todo: Vec<TodoRule>,
    /// Dotted keys of a JSON line that hold its own name for the conversation.
    pub session: Vec<String>,
    /// What it says that it took.
    pub usage: Vec<UsageRule>,
    /// Lines that show that it uses a tool.
    pub tool: Vec<Match>,
    /// Lines that tell of the attempts that it has other agents make, as named groups `number`, `agent`, `outcome` (`open`,
    /// `skipped`, `stopped`, `succeeded` or a failure class), and optionally `why`, `took_ms` and
    /// of those that work side by side `contestant`, `reset_ms` (of the wall clock), `sent`, `received`, `cost_usd`, `checkpoint`, `files`, `added`, `removed`.
    pub attempt: Vec<Match>,
    /// Lines that show that it has taken its prompt, besides those that tell what was taken, of tools, of its list and of
    /// success, which show that as well.
    pub prompted: Vec<Match>,
    /// Dotted keys of a JSON line that hold its words for people; the first that is there and not empty is shown.
    pub message: Vec<String>,
}

/// Where a line says what was taken: by the keys below for JSON, by named groups `input`, `output` and `cost` for text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UsageRule {
    /// As in [`Match::text`]. Numbers may end in `k` or `M`.
    pub text: Option<String>,
    /// As in [`Match::json`].
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
    /// The dotted keys of the tokens that the model read, which add up.
    pub input: Vec<String>,
    /// The dotted keys of the tokens that it wrote, which add up.
    pub output: Vec<String>,
    /// The dotted key of what that cost, in dollars.
    pub cost: Option<String>,
    /// Whether the figures are those of a part, which add up, and not of the whole so far; the whole counts for more.
    pub part: bool,
    /// The dotted key of what a part is called; lines in a row with the same name are one part.
    pub name: Option<String>,
    /// Which of the figures are those of the whole conversation, and not of this attempt alone.
    pub of_session: Vec<Figure>,
}

/// Where a JSON line holds a list of things to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TodoRule {
    /// Which lines hold one, as in [`Match::json`].
    pub json: serde_json::Map<String, serde_json::Value>,
    /// The dotted key of the list; `*` stands for any element of a list on the way.
    pub list: String,
    /// What an element that is done looks like, as in [`Match::json`].
    pub done: serde_json::Map<String, serde_json::Value>,
    /// The dotted key of an element's text. The first element that is not done is shown.
    pub text: String,
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
    /// expression. All must match. In a key, `*` stands for any element of a list.
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What it looks like when an agent will not come to an end by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbortRule {
    /// The class it stands for.
    pub class: FailureClass,
    /// As in [`Match::text`].
    #[serde(default)]
    pub text: Option<String>,
    /// As in [`Match::json`].
    #[serde(default)]
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
    /// How many such lines there must be; 1 if not given. Lines of `recovered`, `tool` and `success` start the count anew.
    #[serde(default)]
    pub times: Option<u32>,
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
    /// Only within so many lines from the end of the output, empty ones not counted; none for anywhere.
    #[serde(default)]
    pub last: Option<usize>,
    /// How many lines `text` is tried on at once, joined by spaces, for messages that the tool wraps; 1 if not given,
    /// at most 8.
    #[serde(default)]
    pub lines: Option<usize>,
    /// A step that the agent may have recovered from: it counts only if nothing else says how the attempt ended.
    #[serde(default)]
    pub hint: bool,
}
