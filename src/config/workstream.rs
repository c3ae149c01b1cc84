//! What the configuration says of workstreams, put together.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use super::agent::Agents;
use super::contest::{self, Chain, Written};
use super::finding::Finding;
use super::form;
use super::input::Input;
use super::name;
use super::nearest::hint;
use super::order::cycles;
use super::plan::{Check, Limits, WorkstreamPlan};
use super::read::At;
use super::source::{self, Place};
use super::value::Command;
use crate::core::definition::{Exhausted, Order};
use crate::core::policy::Response;
use crate::core::{AgentName, WorkstreamId};

/// A workstream as it is written, and the folder that its paths start from.
pub(super) struct Declared {
    /// What is written.
    pub form: At<form::Workstream>,
    /// The folder of the file that it is written in.
    pub folder: PathBuf,
}

/// What holds for workstreams that do not say otherwise.
pub(super) struct Usual {
    /// Their chain, none if there is no agent at all.
    pub chain: Vec<AgentName>,
    /// Who of it works side by side.
    pub contest: Written,
    /// Both put together; none if there is no chain, or if that cannot be, which was recorded.
    pub whole: Option<Chain>,
    /// What may be taken at the same time.
    pub limits: Limits,
    /// Whether the chain was written but is wrong, which was recorded.
    pub chain_is_wrong: bool,
    /// In which order its agents have their turn.
    pub order: Order,
    /// Their check.
    pub check: Option<Check>,
    /// How long their check may take.
    pub check_timeout: Duration,
    /// What happens when no agent is left.
    pub exhausted: Exhausted,
}

impl Usual {
    /// Puts together who works side by side.
    pub fn put_together(&mut self, agents: &mut Agents<'_>) {
        if !self.chain.is_empty() {
            let wanted = Written::Nothing.over(self.contest);
            self.whole = contest::put_together(self.chain.clone(), wanted, &self.limits, agents);
        }
    }
}

/// Puts the workstreams together, in their order.
pub(super) fn resolve(
    root: &Path,
    declared: &[Declared],
    usual: &Usual,
    agents: &mut Agents<'_>,
    input: &mut Input,
) -> Vec<WorkstreamPlan> {
    let ids = ids(declared, input);
    let mut plans = Vec::new();
    for workstream in declared {
        let form = &workstream.form.value;
        let Some(id) = &form.id else { continue };
        let prompt = prompt(root, workstream, input);
        let chain = chain(&workstream.form, usual, agents);
        if let Some(chain) = &chain {
            dead_gotos(id, form.chain.as_ref().map_or(id.place, |at| at.place), chain, agents);
        }
        let text = |list: Option<&At<Vec<At<String>>>>| -> Vec<String> {
            list.iter().flat_map(|list| &list.value).map(|item| item.value.clone()).collect()
        };
        let chain = chain.and_then(|chain| side_by_side(form, chain, usual, agents));
        let (Some(prompt), Some((chain, contest))) = (prompt, chain) else { continue };
        plans.push(WorkstreamPlan {
            id: WorkstreamId::from(id.value.as_str()),
            title: form
                .title
                .as_ref()
                .map_or_else(|| title(&prompt, &id.value), |at| at.value.clone()),
            prompt,
            files: form.files.iter().flat_map(|files| inside(&files.value, input)).collect(),
            tasks: text(form.tasks.as_ref()),
            after: text(form.after.as_ref()).into_iter().map(WorkstreamId::from).collect(),
            chain,
            order: form.order.as_ref().map_or(usual.order, |at| at.value),
            kind: form.kind.as_ref().map(|at| at.value.trim().to_owned()),
            contest,
            check: check(
                form.check.as_ref(),
                form.check_timeout.as_ref().map(|at| at.value.0),
                usual,
            ),
            exhausted: exhausted(form, input).unwrap_or(usual.exhausted),
            priority: form.priority.as_ref().map_or(0, |at| at.value),
        });
    }
    dependencies(declared, &ids, input);
    plans
}

/// Checks the names of workstreams and returns which is where.
fn ids<'a>(declared: &'a [Declared], input: &mut Input) -> HashMap<&'a str, usize> {
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (at, workstream) in declared.iter().enumerate() {
        let Some(id) = &workstream.form.value.id else {
            if !workstream.form.value.wrong {
                let finding = Finding::error("a workstream without `id`").at(workstream.form.place);
                input.push(finding.help("give it a short name, such as `id: ws-01`"));
            }
            continue;
        };
        if let Err(why) = name::check(&id.value) {
            let message =
                format!("a workstream cannot be called `{}`: {why}", id.value.escape_debug());
            input.push(Finding::error(message).at(id.place));
        }
        if let Some(first) = ids.get(id.value.as_str()) {
            let mut finding =
                Finding::error(format!("two workstreams are called `{}`", id.value)).at(id.place);
            if let Some(first) = declared.get(*first).and_then(|first| first.form.value.id.as_ref())
            {
                finding = match input.sources.position(first.place) {
                    Some((line, _)) if first.place.source() != id.place.source() => {
                        let file = input.sources.get(first.place.source());
                        let file = file.map_or("", |file| file.name.as_str());
                        finding.help(format!("the other one is at {file}:{line}"))
                    }
                    _ => finding.also(first.place, "the first one"),
                };
            }
            input.push(finding);
        } else {
            ids.insert(id.value.as_str(), at);
        }
    }
    ids
}

/// Returns what is to be done; none if that is wrong, which is recorded.
fn prompt(root: &Path, workstream: &Declared, input: &mut Input) -> Option<String> {
    let form = &workstream.form.value;
    let id = form.id.as_ref().map_or("?", |id| id.value.as_str());
    let (text, place) = match (&form.prompt, &form.prompt_file) {
        (Some(prompt), None) => (prompt.value.clone(), prompt.place),
        (None, Some(file)) => {
            let path = workstream.folder.join(&file.value);
            input.sources.depends_on(&path);
            match source::read(&path) {
                Ok(text) => (text, file.place),
                Err(why) => {
                    let shown = source::name(&path, root);
                    let message = format!("cannot read the prompt {shown}: {why}");
                    input.push(Finding::error(message).at(file.place));
                    return None;
                }
            }
        }
        (Some(_), Some(file)) => {
            let message = format!("workstream `{id}` has a `prompt` and a `prompt_file`");
            input.push(Finding::error(message).at(file.place).help("keep one of them"));
            return None;
        }
        (None, None) if form.wrong => return None,
        (None, None) => {
            let place = form.id.as_ref().map_or(workstream.form.place, |id| id.place);
            let finding = Finding::error(format!("workstream `{id}` has no prompt")).at(place);
            input.push(finding.help("write `prompt:` and what is to be done, or `prompt_file:`"));
            return None;
        }
    };
    if text.trim().is_empty() {
        let message = format!("the prompt of workstream `{id}` is empty");
        input.push(Finding::error(message).at(place));
        return None;
    }
    Some(text)
}

/// Makes a title of the first line of a prompt.
fn title(prompt: &str, id: &str) -> String {
    let line = prompt.lines().map(|line| line.trim_start_matches('#').trim());
    let line = line.into_iter().find(|line| !line.is_empty()).unwrap_or(id);
    match line.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line.to_owned(),
    }
}

fn chain(
    workstream: &At<form::Workstream>,
    usual: &Usual,
    agents: &mut Agents<'_>,
) -> Option<Vec<AgentName>> {
    if let Some(chain) = &workstream.value.chain {
        return tiers(chain, agents);
    }
    if usual.chain_is_wrong {
        return None;
    }
    if usual.chain.is_empty() {
        let id = workstream.value.id.as_ref();
        let place = id.map_or(workstream.place, |id| id.place);
        let name = id.map_or("?", |id| id.value.as_str());
        let finding = Finding::error(format!("workstream `{name}` has no agents")).at(place);
        let help = "write `chain: [agent, fallback]` for the project or for this workstream";
        agents.findings.push(finding.help(help));
        return None;
    }
    Some(usual.chain.clone())
}

fn side_by_side(
    form: &form::Workstream,
    chain: Vec<AgentName>,
    usual: &Usual,
    agents: &mut Agents<'_>,
) -> Option<Chain> {
    let own = contest::of_workstream(form, agents.findings);
    if form.chain.is_none() && matches!(own, Written::Nothing) {
        return usual.whole.clone();
    }
    let wanted = own.over(usual.contest);
    contest::put_together(chain, wanted, &usual.limits, agents)
}

/// Returns the agents of a chain; none if one of them is wrong, which is recorded.
pub(super) fn tiers(
    chain: &At<Vec<At<String>>>,
    agents: &mut Agents<'_>,
) -> Option<Vec<AgentName>> {
    if chain.value.is_empty() {
        let finding = Finding::error("a chain without agents").at(chain.place);
        agents.findings.push(finding.help("name at least one agent, or remove the key"));
        return None;
    }
    let names: Vec<_> = chain.value.iter().map(|name| tier(name, agents)).collect();
    names.into_iter().collect()
}

fn tier(name: &At<String>, agents: &mut Agents<'_>) -> Option<AgentName> {
    let tier = agents.named(name)?;
    let Some(how) = agents.done.get(&tier).and_then(|agent| agent.contends) else {
        return Some(tier);
    };
    let word = how.word();
    let finding =
        Finding::error(format!("`{tier}` is no agent that works by itself")).at(name.place);
    let help = format!("name the agents, and write `{word}: 2` beside the chain");
    agents.findings.push(finding.help(help));
    None
}

/// Warns of responses that would go to an agent that is not in the workstream's chain.
fn dead_gotos(id: &At<String>, place: Place, chain: &[AgentName], agents: &mut Agents<'_>) {
    for name in chain {
        let Some(agent) = agents.done.get(name) else { continue };
        for (class, responses) in &agent.responses.0 {
            let gotos = responses.iter().filter_map(|response| match response {
                Response::Goto(there) if !chain.contains(there) => Some(there),
                _ => None,
            });
            for there in gotos {
                let message = format!(
                    "on {class} of `{name}`, workstream `{}` cannot go to `{there}`: it is not in its chain",
                    id.value
                );
                let finding = Finding::warning(message).at(place);
                agents.findings.push(finding.help("the next agent is taken instead"));
            }
        }
    }
}

/// Returns the check of a workstream.
fn check(own: Option<&At<Command>>, timeout: Option<Duration>, usual: &Usual) -> Option<Check> {
    let timeout_or = |other| timeout.unwrap_or(other);
    match (own, &usual.check) {
        (Some(own), _) => {
            Some(Check { argv: own.value.0.clone(), timeout: timeout_or(usual.check_timeout) })
        }
        (None, Some(usual)) => {
            Some(Check { argv: usual.argv.clone(), timeout: timeout_or(usual.timeout) })
        }
        (None, None) => None,
    }
}

fn exhausted(form: &form::Workstream, input: &mut Input) -> Option<Exhausted> {
    let on = &form.on.as_ref()?.value;
    for (class, place, _) in &on.classes {
        let finding = Finding::error(format!("`{class}` cannot be set for a workstream"));
        let help =
            "only `chain_exhausted` can; write the rest under `on:` of the project or an agent";
        input.push(finding.at(*place).help(help));
    }
    on.exhausted.as_ref().map(|at| at.value)
}

/// Returns paths that stay inside their folder; others are recorded.
pub(super) fn inside(paths: &[At<String>], input: &mut Input) -> Vec<PathBuf> {
    let mut inside = Vec::new();
    for path in paths {
        let parts: Vec<Component<'_>> = Path::new(&path.value).components().collect();
        let why = if path.value.trim().is_empty() {
            Some("is empty")
        } else if parts.iter().any(|part| matches!(part, Component::RootDir | Component::Prefix(_)))
        {
            Some("is absolute")
        } else if parts.contains(&Component::ParentDir) {
            Some("leaves the worktree")
        } else if parts.iter().any(|part| part.as_os_str() == ".git") {
            Some("is git's own")
        } else {
            None
        };
        match why {
            None => inside.push(PathBuf::from(&path.value)),
            Some(why) => {
                let finding = Finding::error(format!("the path `{}` {why}", path.value));
                input.push(finding.at(path.place).help("write it from the root of the worktree"));
            }
        }
    }
    inside
}

fn dependencies(declared: &[Declared], ids: &HashMap<&str, usize>, input: &mut Input) {
    let mut graph: Vec<Vec<usize>> = vec![Vec::new(); declared.len()];
    let mut names: Vec<&str> = ids.keys().copied().collect();
    names.sort_unstable();
    for (at, workstream) in declared.iter().enumerate() {
        for name in workstream.form.value.after.iter().flat_map(|after| &after.value) {
            if let Some(there) = ids.get(name.value.as_str()) {
                graph[at].push(*there);
                continue;
            }
            let help = hint(&name.value, "workstreams", names.iter().copied());
            let message = format!("workstream `{}` is not defined", name.value);
            let finding = Finding::error(message).at(name.place);
            input.push(finding.label("no such workstream").maybe_help(help));
        }
    }
    for cycle in cycles(&graph) {
        let id =
            |at: usize| declared[at].form.value.id.as_ref().map_or("?", |id| id.value.as_str());
        let mut path: Vec<&str> = cycle.iter().map(|at| id(*at)).collect();
        path.extend(path.first().copied());
        let last = &declared[*cycle.last().unwrap_or(&0)].form;
        let place = last.value.after.as_ref().map_or(last.place, |after| {
            let back = after.value.iter().find(|name| path.first() == Some(&name.value.as_str()));
            back.map_or(after.place, |name| name.place)
        });
        let message = format!("workstreams wait for each other: {}", path.join(" → "));
        input.push(Finding::error(message).at(place).help("remove one of these dependencies"));
    }
}
