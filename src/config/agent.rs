//! What the configuration says of an agent, put together.

use std::collections::BTreeMap;
use std::time::Duration;

use indexmap::IndexMap;

use super::finding::Finding;
use super::form;
use super::leaves;
use super::name;
use super::nearest::{hint, nearest};
use super::placeholder::{self, fill_model};
use super::plan::Agent;
use super::preset::{Patterns, Preset};
use super::presets::Presets;
use super::read::At;
use super::response::On;
use super::secret::is_secret;
use super::timing::Levels;
use super::value::{Argv, Output};
use crate::core::AgentName;
use crate::core::policy::{Response, Responses};

/// The preset of agents that are any program.
const ANY_PROGRAM: &str = "command";

/// The variable by which an agent of our own learns the name of the one that holds its key.
const KEY_VARIABLE: &str = "OSTLER_API_KEY_ENV";

/// The agents of a project while they are put together.
pub(super) struct Agents<'a> {
    /// The project's and the user's file.
    pub project: &'a form::Project,
    /// What is built in.
    pub defaults: &'a form::Project,
    /// The presets that there are.
    pub presets: &'a Presets,
    /// What is wrong.
    pub findings: &'a mut Vec<Finding>,
    /// Those that are done.
    pub done: IndexMap<AgentName, Agent>,
}

impl Agents<'_> {
    /// Puts together the agents that are declared.
    pub fn declared(&mut self) {
        let project = self.project;
        for (name, form) in project.agents.iter().flat_map(|agents| &agents.value.0) {
            match name::check(&name.value) {
                Ok(()) => self.add(name, &form.value),
                Err(why) => {
                    let message = format!("an agent cannot be called `{}`: {why}", name.value);
                    self.findings.push(Finding::error(message).at(name.place));
                }
            }
        }
    }

    /// Returns an agent that is named somewhere; one that is not declared is made from the preset of its name.
    pub fn named(&mut self, name: &At<String>) -> Option<AgentName> {
        let known = AgentName::from(name.value.as_str());
        if self.done.contains_key(&known) {
            return Some(known);
        }
        if self.is_declared(&name.value) {
            // It is declared, but wrong, and that was recorded.
            return None;
        }
        if self.presets.contains_key(&name.value) && name.value != ANY_PROGRAM {
            self.add(name, &form::Agent::default());
            return Some(known);
        }
        let declared = self.project.agents.iter().flat_map(|agents| &agents.value.0);
        let declared = declared.map(|(name, _)| name.value.as_str());
        let presets = self.presets.iter().filter(|(_, preset)| preset.contends.is_none());
        let presets = presets.map(|(name, _)| name.as_str()).filter(|name| *name != ANY_PROGRAM);
        let near = nearest(&name.value, declared.clone());
        let help = match near {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => hint(&name.value, "agents and presets", declared.chain(presets)),
        };
        let finding = Finding::error(format!("agent `{}` is not defined", name.value));
        self.findings.push(finding.at(name.place).label("no such agent").maybe_help(help));
        None
    }

    /// Checks the agents that responses name.
    pub fn gotos(&mut self) {
        let project = self.project;
        let agents = project.agents.iter().flat_map(|agents| &agents.value.0);
        let own = agents.filter_map(|(_, agent)| agent.value.on.as_ref());
        for on in own.chain(&project.on) {
            for answer in on.value.classes.iter().flat_map(|(_, _, answers)| &answers.value.0) {
                if let (Response::Goto(agent), Some(place)) =
                    (&answer.value.response, answer.value.agent)
                {
                    self.named(&At { value: agent.as_str().to_owned(), place });
                }
            }
        }
    }

    fn is_declared(&self, name: &str) -> bool {
        let agents = self.project.agents.iter().flat_map(|agents| &agents.value.0);
        agents.into_iter().any(|(declared, _)| declared.value == name)
    }

    fn add(&mut self, name: &At<String>, form: &form::Agent) {
        let before = self.findings.iter().filter(|finding| finding.is_error()).count();
        let Some((preset_name, preset)) = self.preset(name, form) else { return };
        let agent = self.agent(name, form, preset_name, preset);
        if self.findings.iter().filter(|finding| finding.is_error()).count() == before {
            self.done.insert(agent.name.clone(), agent);
        }
    }

    /// Returns the preset of an agent: the one that it names, the one of its name, or the one of any program.
    fn preset(&mut self, name: &At<String>, form: &form::Agent) -> Option<(String, Preset)> {
        let presets = self.presets;
        let names = presets.keys().map(String::as_str);
        if let Some(given) = &form.preset {
            if let Some(preset) = presets.get(&given.value) {
                return Some((given.value.clone(), preset.clone()));
            }
            let finding = Finding::error(format!("there is no preset `{}`", given.value));
            let help = hint(&given.value, "presets", names);
            self.findings.push(finding.at(given.place).label("no such preset").maybe_help(help));
            return None;
        }
        if let Some(preset) = presets.get(&name.value).filter(|_| name.value != ANY_PROGRAM) {
            return Some((name.value.clone(), preset.clone()));
        }
        if form.command.is_some() {
            let any = presets.get(ANY_PROGRAM).cloned().unwrap_or_default();
            return Some((ANY_PROGRAM.to_owned(), any));
        }
        if form.wrong {
            return None;
        }
        let near = nearest(&name.value, names.clone().filter(|name| *name != ANY_PROGRAM));
        let help = if let Some(near) = near {
            format!("write `preset: {near}`, or `command: [program, argument]`")
        } else {
            let list = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("write `command: [program, argument]`, or `preset:` and one of {list}")
        };
        let message = format!("agent `{}` has no command, and no preset has its name", name.value);
        self.findings.push(Finding::error(message).at(name.place).help(help));
        None
    }

    fn agent(
        &mut self,
        name: &At<String>,
        form: &form::Agent,
        preset_name: String,
        preset: Preset,
    ) -> Agent {
        let levels =
            Levels { agent: form, project: self.project, preset: &preset, defaults: self.defaults };
        let timeouts = levels.timeouts(self.findings);
        let retry = levels.retry(self.findings);
        let grace = [&form.grace, &self.project.grace].into_iter().flatten().next();
        let grace = grace.map(|at| at.value).or(preset.grace);
        let grace = grace.or(self.defaults.grace.as_ref().map(|at| at.value));
        let probe_timeout = form.probe_timeout.as_ref().map(|at| at.value).or(preset.probe_timeout);
        let model = form.model.as_ref().map(|at| at.value.clone()).or(preset.model);
        let command = self.argv(form.command.as_ref()).unwrap_or(preset.command);
        let probe = self.argv(form.probe.as_ref()).or(preset.probe);
        let resume = self.resume(form).or(preset.resume.filter(|_| form.command.is_none()));
        let unavailable = preset.unavailable.filter(|_| form.command.is_none());
        if command.is_empty() && unavailable.is_none() && !form.wrong {
            let message = format!("agent `{}` has no command", name.value);
            let finding = Finding::error(message).at(name.place);
            self.findings.push(finding.help("write `command: [program, argument]`"));
        }
        if let Some(why) = &unavailable {
            let message = format!("agent `{}` will be skipped: {why}", name.value);
            self.findings.push(Finding::warning(message).at(name.place));
        }
        Agent {
            name: AgentName::from(name.value.as_str()),
            preset: preset_name,
            unavailable,
            command: fill_model(&command, model.as_deref()),
            io: form.io.as_ref().map_or(preset.io, |at| at.value),
            env: self.env(form, preset.env, model.as_deref()),
            prompt: form.prompt.as_ref().map_or(preset.prompt, |at| at.value),
            probe: probe.map(|probe| fill_model(&probe, model.as_deref())),
            probe_timeout: probe_timeout.map_or(Duration::from_secs(30), |span| span.0),
            resume: fill_model(&resume.unwrap_or_default(), model.as_deref()),
            timeouts,
            retry,
            responses: self.responses(form.on.as_ref(), preset.on),
            contends: preset.contends.filter(|_| form.command.is_none()),
            max_workers: self
                .max_workers(form, preset.max_workers.filter(|_| form.command.is_none())),
            grace: grace.map_or(Duration::from_secs(5), |span| span.0),
            capacity: form.capacity.as_ref().map(|at| at.value as usize).filter(|most| *most > 0),
            expects: form
                .expects
                .as_ref()
                .map(|at| at.value)
                .or(preset.expects)
                .unwrap_or_default(),
            leaves: self.leaves(form).unwrap_or(preset.leaves),
            patterns: patterns(form.output.as_ref(), preset.output),
            model,
        }
    }

    fn argv(&mut self, argv: Option<&At<Argv>>) -> Option<Vec<String>> {
        let argv = &argv?.value.0;
        for argument in argv {
            placeholder::check(&argument.value, argument.place, self.findings);
        }
        Some(argv.iter().map(|argument| argument.value.clone()).collect())
    }

    fn resume(&mut self, form: &form::Agent) -> Option<Vec<String>> {
        let arguments = &form.resume.as_ref()?.value;
        for argument in arguments {
            placeholder::check(&argument.value, argument.place, self.findings);
        }
        Some(arguments.iter().map(|argument| argument.value.clone()).collect())
    }

    fn leaves(&mut self, form: &form::Agent) -> Option<Vec<String>> {
        let patterns = &form.leaves.as_ref()?.value;
        for pattern in patterns {
            if let Err(why) = leaves::check(&pattern.value) {
                let message = format!("`{}` {why}", pattern.value.escape_debug());
                self.findings.push(Finding::error(message).at(pattern.place));
            }
        }
        Some(patterns.iter().map(|pattern| pattern.value.clone()).collect())
    }

    fn env(
        &mut self,
        form: &form::Agent,
        preset: BTreeMap<String, String>,
        model: Option<&str>,
    ) -> BTreeMap<String, String> {
        let mut env = preset;
        for (name, value) in form.env.iter().flat_map(|env| &env.value.0) {
            placeholder::check(&value.value, value.place, self.findings);
            self.variable(name, value);
            env.insert(name.value.clone(), value.value.clone());
        }
        if let Some(name) = &form.api_key_env {
            if name.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                env.insert(KEY_VARIABLE.to_owned(), name.value.clone());
            } else {
                let message = "`api_key_env` is not the name of a variable";
                let help =
                    "write the name of the variable that holds the key, never the key itself";
                self.findings.push(Finding::error(message).at(name.place).help(help));
            }
        }
        env.retain(|_, value| model.is_some() || !value.contains("{model}"));
        if let Some(model) = model {
            for value in env.values_mut() {
                *value = value.replace("{model}", model);
            }
        }
        env
    }

    fn variable(&mut self, name: &At<String>, value: &At<String>) {
        if name.value.is_empty() || name.value.contains(['=', '\0']) || value.value.contains('\0') {
            let message = format!("`{}` cannot be set for a program", name.value.escape_debug());
            self.findings.push(Finding::error(message).at(name.place));
        }
        if is_secret(&name.value) {
            let message =
                format!("the value of `{}` is stored with the project's state", name.value);
            let help = "set it where ostler is started instead: agents inherit it";
            self.findings.push(Finding::warning(message).at(name.place).help(help));
        }
    }

    /// Returns how many replicas may be at work at the same time; none for what is no replica.
    fn max_workers(&mut self, form: &form::Agent, preset: Option<u32>) -> Option<u32> {
        let Some(given) = &form.max_workers else { return preset };
        if preset.is_none() {
            let finding = Finding::warning("`max_workers` changes nothing here").at(given.place);
            self.findings.push(finding.help("it is for agents with `preset: replica`"));
        } else if given.value == 0 {
            let finding = Finding::error("with 0, no replica would ever start").at(given.place);
            self.findings.push(finding.help("write at least 1"));
        }
        preset.map(|_| given.value)
    }

    /// Returns what is done when an agent fails: its own responses over the project's, over its preset's, over the defaults.
    fn responses(&mut self, own: Option<&At<On>>, preset: Responses) -> Responses {
        if let Some(exhausted) = own.and_then(|on| on.value.exhausted.as_ref()) {
            let message = "`chain_exhausted` is no matter of one agent";
            let help = "write it under `on:` of the project or of a workstream";
            self.findings.push(Finding::error(message).at(exhausted.place).help(help));
        }
        let level = |on: Option<&At<On>>| on.map(|on| on.value.responses()).unwrap_or_default();
        let levels =
            [level(self.defaults.on.as_ref()), preset, level(self.project.on.as_ref()), level(own)];
        let responses = levels.into_iter().flat_map(|responses| responses.0).collect();
        Responses(responses)
    }
}

/// Puts what is written of an agent's output over what its preset says, key by key.
fn patterns(output: Option<&At<Output>>, preset: Patterns) -> Patterns {
    let Some(output) = output else { return preset };
    let own = &output.value.patterns;
    let given = |key: &str| output.value.given.iter().any(|given| given == key);
    Patterns {
        format: if given("format") { own.format } else { preset.format },
        stream: if given("stream") { own.stream } else { preset.stream },
        success: if given("success") { own.success.clone() } else { preset.success },
        failure: if given("failure") { own.failure.clone() } else { preset.failure },
        abort_on: if given("abort_on") { own.abort_on.clone() } else { preset.abort_on },
        progress: if given("progress") { own.progress.clone() } else { preset.progress },
        remark: if given("remark") { own.remark.clone() } else { preset.remark },
        retrying: if given("retrying") { own.retrying.clone() } else { preset.retrying },
        waiting: if given("waiting") { own.waiting.clone() } else { preset.waiting },
        ignore: if given("ignore") { own.ignore.clone() } else { preset.ignore },
        recovered: if given("recovered") { own.recovered.clone() } else { preset.recovered },
        session: if given("session") { own.session.clone() } else { preset.session },
        usage: if given("usage") { own.usage.clone() } else { preset.usage },
        tool: if given("tool") { own.tool.clone() } else { preset.tool },
        attempt: if given("attempt") { own.attempt.clone() } else { preset.attempt },
        prompted: if given("prompted") { own.prompted.clone() } else { preset.prompted },
        message: if given("message") { own.message.clone() } else { preset.message },
        todo: if given("todo") { own.todo.clone() } else { preset.todo },
    }
}
