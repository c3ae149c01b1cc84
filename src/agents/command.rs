//! The argument vector of an agent, with its placeholders filled in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::plan::Agent;

/// The longest prompt that is passed as an argument, in bytes; the system takes 128 KiB at most.
pub const ARGUMENT_LIMIT: usize = 100 * 1024;

/// Stands where the arguments go by which an attempt goes on with a conversation.
const RESUME: &str = "{resume}";

/// What placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    /// `{prompt}`: the prompt itself.
    pub prompt: String,
    /// `{prompt_file}`: the file that holds it.
    pub prompt_file: PathBuf,
    /// `{worktree}`: where the agent works.
    pub worktree: PathBuf,
    /// `{attempt_dir}`: a directory for files of this attempt.
    pub attempt_dir: PathBuf,
    /// `{workstream}`: the workstream's name.
    pub workstream: String,
    /// `{files}`: the files that the work is about, one argument each.
    pub files: Vec<PathBuf>,
    /// `{ostler}`: this program.
    pub ostler: PathBuf,
    /// `{session}`: the conversation that the attempt goes on with; none if it begins one.
    pub session: Option<String>,
}

/// Why a command could not be filled in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The agent has no command.
    #[error("agent `{agent}` has no command; give it `command: [program, arguments…]`")]
    NoCommand {
        /// The agent.
        agent: String,
    },
    /// The prompt does not fit into an argument.
    #[error(
        "the prompt for agent `{agent}` is {} KiB, but one argument takes {} KiB at most; use {{prompt_file}} in its \
         command, or `prompt: stdin`",
        bytes.div_ceil(1024),
        ARGUMENT_LIMIT / 1024
    )]
    PromptTooLong {
        /// The agent.
        agent: String,
        /// The prompt's length.
        bytes: usize,
    },
    /// The prompt holds a character that no argument can hold.
    #[error(
        "the prompt for agent `{agent}` holds a NUL character, which no argument can; use {{prompt_file}}"
    )]
    Nul {
        /// The agent.
        agent: String,
    },
}

/// Returns the program and arguments of an agent.
///
/// `{files}` as an argument becomes one argument per file. Braces around any other word stay as they are (the model is
/// filled in where the configuration is read), and what is filled in is not looked at again.
pub fn fill(agent: &Agent, values: &Placeholders) -> Result<Vec<String>, FillError> {
    if agent.command.is_empty() {
        return Err(FillError::NoCommand { agent: agent.name.to_string() });
    }
    if agent.command.iter().any(|argument| argument.contains("{prompt}")) {
        if values.prompt.len() > ARGUMENT_LIMIT {
            let bytes = values.prompt.len();
            return Err(FillError::PromptTooLong { agent: agent.name.to_string(), bytes });
        }
        if values.prompt.contains('\0') {
            return Err(FillError::Nul { agent: agent.name.to_string() });
        }
    }
    Ok(fill_arguments(&resumed(agent, values), values))
}

/// Returns the command with the arguments by which it goes on with a conversation, if it does.
fn resumed(agent: &Agent, values: &Placeholders) -> Vec<String> {
    let resume = if values.session.is_some() { agent.resume.as_slice() } else { &[] };
    let mut command = agent.command.clone();
    match command.iter().position(|argument| argument == RESUME) {
        Some(place) => drop(command.splice(place..=place, resume.iter().cloned())),
        None => command.extend_from_slice(resume),
    }
    command
}

/// Returns an argument vector with its placeholders filled in, as [`fill`] does, without limits.
pub fn fill_arguments(command: &[String], values: &Placeholders) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for argument in command {
        if argument == "{files}" {
            out.extend(values.files.iter().map(|file| shown(file)));
        } else {
            out.push(fill_text(argument, values));
        }
    }
    out
}

/// Returns the variables that are set for an agent, with their placeholders filled in.
pub fn fill_env(agent: &Agent, values: &Placeholders) -> BTreeMap<String, String> {
    agent.env.iter().map(|(name, value)| (name.clone(), fill_text(value, values))).collect()
}

fn fill_text(template: &str, values: &Placeholders) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let known = rest
            .find('}')
            .and_then(|close| value(&rest[1..close], values).map(|text| (text, close + 1)));
        if let Some((text, length)) = known {
            out.push_str(&text);
            rest = &rest[length..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn value(name: &str, values: &Placeholders) -> Option<String> {
    Some(match name {
        "prompt" => values.prompt.clone(),
        "prompt_file" => shown(&values.prompt_file),
        "worktree" => shown(&values.worktree),
        "attempt_dir" => shown(&values.attempt_dir),
        "workstream" => values.workstream.clone(),
        "ostler" => shown(&values.ostler),
        "session" => values.session.clone()?,
        "files" => values.files.iter().map(|file| shown(file)).collect::<Vec<_>>().join(" "),
        _ => return None,
    })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
