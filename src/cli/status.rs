//! `ostler status`

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Code, Failure, Outcome};
use super::project::ProjectArguments;
use super::{alerts, opened, say, table, what_next};
use crate::core::account::Usage;
use crate::core::bar::Bar;
use crate::core::breaker::State;
use crate::core::{AgentName, Timestamp};
use crate::ipc::facts::{Facts, Link, LinkState, WorkstreamFacts};
use crate::supervisor::look;

/// What `ostler status` takes.
#[derive(Debug, Args)]
pub struct StatusArguments {
    /// Only this workstream.
    id: Option<String>,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `ostler status`.
pub fn run(project: &ProjectArguments, arguments: &StatusArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let mut facts = look::look(&opened.project, &opened.plan).map_err(Failure::failed)?;
    if let Some(id) = &arguments.id {
        let id = opened.workstream(id)?.id.clone();
        facts.workstreams.retain(|workstream| workstream.id == id);
    }
    if arguments.json {
        say::line(format_args!("{}", json(&facts, &opened)));
        return Ok(Code::Done);
    }
    if let Some(banner) = &facts.banner {
        say::line(format_args!("warning: {banner}\n"));
    }
    say::line(format_args!("{}", table::table(&facts).trim_end()));
    for workstream in &facts.workstreams {
        say::line(format_args!("\n{}: {}", workstream.id, workstream.explain));
    }
    for agent in &facts.agents {
        if let Some(bar) = Bar::of(agent.breaker.clone()) {
            say::line(format_args!("\n{}: {}", agent.name, bar.words(facts.at)));
        }
    }
    let next = what_next::what_next(&facts, opened.project.root());
    if !next.is_empty() {
        say::line(format_args!("{}", next.trim_end()));
    }
    Ok(Code::Done)
}

fn json(facts: &Facts, opened: &opened::Opened) -> Value {
    let workstreams: Vec<Value> =
        facts.workstreams.iter().map(|workstream| workstream_json(workstream, facts.at)).collect();
    let escalations: Vec<Value> = facts
        .workstreams
        .iter()
        .filter_map(|workstream| {
            let question = workstream.question.as_ref()?;
            Some(json!({
                "workstream": workstream.id,
                "question": question,
                "since_s": facts.at.since(workstream.since).as_secs(),
            }))
        })
        .collect();
    let agents: Vec<Value> = opened
        .plan
        .agents
        .values()
        .map(|agent| {
            json!({
                "name": agent.name,
                "preset": agent.preset,
                "command": agent.command,
                "unavailable": agent.unavailable,
                "running": running(facts, agent.name.as_str()),
                "breaker": breaker(facts, &agent.name),
            })
        })
        .collect();
    let alerts: Vec<Value> = facts.alerts.iter().map(|alert| alerts::of(alert, facts.at)).collect();
    json!({
        "banner": facts.banner,
        "workstreams": workstreams,
        "escalations": escalations,
        "agents": agents,
        "alerts": alerts,
    })
}

fn breaker(facts: &Facts, agent: &AgentName) -> State {
    let known = facts.agents.iter().find(|known| known.name == *agent);
    known.map_or(State::Closed, |known| known.breaker.clone())
}

fn running(facts: &Facts, agent: &str) -> usize {
    let at_work = facts.workstreams.iter().flat_map(|workstream| &workstream.chain);
    let at_work = at_work.filter(|link| link.state == LinkState::Running);
    let times = |link: &Link| match link.contestants.as_slice() {
        [] => usize::from(link.agent == agent),
        contestants => contestants.iter().filter(|one| *one == agent).count(),
    };
    at_work.map(times).sum()
}

/// Returns what all attempts together took.
fn usage(workstream: &WorkstreamFacts) -> Usage {
    let each = workstream.attempts.iter().map(|attempt| attempt.account.usage);
    each.fold(Usage::default(), Usage::and)
}

fn workstream_json(workstream: &WorkstreamFacts, now: Timestamp) -> Value {
    let end = workstream.ended.unwrap_or(now);
    let elapsed = workstream.begun.map_or(Duration::ZERO, |begun| end.since(begun));
    json!({
        "id": workstream.id,
        "title": workstream.title,
        "phase": workstream.phase,
        "intent": workstream.intent,
        "agent": workstream.agent,
        "tier": workstream.tier,
        "chain": workstream.chain,
        "attempt": workstream.attempt,
        "failure_class": workstream.failure_class,
        "slow": workstream.slow,
        "waiting": workstream.waiting,
        "progress": workstream.progress,
        "worktree": workstream.worktree,
        "branch": workstream.branch,
        "log": workstream.log,
        "agent_pid": workstream.agent_pid,
        "keeper_pid": workstream.keeper_pid,
        "owner_pid": workstream.owner_pid,
        "elapsed_s": elapsed.as_secs_f64(),
        "explain": workstream.explain,
        "attempts": workstream.attempts,
        "usage": usage(workstream),
        "check_log": workstream.check_log,
        "after": workstream.after,
        "trouble": workstream.trouble,
    })
}
