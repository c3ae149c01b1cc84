//! The agents of the configuration.

use std::process::Command;
use std::time::Duration;

use super::check::Check;
use crate::agents::api::settings::KEY_VARIABLE;
use crate::config;
use crate::config::plan::{Agent, Plan};
use crate::core::AgentName;
use crate::supervisor::brief;

/// A tool tells its version within this time.
const LIMIT: Duration = Duration::from_secs(5);
/// Tools that are known to tell their version and do nothing else.
const TOOLS: [&str; 6] = ["aider", "claude-code", "codex", "copilot", "gemini", "opencode"];
/// Agents of our own, and the variables in which their keys are unless the configuration names another one.
const OWN: [(&str, &str); 2] =
    [("claude-api", "ANTHROPIC_API_KEY"), ("openai-api", "OPENAI_API_KEY")];

pub(super) fn look(plan: &Plan, checks: &mut Vec<Check>) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = config::installed(plan, &path);
    // Without a configuration every preset counts as an agent, which are more than anybody has.
    let named: Vec<&Agent> = match &plan.file {
        Some(_) => plan.agents.values().collect(),
        None => plan.agents.values().filter(|agent| installed.contains(&agent.name)).collect(),
    };
    let has_key = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    checks.extend(named.into_iter().map(|agent| one(agent, &installed, has_key)));
    for workstream in &plan.workstreams {
        let works = |name: &&AgentName| installed.contains(name) || is_own(plan, name);
        if !workstream.workers().iter().any(works) {
            let found = format!("no agent of the chain of {} is installed", workstream.id);
            checks.push(Check::bad("chain", found, "install one, or name another one"));
        }
    }
}

fn one(agent: &Agent, installed: &[AgentName], has_key: impl Fn(&str) -> bool) -> Check {
    let name = format!("agent {}", agent.name);
    if let Some(why) = &agent.unavailable {
        return Check::warn(&name, "is skipped", why.clone());
    }
    if let Some(variable) = key(agent) {
        return if has_key(&variable) {
            Check::ok(&name, format!("asks a service; its key is in {variable}"))
        } else {
            let found = format!("asks a service, and {variable} is not set");
            Check::warn(&name, found, format!("put the key into {variable}"))
        };
    }
    let Some(program) = agent.command.first() else {
        return Check::bad(&name, "has no command", "give it a `command`");
    };
    if program == "{ostler}" {
        return Check::ok(&name, "is ostler itself".to_owned());
    }
    if !installed.contains(&agent.name) {
        let advice = "install it, or leave it out of the chain".to_owned();
        return Check::warn(&name, format!("`{program}` was not found"), advice);
    }
    if !TOOLS.contains(&agent.preset.as_str()) {
        return Check::ok(&name, format!("`{program}`"));
    }
    match brief::ask(Command::new(program).arg("--version"), LIMIT) {
        Ok(answer) if answer.is_good => {
            let line = answer.text.lines().next().unwrap_or_default().trim().to_owned();
            Check::ok(&name, format!("`{program}`, {line}"))
        }
        Ok(_) => Check::warn(
            &name,
            format!("`{program} --version` fails"),
            format!("run `{program}` by hand and see what it says"),
        ),
        Err(error) => {
            let found = format!("`{program} --version`: {error}");
            Check::warn(&name, found, format!("run `{program}` by hand and see what it says"))
        }
    }
}

/// Returns the variable with the key of an agent of our own; none if it is a program.
fn key(agent: &Agent) -> Option<String> {
    let (_, usual) = OWN.iter().find(|(preset, _)| *preset == agent.preset)?;
    let mut words = agent.command.iter().skip_while(|word| *word != "--api-key-env");
    let named = words.nth(1).or_else(|| agent.env.get(KEY_VARIABLE));
    Some(named.cloned().unwrap_or_else(|| (*usual).to_owned()))
}

fn is_own(plan: &Plan, name: &AgentName) -> bool {
    plan.agents.get(name).is_some_and(|agent| key(agent).is_some())
}
