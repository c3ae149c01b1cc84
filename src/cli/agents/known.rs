//! The agents that could be used here: those that are configured, and every other preset.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::fared::Fared;
use crate::agents::probe::find_program;
use crate::cli::failure::Failure;
use crate::cli::opened::{self, Opened};
use crate::cli::project::ProjectArguments;
use crate::config::load::user_folder;
use crate::config::plan::Agent;
use crate::config::preset::{Patterns, Preset};
use crate::config::{self, Colour, Presets};
use crate::worktree::Project;

/// An agent that could be used here.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) preset: String,
    pub(super) about: String,
    /// The user's file that the preset was read from; none for what is built in.
    pub(super) file: Option<PathBuf>,
    pub(super) is_configured: bool,
    /// Whether the project's workstreams may use it.
    pub(super) is_of_project: bool,
    /// The program that its command names, if it is there.
    pub(super) program: Option<PathBuf>,
    pub(super) unavailable: Option<String>,
    pub(super) command: Vec<String>,
    pub(super) patterns: Patterns,
    /// What its attempts in this project tell; none unless that was asked for.
    pub(super) fared: Option<Fared>,
}

/// Returns the agents that could be used here, and the project; outside of a repository there is none.
pub(super) fn known(project: &ProjectArguments) -> Result<(Vec<Known>, Option<Opened>), Failure> {
    let here = std::env::current_dir().map_err(Failure::wrong)?;
    let opened = match Project::discover(&here) {
        Ok(_) => Some(opened::open(project)?),
        Err(_) => None,
    };
    let presets = config::presets(user_folder().as_deref())
        .map_err(|errors| Failure::wrong(errors.render(Colour::Plain)))?;
    let root = opened.as_ref().map_or(here.as_path(), |opened| opened.project.root());
    let mut all: Vec<Known> =
        opened.iter().flat_map(|opened| configured(opened, &presets)).collect();
    for (name, preset) in &presets {
        let is_template = preset.command.is_empty() && preset.unavailable.is_none();
        if !is_template && !all.iter().any(|agent| agent.name == *name) {
            all.push(of_preset(name, preset, root));
        }
    }
    Ok((all, opened))
}

fn configured<'a>(
    opened: &'a Opened,
    presets: &'a Presets,
) -> impl Iterator<Item = Known> + use<'a> {
    // Without a file every preset that can be used is an agent, but nobody configured it.
    let is_configured = opened.plan.file.is_some();
    opened.plan.agents.values().map(move |agent: &Agent| {
        let preset = presets.get(&agent.preset);
        let path = agent.env.get("PATH").map(OsStr::new);
        Known {
            name: agent.name.to_string(),
            preset: agent.preset.clone(),
            about: preset.map(|preset| preset.about.clone()).unwrap_or_default(),
            file: preset.and_then(|preset| preset.file.clone()),
            is_configured,
            is_of_project: true,
            program: program(&agent.command, path, opened.project.root()),
            unavailable: agent.unavailable.clone(),
            command: agent.command.clone(),
            patterns: agent.patterns.clone(),
            fared: None,
        }
    })
}

fn of_preset(name: &str, preset: &Preset, root: &Path) -> Known {
    let path = preset.env.get("PATH").map(OsStr::new);
    Known {
        name: name.to_owned(),
        preset: name.to_owned(),
        about: preset.about.clone(),
        file: preset.file.clone(),
        is_configured: false,
        is_of_project: false,
        program: program(&preset.command, path, root),
        unavailable: preset.unavailable.clone(),
        command: preset.command.clone(),
        patterns: preset.output.clone(),
        fared: None,
    }
}

fn program(command: &[String], path: Option<&OsStr>, root: &Path) -> Option<PathBuf> {
    match command.first()?.as_str() {
        "{ostler}" => std::env::current_exe().ok(),
        name => find_program(name, path, root),
    }
}
