//! `ostler simulate`: policies side by side, on a clock that jumps.

mod chart;
mod side_by_side;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Code, Failure, Outcome};
use super::opened::{self, Opened};
use super::project::ProjectArguments;
use super::say;
use crate::config::duration::Friendly;
use crate::config::plan::Plan;
use crate::config::{self, Colour};
use crate::core::simulate::model::{AgentModel, Policy, Scenario};
use crate::core::simulate::report::Report;
use crate::core::simulate::run;
use crate::core::{AgentName, WorkstreamId};
use crate::supervisor::outcomes::Outcomes;
use crate::supervisor::state_dir::StateDir;

/// What `ostler simulate` takes.
#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// A configuration to try, in the form of an ostler.yaml; give several to compare them. Without one, the project's own.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// How agents behave, and when their services are not there. Without it, as this project's agents have behaved.
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
    /// Play so many workstreams, which are those of the configuration again and again.
    #[arg(long, value_name = "NUMBER")]
    workstreams: Option<usize>,
    /// Let the workstreams come over this time, instead of all at the beginning.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    over: Option<Duration>,
    /// Play no longer than this.
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration)]
    until: Duration,
    /// What chance is made from: the same number gives the same simulation.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    // Days have no fixed length on calendars, but here they do.
    let days = text.strip_suffix('d').and_then(|days| days.trim().parse::<u32>().ok());
    if let Some(days) = days {
        return Ok(Duration::from_secs(24 * 3600) * days);
    }
    Friendly::parse(text).map(|span| span.0).map_err(|error| format!("{error}; {}", error.help()))
}

/// Runs `ostler simulate`.
pub fn run(project: &ProjectArguments, arguments: &SimulateArguments) -> Outcome {
    let opened = opened::open(project)?;
    let policies = policies(&opened, arguments)?;
    let (mut scenario, source) = played(&opened, arguments)?;
    scenario.workstreams = arguments.workstreams;
    scenario.over = arguments.over.unwrap_or_default();
    scenario.until = arguments.until;
    scenario.seed = arguments.seed;
    let reports: Vec<Report> = policies.iter().map(|policy| run::run(policy, &scenario)).collect();
    if arguments.json {
        let told: Vec<Value> = reports.iter().map(report_json).collect();
        say::line(format_args!("{}", json!({ "seed": arguments.seed, "policies": told })));
        return Ok(Code::Done);
    }
    say::line(format_args!("{source}; seed {}\n", arguments.seed));
    say::line(format_args!("{}", side_by_side::table(&reports)));
    say::line(format_args!("{}", chart::chart(&reports).trim_end()));
    Ok(Code::Done)
}

fn policies(opened: &Opened, arguments: &SimulateArguments) -> Result<Vec<Policy>, Failure> {
    if arguments.policy.is_empty() {
        let file = opened.plan.file.as_deref().and_then(Path::file_name);
        let name = file.map_or_else(|| "as it is".into(), std::ffi::OsStr::to_string_lossy);
        return Ok(vec![policy(name.into_owned(), &opened.plan)]);
    }
    let colour = colour();
    let each = arguments.policy.iter().map(|file| {
        let loaded = config::load(opened.project.root(), Some(file))
            .map_err(|errors| Failure::wrong(errors.render(colour)))?;
        let name = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy();
        Ok(policy(name.into_owned(), &loaded.plan))
    });
    each.collect()
}

fn policy(name: String, plan: &Plan) -> Policy {
    let mut definitions: Vec<_> =
        plan.workstreams.iter().map(|workstream| plan.definition(workstream)).collect();
    if definitions.is_empty() {
        let any = plan.by_hand(WorkstreamId::from("ws"), String::new(), String::new());
        definitions.push(plan.definition(&any));
    }
    Policy {
        name,
        definitions,
        parallel: plan.limits.parallel,
        standby: plan.limits.standby,
        stagger: plan.limits.stagger,
        guards: plan.guards,
    }
}

/// Returns what is played, and where it comes from in words.
fn played(opened: &Opened, arguments: &SimulateArguments) -> Result<(Scenario, String), Failure> {
    if let Some(file) = &arguments.agents {
        let scenario = config::simulation::read(file)
            .map_err(|errors| Failure::wrong(errors.render(colour())))?;
        return Ok((scenario, format!("agents as in {}", file.display())));
    }
    let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::failed)?;
    let outcomes = Outcomes::open(dir.outcomes(), &opened.plan.guards);
    let known = outcomes.history.agents();
    let fitted = known.filter_map(|(name, it)| Some((name.clone(), AgentModel::fitted(&it.ends)?)));
    let scenario = Scenario { agents: fitted.collect(), ..Scenario::default() };
    let words = source(&opened.plan, &scenario);
    Ok((scenario, words))
}

/// Says which agents behave as they have, and which are made up since too little is known of them.
fn source(plan: &Plan, scenario: &Scenario) -> String {
    let list = |is_known: bool| {
        let agents = plan.agents.iter().filter(|(_, agent)| agent.contends.is_none());
        let names = agents.map(|(name, _)| name);
        let names = names.filter(|it| scenario.agents.contains_key(*it) == is_known);
        names.map(AgentName::as_str).collect::<Vec<_>>().join(", ")
    };
    match (list(true), list(false)) {
        (known, unknown) if known.is_empty() => {
            format!("agents that are made up, since too little is known of {unknown}")
        }
        (known, unknown) if unknown.is_empty() => format!("{known} as they have been here"),
        (known, unknown) => format!(
            "{known} as they have been here; {unknown} made up, since too little is known of them"
        ),
    }
}

fn colour() -> Colour {
    if std::io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain }
}

fn report_json(report: &Report) -> Value {
    let mut told = json!(report);
    let seconds = |span: Option<Duration>| span.map(|span| span.as_secs_f64());
    told["turnaround_p50_s"] = json!(seconds(report.turnaround(50)));
    told["turnaround_p95_s"] = json!(seconds(report.turnaround(95)));
    told["last_done_s"] = json!(seconds(report.last()));
    told
}
