//! `ostler new`

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::project::ProjectArguments;
use super::{editor, say};
use crate::config::draft::{self, NotKept, Place};
use crate::config::{self, Colour};
use crate::core::WorkstreamId;
use crate::core::draft::Draft;
use crate::worktree::Project;

/// What `ostler new` takes.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The name of the workstream, also of its branch; made from the title if not given.
    id: Option<String>,
    /// Its title, for people.
    #[arg(long, default_value = "")]
    title: String,
    /// What is to be done; without it and `--prompt-file`, it is read from the input, or asked for in $EDITOR.
    #[arg(long, value_name = "TEXT", conflicts_with = "prompt_file")]
    prompt: Option<String>,
    /// A file with what is to be done; its text is taken over.
    #[arg(long, value_name = "FILE")]
    prompt_file: Option<PathBuf>,
    /// A file it is about, from the repository's root; may be given again.
    #[arg(long = "file", value_name = "PATH")]
    files: Vec<PathBuf>,
    /// A task; may be given again.
    #[arg(long = "task", value_name = "TEXT")]
    tasks: Vec<String>,
    /// Its agents in their order, instead of the project's chain.
    #[arg(long, value_name = "AGENT,…", value_delimiter = ',')]
    chain: Vec<String>,
    /// The command that decides whether it is done, instead of the project's.
    #[arg(long, value_name = "COMMAND")]
    check: Option<String>,
    /// A workstream that must be done before; may be given again.
    #[arg(long, value_name = "ID")]
    after: Vec<String>,
    /// Higher goes first among those that wait.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    priority: i32,
}

/// Runs `ostler new`: adds a workstream to the configuration.
pub fn run(project: &ProjectArguments, arguments: &NewArguments) -> Outcome {
    let here = env::current_dir().map_err(|error| {
        Failure::wrong(format!("the current directory cannot be read: {error}"))
    })?;
    let found = Project::discover(&here).map_err(Failure::wrong)?;
    let draft = draft(arguments)?;
    let kept = keep(&draft, found.root(), project.config.as_deref())?;
    let path = kept.path.strip_prefix(found.root()).unwrap_or(&kept.path);
    say::line(format_args!("{}: written to {}", kept.id, path.display()));
    say::line(format_args!("an ostler that runs here takes it up; otherwise `ostler` starts it"));
    Ok(Code::Done)
}

/// Makes a workstream part of the configuration, or says why it cannot be.
fn keep(draft: &Draft, root: &Path, file: Option<&Path>) -> Result<draft::Kept, Failure> {
    let programs = env::var_os("PATH").unwrap_or_default();
    draft::keep(draft, Place { root, file, programs: &programs }).map_err(|error| match error {
        NotKept::Wrong(errors) => {
            let colour =
                if io::stderr().is_terminal() { Colour::Ansi } else { config::Colour::Plain };
            Failure::wrong(errors.render(colour))
        }
        NotKept::Taken(_) => Failure::wrong(error),
        NotKept::Unwritten { .. } => Failure::failed(error),
    })
}

fn draft(arguments: &NewArguments) -> Result<Draft, Failure> {
    let prompt = prompt(arguments)?;
    if prompt.trim().is_empty() {
        return Err(Failure::wrong(
            "nothing is to be done: the prompt is empty; give one with --prompt or --prompt-file",
        ));
    }
    Ok(Draft {
        id: arguments.id.as_deref().map(WorkstreamId::from),
        title: arguments.title.clone(),
        prompt,
        files: arguments.files.clone(),
        tasks: arguments.tasks.clone(),
        chain: arguments.chain.iter().map(|name| name.trim().into()).collect(),
        check: arguments.check.clone(),
        after: arguments.after.iter().map(|id| WorkstreamId::from(id.as_str())).collect(),
        priority: arguments.priority,
    })
}

fn prompt(arguments: &NewArguments) -> Result<String, Failure> {
    if let Some(prompt) = &arguments.prompt {
        return Ok(prompt.clone());
    }
    if let Some(path) = &arguments.prompt_file {
        return fs::read_to_string(path).map_err(|error| {
            Failure::wrong(format!("cannot read the prompt {}: {error}", path.display()))
        });
    }
    if io::stdin().is_terminal() {
        return editor::ask("");
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| {
        Failure::wrong(format!("cannot read the prompt from the input: {error}"))
    })?;
    Ok(text)
}
