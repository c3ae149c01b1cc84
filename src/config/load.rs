//! Loading a configuration.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use etcetera::BaseStrategy as _;
use indexmap::IndexMap;

use super::agent::Agents;
use super::alerts;
use super::contest::{self, Written};
use super::finding::{ConfigErrors, Finding, Findings};
use super::form::Project;
use super::gather::{gather, gather_unnamed, one};
use super::guards;
use super::input::Input;
use super::keys::{self, KeyPlaces};
use super::plan::{Check, KeyMode, Limits, OnSupervisorLoss, Plan};
use super::presets::{self, Presets};
use super::read::{At, Read as _};
use super::source;
use super::theme;
use super::value::Workstreams;
use super::workstream::{self, Declared, Usual, inside};
use crate::core::AgentName;
use crate::core::definition::{Exhausted, Order};

/// The project's file, at the repository's root.
pub const FILE: &str = "ostler.yaml";
/// The folder of the workstreams that were made by `ostler new` or on the screen, from the repository's root.
pub const OWN_FOLDER: &str = ".ostler/workstreams";
/// The user's own file, in the user's folder.
pub(super) const USER_FILE: &str = "config.yaml";

/// An owner that only changes, or a machine that is slow, is not taken for a loss.
const LEAST_GRACE: Duration = Duration::from_secs(1);
/// Agents are not asked ahead more often, whatever is written.
const SOONEST: Duration = Duration::from_secs(5);

const DEFAULTS: &str = include_str!("../../config/default.yaml");

/// A configuration that is right.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What it means.
    pub plan: Plan,
    /// What is worth telling of it.
    pub warnings: Findings,
    /// Where its keys are written.
    pub keys: KeyPlaces,
    /// The files and folders that it depends on, be they there or not.
    pub paths: Vec<PathBuf>,
}

/// Loads the configuration of the repository with this main worktree.
///
/// `file` is read instead of the root's `ostler.yaml`, and must be there. The user's own file and presets are looked up
/// in the folder that [`user_folder`] names.
pub fn load(root: &Path, file: Option<&Path>) -> Result<Loaded, ConfigErrors> {
    load_with(root, file, user_folder().as_deref())
}

/// Returns the user's folder for configuration: `$XDG_CONFIG_HOME/ostler`, or else `~/.config/ostler`.
pub fn user_folder() -> Option<PathBuf> {
    let strategy = etcetera::base_strategy::Xdg::new().ok()?;
    Some(strategy.config_dir().join("ostler"))
}

/// As [`load`], with the user's folder given; none for no such folder.
pub fn load_with(
    root: &Path,
    file: Option<&Path>,
    user: Option<&Path>,
) -> Result<Loaded, ConfigErrors> {
    load_as_if(root, file, user, None)
}

/// A file of a workstream that is not there yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proposed<'a> {
    /// Where it is to be.
    pub path: &'a Path,
    /// What is to be in it.
    pub text: &'a str,
}

/// As [`load_with`], as if this file were there too.
pub(super) fn load_as_if(
    root: &Path,
    file: Option<&Path>,
    user: Option<&Path>,
    proposed: Option<Proposed<'_>>,
) -> Result<Loaded, ConfigErrors> {
    let root = &absolute(root);
    let file = file.map(absolute);
    let file = file.as_deref();
    let mut input = Input::default();
    let defaults = input.form::<Project>("<built in>/default.yaml", DEFAULTS);
    let defaults = defaults.map(|at| at.value).unwrap_or_default();
    let own = user.and_then(|user| optional(&user.join(USER_FILE), root, &mut input));
    let usual = root.join(FILE);
    let (path, project) = match file {
        Some(file) => (Some(file), required(file, root, &mut input)),
        None => (Some(usual.as_path()), optional(&usual, root, &mut input)),
    };
    let found = path.filter(|path| path.exists()).map(Path::to_path_buf);
    let written = match (project, own) {
        (Some(project), Some(own)) => project.over(own),
        (project, own) => project.or(own).unwrap_or_default(),
    };
    let presets = presets::read(user.map(|user| user.join("agents")).as_deref(), &mut input);
    let folder = path.and_then(Path::parent).unwrap_or(root).to_path_buf();
    let load = Load { root, folder, user, file: found, written, defaults, presets, proposed };
    let places = keys::places(&load.written);
    let plan = load.plan(&mut input);
    let Input { sources, findings } = input;
    let paths = sources.paths().to_vec();
    let sources = Arc::new(sources);
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.into_iter().partition(Finding::is_error);
    if errors.is_empty() {
        let keys = KeyPlaces::new(places, Arc::clone(&sources));
        Ok(Loaded { plan, warnings: Findings::new(warnings, sources), keys, paths })
    } else {
        Err(ConfigErrors(Findings::new(errors, sources)))
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Reads a file that may be missing.
fn optional(path: &Path, root: &Path, input: &mut Input) -> Option<Project> {
    input.sources.depends_on(path);
    // A link that leads nowhere is a mistake, and no missing file.
    if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return None;
    }
    required(path, root, input)
}

fn required(path: &Path, root: &Path, input: &mut Input) -> Option<Project> {
    input.sources.depends_on(path);
    let shown = source::name(path, root);
    match source::read(path) {
        Ok(text) => input.form::<Project>(&shown, &text).map(|at| at.value),
        Err(why) => {
            let finding = Finding::error(format!("cannot read the configuration {shown}: {why}"));
            input.push(finding.help("`ostler init` writes one to start from"));
            None
        }
    }
}

/// All that a plan is made from.
struct Load<'a> {
    root: &'a Path,
    folder: PathBuf,
    user: Option<&'a Path>,
    file: Option<PathBuf>,
    written: Project,
    defaults: Project,
    presets: Presets,
    proposed: Option<Proposed<'a>>,
}

impl Load<'_> {
    fn plan(self, input: &mut Input) -> Plan {
        let Self { written, defaults, .. } = &self;
        let declared = self.declared(input);
        let limits = guards::limits(written, defaults, input);
        let mut findings = Vec::new();
        let mut agents = Agents {
            project: written,
            defaults,
            presets: &self.presets,
            findings: &mut findings,
            done: IndexMap::new(),
        };
        agents.declared();
        let chain = match &written.chain {
            Some(chain) => workstream::tiers(chain, &mut agents),
            None if written
                .agents
                .as_ref()
                .is_some_and(|named| named.value.0.len() != agents.done.len()) =>
            {
                None
            }
            // What stands for others is no agent by itself.
            None => {
                let done = agents.done.iter().filter(|(_, agent)| agent.contends.is_none());
                Some(done.map(|(name, _)| name.clone()).collect())
            }
        };
        agents.gotos();
        let contest = contest::of_project(written, agents.findings);
        let mut usual = self.usual(chain, contest, limits);
        usual.put_together(&mut agents);
        let workstreams = workstream::resolve(self.root, &declared, &usual, &mut agents, input);
        let (chain, contest) = usual.whole.unwrap_or((usual.chain, None));
        let mut agents = agents.done;
        input.findings.append(&mut findings);
        if written.agents.is_none() && written.chain.is_none() {
            self.every_preset(&mut agents);
        }
        let theme = written.theme.as_ref().and_then(|theme| {
            let folders =
                theme::Folders { project: &self.folder, root: self.root, user: self.user };
            theme::find(theme, folders, input)
        });
        let supervisor_grace =
            written.supervisor_grace.as_ref().or(defaults.supervisor_grace.as_ref());
        let supervisor =
            written.on_supervisor_loss.as_ref().or(defaults.on_supervisor_loss.as_ref());
        Plan {
            root: self.root.to_path_buf(),
            file: self.file.clone(),
            base: self.base(input),
            worktrees: self.worktrees(input),
            copy: written.copy.iter().flat_map(|copy| inside(&copy.value, input)).collect(),
            limits,
            guards: guards::guards(written, defaults),
            alerts: alerts::alerts(written, defaults, input),
            on_supervisor_loss: supervisor.map_or(OnSupervisorLoss::default(), |at| at.value),
            supervisor_grace: supervisor_grace
                .map_or(Duration::from_secs(5), |at| at.value.0.max(LEAST_GRACE)),
            agents,
            chain,
            contest,
            order: usual.order,
            warm: self.warm(),
            check: usual.check,
            exhausted: usual.exhausted,
            workstreams,
            theme,
            keys: keys::keys(written),
            key_mode: written.key_mode.as_ref().map_or(KeyMode::default(), |at| at.value),
        }
    }

    /// Returns the workstreams as they are written, here and elsewhere.
    fn declared(&self, input: &mut Input) -> Vec<Declared> {
        let mut declared = Vec::new();
        let mut from: Vec<At<String>> = Vec::new();
        if let Some(at) = &self.written.workstreams {
            match &at.value {
                Workstreams::Here(list) => declared.extend(
                    list.iter()
                        .map(|form| Declared { form: form.clone(), folder: self.folder.clone() }),
                ),
                Workstreams::From(path) => from.push(At { value: path.clone(), place: at.place }),
            }
        }
        from.extend(self.written.workstreams_from.clone());
        let own = self.root.join(OWN_FOLDER);
        let mut is_named = false;
        for path in from {
            let named = self.folder.join(&path.value);
            is_named |= named.components().eq(own.components());
            declared.extend(gather(&named, path.place, self.root, input));
        }
        if !is_named {
            declared.extend(gather_unnamed(&own, self.root, input));
        }
        if let Some(Proposed { path, text }) = self.proposed {
            declared.extend(one(path, &source::name(path, self.root), text, input));
        }
        declared
    }

    /// Returns how often agents are asked ahead.
    fn warm(&self) -> Option<Duration> {
        let written = self.written.warm.as_ref().or(self.defaults.warm.as_ref());
        written.and_then(|at| at.value.duration()).map(|every| every.max(SOONEST))
    }

    fn usual(&self, chain: Option<Vec<AgentName>>, contest: Written, limits: Limits) -> Usual {
        let Self { written, defaults, .. } = self;
        let timeout = written.check_timeout.as_ref().or(defaults.check_timeout.as_ref());
        let check_timeout = timeout.map_or(Duration::from_secs(600), |at| at.value.0);
        let on = [&written.on, &defaults.on].into_iter().flatten();
        let exhausted = on.filter_map(|on| on.value.exhausted.as_ref()).map(|at| at.value).next();
        let order = written.order.as_ref().or(defaults.order.as_ref());
        let argv = written.check.as_ref().map(|check| check.value.0.clone());
        Usual {
            chain_is_wrong: chain.is_none() || written.wrong,
            chain: chain.unwrap_or_default(),
            contest,
            whole: None,
            limits,
            check: argv.map(|argv| Check { argv, timeout: check_timeout }),
            check_timeout,
            order: order.map_or(Order::default(), |at| at.value),
            exhausted: exhausted.unwrap_or(Exhausted::Escalate),
        }
    }

    /// Adds an agent for every preset that can be used, so that a project without a file can begin.
    fn every_preset(&self, agents: &mut IndexMap<AgentName, super::plan::Agent>) {
        let mut none = Vec::new();
        let mut all = Agents {
            project: &self.written,
            defaults: &self.defaults,
            presets: &self.presets,
            findings: &mut none,
            done: std::mem::take(agents),
        };
        for (name, preset) in &self.presets {
            let works = preset.unavailable.is_none() && preset.contends.is_none();
            if works && !preset.command.is_empty() {
                let place = source::Place::new(0, &(0..0));
                all.named(&At { value: name.clone(), place });
            }
        }
        *agents = all.done;
    }

    fn base(&self, input: &mut Input) -> Option<String> {
        let base = self.written.base.as_ref()?;
        let text = base.value.trim();
        if text.is_empty() || text.starts_with('-') || text.contains(char::is_whitespace) {
            let message = format!("`{}` cannot be the name of a branch, tag or commit", base.value);
            input.push(Finding::error(message).at(base.place));
        }
        Some(text.to_owned())
    }

    fn worktrees(&self, input: &mut Input) -> PathBuf {
        let written = self.written.worktrees.as_ref().or(self.defaults.worktrees.as_ref());
        let Some(written) = written else { return self.root.join(".worktrees") };
        let path = self.root.join(written.value.trim_end_matches('/'));
        let parts = || path.components().map(Component::as_os_str);
        if path == self.root || path == self.root.join(".") || parts().any(|part| part == ".git") {
            let message = format!("worktrees cannot be made in `{}`", written.value);
            let help = "name a folder for them alone, such as `.worktrees` or `../worktrees`";
            input.push(Finding::error(message).at(written.place).help(help));
        }
        path
    }
}
