//! The project that a command is about.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::project::ProjectArguments;
use crate::config::keys::WrongKeys;
use crate::config::plan::{KeyMode, Plan, WorkstreamPlan};
use crate::config::{self, Colour, ConfigErrors, Loaded};
use crate::core::WorkstreamId;
use crate::supervisor::state_dir::StateDir;
use crate::supervisor::stored_plan;
use crate::tui::keymap::{Care, Keymap, KeymapError};
use crate::tui::theme::{Surroundings, Theme};
use crate::worktree::Project;

/// The project that a command is about.
#[derive(Debug)]
pub struct Opened {
    /// The repository.
    pub project: Project,
    /// What its configuration means.
    pub plan: Plan,
    /// What is odd about it, a line each.
    pub warnings: Vec<String>,
    /// The files and folders that it was read from, be they there or not.
    pub paths: Vec<PathBuf>,
}

/// Finds the repository around the current directory and reads its configuration.
pub fn open(arguments: &ProjectArguments) -> Result<Opened, Failure> {
    let here = std::env::current_dir().map_err(|error| {
        Failure::wrong(format!("the current directory cannot be read: {error}"))
    })?;
    let project = Project::discover(&here).map_err(Failure::wrong)?;
    let loaded = load(project.root(), arguments.config.as_deref()).map_err(wrong)?;
    let warnings = loaded.warnings.lines();
    Ok(Opened { project, plan: loaded.plan, warnings, paths: loaded.paths })
}

/// As [`open`], for the screen: what was begun can be seen and decided about while the configuration has errors, with the
/// one that was in force last. The supervisor reads it once more at once, and so tells of the errors.
pub fn open_or_last(arguments: &ProjectArguments) -> Result<Opened, Failure> {
    open(arguments).or_else(|failure| last(arguments).ok_or(failure))
}

/// As [`open_or_last`], for commands that look at what was begun or decide about it: they tell of the errors and go on.
pub fn open_begun(arguments: &ProjectArguments) -> Result<Opened, Failure> {
    open(arguments).or_else(|failure| match last(arguments) {
        Some(opened) => {
            eprintln!("{}", failure.text.trim_end());
            eprintln!(
                "warning: until that is mended, the configuration that was in force last is used\n"
            );
            Ok(opened)
        }
        None => Err(failure),
    })
}

/// Returns what was in force last where the configuration has errors now; none if nothing was begun with that file.
fn last(arguments: &ProjectArguments) -> Option<Opened> {
    let project = Project::discover(&std::env::current_dir().ok()?).ok()?;
    let errors = load(project.root(), arguments.config.as_deref()).err()?;
    let plan = stored_plan::read(&StateDir::open(project.common_dir()).ok()?)?;
    let file = arguments.config.clone().unwrap_or_else(|| PathBuf::from(config::FILE));
    let file = std::fs::canonicalize(project.root().join(file)).ok()?;
    let of = std::fs::canonicalize(plan.file.as_ref()?).ok()?;
    let is_begun = of == file && !plan.workstreams.is_empty();
    is_begun.then(|| Opened { project, plan, warnings: Vec::new(), paths: errors.paths().to_vec() })
}

fn load(root: &Path, file: Option<&Path>) -> Result<Loaded, ConfigErrors> {
    config::load(root, file).and_then(|loaded| match keymap(&loaded.plan) {
        Ok(_) => Ok(loaded),
        Err(errors) => Err(loaded.keys.wrong(errors.into_iter().map(wrong_keys).collect())),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` takes")]
fn wrong(errors: ConfigErrors) -> Failure {
    let colour = if std::io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
    Failure::wrong(errors.render(colour))
}

/// Returns which key does what.
pub fn keymap(plan: &Plan) -> Result<Keymap, Vec<KeymapError>> {
    let care = match plan.key_mode {
        KeyMode::Usual => Care::Usual,
        KeyMode::Strict => Care::Strict,
    };
    Keymap::with(&plan.keys, care)
}

fn wrong_keys(error: KeymapError) -> WrongKeys {
    let message = error.to_string();
    let actions = match error {
        KeymapError::UnknownAction { name, .. } => vec![name],
        KeymapError::Key { action, .. }
        | KeymapError::Careless { action, .. }
        | KeymapError::Needed { action } => vec![action.to_owned()],
        KeymapError::Conflict { first, second, .. } => vec![second.to_owned(), first.to_owned()],
    };
    WrongKeys { actions, message }
}

/// Reads the configuration of a plan again.
pub fn reload(plan: &Plan) -> Result<Plan, String> {
    load(&plan.root, plan.file.as_deref())
        .map(|loaded| loaded.plan)
        .map_err(|errors| errors.render(Colour::Plain))
}

/// Returns what is known of the terminal that is there.
pub fn around() -> Surroundings {
    Surroundings::detect(|name| std::env::var(name).ok())
}

impl Opened {
    /// Checks that worktrees can be made from the configured base.
    pub fn check_base(&self) -> Result<(), Failure> {
        self.project.resolve(self.plan.base.as_deref()).map(drop).map_err(Failure::wrong)
    }

    /// Reads the screen's theme, for the terminal that is there.
    pub fn theme(&self) -> Result<Theme, Failure> {
        Theme::load(self.plan.theme.as_deref(), around()).map_err(Failure::wrong)
    }

    /// Stores the configuration for workers that start later.
    pub fn store(&self, dir: &StateDir) -> Result<(), Failure> {
        stored_plan::write(dir, &self.plan)
            .map_err(|error| Failure::failed(format!("{}: {error}", dir.plan().display())))
    }

    /// Returns the workstream with this name.
    pub fn workstream(&self, name: &str) -> Result<&WorkstreamPlan, Failure> {
        self.plan.workstream(&WorkstreamId::from(name)).ok_or_else(|| {
            let known: Vec<&str> =
                self.plan.workstreams.iter().map(|workstream| workstream.id.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Failure::wrong(format!("there is no workstream `{name}`; there are: {known}"))
        })
    }

    /// Returns the place of a tier in a workstream's chain, given by its agent's name or its number from 1.
    pub fn tier(&self, workstream: &WorkstreamPlan, tier: &str) -> Result<usize, Failure> {
        let by_name = workstream.chain.iter().position(|agent| agent.as_str() == tier);
        let by_number = || tier.parse::<usize>().ok()?.checked_sub(1);
        by_name.or_else(by_number).filter(|place| *place < workstream.chain.len()).ok_or_else(
            || {
                let chain: Vec<&str> = workstream
                    .chain
                    .iter()
                    .map(super::super::core::id::AgentName::as_str)
                    .collect();
                Failure::wrong(format!(
                    "`{tier}` is no tier of {}; its chain is: {}",
                    workstream.id,
                    chain.join(", ")
                ))
            },
        )
    }
}
