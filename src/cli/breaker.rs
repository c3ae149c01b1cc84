//! `ostler breaker`: what the circuit breakers of the agents say, and saying otherwise.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::{Code, Failure, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::config::plan::Plan;
use crate::core::bar::Bar;
use crate::core::breaker::State;
use crate::core::outcome::Say;
use crate::core::storm::Brake;
use crate::core::time::clock;
use crate::core::{AgentName, Timestamp};
use crate::supervisor::clock::Clock;
use crate::supervisor::outcomes::{self, Outcomes};
use crate::supervisor::state_dir::StateDir;

/// What `ostler breaker` takes.
#[derive(Debug, Args)]
pub struct BreakerArguments {
    /// The agent; all without it.
    agent: Option<String>,
    /// What its breaker is to do.
    #[arg(requires = "agent")]
    to: Option<To>,
    /// As one JSON object.
    #[arg(long, conflicts_with = "to")]
    json: bool,
}

/// What a breaker is to do.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum To {
    /// Let work through again.
    Close,
    /// Let nothing through for its delay, then one trial.
    Open,
    /// Let nothing through until it is closed by hand.
    Hold,
}

/// Runs `ostler breaker`.
pub fn run(project: &ProjectArguments, arguments: &BreakerArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let agents: Vec<&AgentName> = match &arguments.agent {
        None => opened.plan.agents.keys().collect(),
        Some(name) => vec![known(&opened.plan, name)?],
    };
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::failed)?;
    let now = Clock::open(dir.path()).map_err(Failure::failed)?.now();
    let path = dir.outcomes();
    if let (Some(to), Some(agent)) = (arguments.to, agents.first()) {
        let say = match to {
            To::Close => Say::Close,
            To::Open => Say::Open,
            To::Hold => Say::Hold,
        };
        outcomes::say(&path, (*agent).clone(), say, now).map_err(|error| {
            Failure::failed(format!("{} cannot be written: {error}", path.display()))
        })?;
    }
    let guards = opened.plan.guards;
    let history = Outcomes::open(path, &guards).history;
    let states = agents.iter().map(|agent| (*agent, history.breaker(agent, now)));
    let brake = history.brake(now, &guards);
    if arguments.json {
        let breakers: Vec<_> =
            states.map(|(agent, state)| json!({ "agent": agent, "breaker": state })).collect();
        say::line(format_args!("{}", json!({ "agents": breakers, "storm": brake })));
        return Ok(Code::Done);
    }
    for (agent, state) in states {
        say::line(format_args!("{agent}: {}", words(state, now)));
    }
    if let Some(brake) = braked(&brake, now) {
        say::line(format_args!("{brake}"));
    }
    Ok(Code::Done)
}

/// Returns the agent with this name.
fn known<'a>(plan: &'a Plan, name: &str) -> Result<&'a AgentName, Failure> {
    let found = plan.agents.get_key_value(&AgentName::from(name)).map(|(name, _)| name);
    found.ok_or_else(|| {
        let known: Vec<&str> = plan.agents.keys().map(AgentName::as_str).collect();
        Failure::wrong(format!("there is no agent `{name}`; there is {}", known.join(", ")))
    })
}

fn words(state: State, now: Timestamp) -> String {
    Bar::of(state).map_or_else(|| "its breaker is closed".to_owned(), |bar| bar.words(now))
}

/// Says how far launches are held back, if they are.
fn braked(brake: &Brake, now: Timestamp) -> Option<String> {
    match brake {
        Brake::Calm => None,
        Brake::Held { until, why } => {
            Some(format!("all launches are held for {} more ({why})", clock(until.since(now))))
        }
        Brake::Trial { why, .. } => Some(format!("one trial goes first after a storm ({why})")),
        Brake::Resuming { .. } => Some("launches resume after a storm, a little apart".to_owned()),
    }
}
