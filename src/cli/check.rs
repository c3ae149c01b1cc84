//! `ostler check`

use clap::Args;

use super::failure::{Code, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::config::plan::{Agent, Plan, WorkstreamPlan};
use crate::core::time::clock;

/// What `ostler check` takes.
#[derive(Debug, Args)]
pub struct CheckArguments {}

/// Runs `ostler check`.
pub fn run(project: &ProjectArguments, _arguments: &CheckArguments) -> Outcome {
    let opened = opened::open(project)?;
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
    say::line(format_args!(
        "{} workstreams, {} at a time, in {}",
        plan.workstreams.len(),
        plan.limits.parallel,
        plan.worktrees.display()
    ));
    for workstream in &plan.workstreams {
        say::line(format_args!("\n{} {}", workstream.id, workstream.title));
        describe(plan, workstream);
    }
    Ok(Code::Done)
}

fn describe(plan: &Plan, workstream: &WorkstreamPlan) {
    for (place, name) in workstream.chain.iter().enumerate() {
        if let Some(agent) = plan.agents.get(name) {
            say::line(format_args!("  tier {}  {}", place + 1, tier(agent)));
        }
    }
    if let Some(check) = &workstream.check {
        say::line(format_args!(
            "  check   {} (at most {})",
            check.argv.join(" "),
            clock(check.timeout)
        ));
    }
    if !workstream.after.is_empty() {
        let after: Vec<&str> =
            workstream.after.iter().map(super::super::core::id::WorkstreamId::as_str).collect();
        say::line(format_args!("  after   {}", after.join(", ")));
    }
}

fn tier(agent: &Agent) -> String {
    let soft = agent.timeouts.soft.map_or_else(|| "none".to_owned(), clock);
    let idle = agent.timeouts.idle.map_or_else(|| "none".to_owned(), clock);
    format!(
        "{} ({}): soft {soft}, hard {}, idle {idle}; {} retries",
        agent.name,
        agent.preset,
        clock(agent.timeouts.hard),
        agent.retry.max
    )
}
