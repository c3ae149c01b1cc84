//! `ostler check`

use clap::Args;

use super::failure::{Code, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::config;
use crate::config::plan::{Agent, Plan, WorkstreamPlan};
use crate::core::time::clock;
use crate::core::{AgentName, WorkstreamId};

/// What `ostler check` takes.
#[derive(Debug, Args)]
pub struct CheckArguments {}

/// Runs `ostler check`.
pub fn run(project: &ProjectArguments, _arguments: &CheckArguments) -> Outcome {
    let opened = opened::open(project)?;
    opened.check_base()?;
    opened.theme()?;
    for warning in &opened.warnings {
        say::warning(format_args!("warning: {warning}"));
    }
    let plan = &opened.plan;
    match &plan.file {
        Some(file) => say::line(format_args!("{} is valid", file.display())),
        None => say::line(format_args!(
            "there is no ostler.yaml; `ostler init` writes one to start from"
        )),
    }
    let count = plan.workstreams.len();
    say::line(format_args!(
        "{count} {}, {} at a time, in {}",
        if count == 1 { "workstream" } else { "workstreams" },
        plan.limits.parallel,
        plan.worktrees.display()
    ));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = config::installed(plan, &path);
    for workstream in &plan.workstreams {
        say::line(format_args!("\n{} {}", workstream.id, workstream.title));
        describe(plan, workstream, &installed);
    }
    Ok(Code::Done)
}

fn describe(plan: &Plan, workstream: &WorkstreamPlan, installed: &[AgentName]) {
    for (place, name) in workstream.chain.iter().enumerate() {
        if let Some(contest) = workstream.contest.as_ref().filter(|_| place == 0) {
            let each: Vec<&str> = contest.contestants.iter().map(AgentName::as_str).collect();
            let how = contest.how.word();
            say::line(format_args!("  tier 1  {how}, side by side: {}", each.join(", ")));
            for name in
                workstream.workers().into_iter().filter(|it| contest.contestants.contains(it))
            {
                let Some(agent) = plan.agents.get(name) else { continue };
                say::line(format_args!("          {}", tier(agent)));
                if let Some(why) = missing(agent, installed) {
                    say::line(format_args!("          {name} {why}"));
                }
            }
        } else if let Some(agent) = plan.agents.get(name) {
            say::line(format_args!("  tier {}  {}", place + 1, tier(agent)));
            if let Some(why) = missing(agent, installed) {
                say::line(format_args!("          {why}"));
            }
        }
    }
    if let Some(check) = &workstream.check {
        say::line(format_args!(
            "  check   {} (at most {})",
            match check.argv.as_slice() {
                [shell, option, text] if shell == "sh" && option == "-c" => text.clone(),
                argv => argv.join(" "),
            },
            clock(check.timeout)
        ));
    }
    if !workstream.after.is_empty() {
        let after: Vec<&str> = workstream.after.iter().map(WorkstreamId::as_str).collect();
        say::line(format_args!("  after   {}", after.join(", ")));
    }
}

/// Says why an agent cannot work here, if it cannot.
fn missing(agent: &Agent, installed: &[AgentName]) -> Option<String> {
    if let Some(why) = &agent.unavailable {
        return Some(format!("is skipped: {why}"));
    }
    let program = agent.command.first()?;
    let is_there = program == "{ostler}" || installed.contains(&agent.name);
    (!is_there).then(|| format!("`{program}` was not found here"))
}

fn tier(agent: &Agent) -> String {
    let soft = agent.timeouts.soft.map_or_else(|| "none".to_owned(), clock);
    let idle = agent.timeouts.idle.map_or_else(|| "none".to_owned(), clock);
    let preset = if agent.name.as_str() == agent.preset {
        String::new()
    } else {
        format!(" ({})", agent.preset)
    };
    let retries = if agent.retry.max == 1 { "retry" } else { "retries" };
    format!(
        "{}{preset}: soft {soft}, hard {}, idle {idle}; {} {retries}",
        agent.name,
        clock(agent.timeouts.hard),
        agent.retry.max
    )
}
