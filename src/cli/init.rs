//! `ostler init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

use clap::Args;

use super::failure::{Code, Failure, Outcome};
use super::say;
use crate::config;
use crate::worktree::Project;

/// What `ostler init` takes.
#[derive(Debug, Args)]
pub struct InitArguments {}

/// Runs `ostler init`: writes an ostler.yaml, and never over one.
pub fn run(_arguments: &InitArguments) -> Outcome {
    let here = std::env::current_dir().map_err(Failure::wrong)?;
    let project = Project::discover(&here).map_err(Failure::wrong)?;
    let path = project.root().join("ostler.yaml");
    let loaded = config::load(project.root(), None)
        .map_err(|errors| Failure::wrong(errors.render(config::Colour::Plain)))?;
    let path_variable = std::env::var_os("PATH").unwrap_or_default();
    let text = config::skeleton(&config::installed(&loaded.plan, &path_variable));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            say::line(format_args!(
                "{} written; edit it, then run `ostler check` and `ostler`",
                path.display()
            ));
            Ok(Code::Done)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::wrong(format!("{} is there already; it is left as it is", path.display())))
        }
        Err(error) => Err(Failure::failed(format!("{}: {error}", path.display()))),
    }
}
