//! `ostler plan`

use std::fmt::Write as _;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Code, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::config::plan::Agent;
use crate::core::definition::{Definition, Exhausted, Order, Tier};
use crate::core::policy::{Growth, Response, RetryMode, RetryPolicy};
use crate::core::time::clock;
use crate::core::worst_case::WorstCase;
use crate::core::{AgentName, FailureClass, WorkstreamId};

/// Names of classes are given so much room.
const NAMES: usize = 30;

/// What `ostler plan` takes.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// Only this workstream.
    id: Option<String>,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `ostler plan`.
pub fn run(project: &ProjectArguments, arguments: &PlanArguments) -> Outcome {
    let opened = opened::open(project)?;
    let plan = &opened.plan;
    let definitions: Vec<Definition> = match &arguments.id {
        Some(id) => vec![plan.definition(opened.workstream(id)?)],
        None => plan.workstreams.iter().map(|workstream| plan.definition(workstream)).collect(),
    };
    if arguments.json {
        let told: Vec<Value> = definitions.iter().map(definition_json).collect();
        say::line(format_args!("{}", json!({ "workstreams": told })));
        return Ok(Code::Done);
    }
    for agent in plan.agents.values() {
        let used = definitions.iter().any(|definition| definition.names(&agent.name));
        if used {
            describe_agent(agent, &agent.tier());
        }
    }
    if definitions.is_empty() {
        say::line(format_args!("there are no workstreams"));
    }
    for definition in &definitions {
        describe(definition);
    }
    if !definitions.is_empty() {
        say::line(format_args!("A reset time that an agent states is waited for instead."));
        say::line(format_args!(
            "Not counted in the worst case: waits for a slot, other workstreams, a breaker, a stated reset, and you."
        ));
    }
    Ok(Code::Done)
}

fn describe_agent(agent: &Agent, tier: &Tier) {
    let span = |span: Option<Duration>| span.map_or_else(|| "none".to_owned(), clock);
    say::line(format_args!("{}", agent.name));
    if let Some(why) = &agent.unavailable {
        say::line(format_args!("  is skipped: {why}"));
    }
    say::line(format_args!(
        "  timeouts  soft {}, hard {}, idle {}; TERM, and KILL {} later",
        span(tier.timeouts.soft),
        clock(tier.timeouts.hard),
        span(tier.timeouts.idle),
        clock(tier.grace)
    ));
    if let Some(limit) = tier.probe {
        let limit = clock(limit);
        say::line(format_args!("  probe     at most {limit}, where another agent could follow"));
    }
    say::line(format_args!("  retries   {}", retries(&tier.retry)));
    for (classes, answers) in by_answer(tier) {
        let names: Vec<&str> = classes.iter().map(|class| class.word()).collect();
        for (place, line) in lines_of(&names).iter().enumerate() {
            let answers = if place == 0 { answers.as_str() } else { "" };
            say::line(format_args!("{}", format!("  {line:NAMES$}  {answers}").trim_end()));
        }
    }
    say::line(format_args!(""));
}

fn retries(retry: &RetryPolicy) -> String {
    let wait = match retry.backoff {
        Growth::None => "no wait".to_owned(),
        Growth::Linear => format!(
            "after {}, each wait that much longer, at most {}",
            clock(retry.delay),
            clock(retry.max_delay)
        ),
        Growth::Exponential => format!(
            "after {}, each wait twice as long, at most {}",
            clock(retry.delay),
            clock(retry.max_delay)
        ),
    };
    let chance = match retry.jitter {
        0 => String::new(),
        share => format!(", up to {share} % less by chance"),
    };
    format!("{} where a class does not say how many; {wait}{chance}", retry.max)
}

/// Returns the classes that are answered in the same way, in the order of the documents.
fn by_answer(tier: &Tier) -> Vec<(Vec<FailureClass>, String)> {
    let mut groups: Vec<(Vec<FailureClass>, String)> = Vec::new();
    for class in FailureClass::ALL {
        let answers = answers(tier, *class);
        match groups.iter_mut().find(|(_, known)| *known == answers) {
            Some((classes, _)) => classes.push(*class),
            None => groups.push((vec![*class], answers)),
        }
    }
    groups
}

fn answers(tier: &Tier, class: FailureClass) -> String {
    let list = tier.responses.0.get(&class).map_or(&[][..], Vec::as_slice);
    let mut words: Vec<String> = list.iter().map(|response| words(response, &tier.retry)).collect();
    if matches!(list.last(), None | Some(Response::Retry { .. } | Response::Backoff(_))) {
        words.push(self::words(&Response::Next, &tier.retry));
    }
    words.join(", then ")
}

fn words(response: &Response, retry: &RetryPolicy) -> String {
    match response {
        Response::Retry { times, mode } => {
            let how = match mode {
                RetryMode::Plain | RetryMode::Take => "",
                RetryMode::Clean => " from a clean worktree",
                RetryMode::Feedback => " with what went wrong",
                RetryMode::Simpler => " with less to do",
                RetryMode::Compact(_) => " with a shorter hand-off",
            };
            match times.unwrap_or(retry.max) {
                0 => "no retry".to_owned(),
                1 => format!("retry{how}"),
                times => format!("{times} retries{how}"),
            }
        }
        Response::Backoff(wait) => format!("retry after {}", clock(*wait)),
        Response::Next => "the next agent".to_owned(),
        Response::Goto(agent) => format!("{agent}"),
        Response::Escalate => "you decide".to_owned(),
        Response::Fail => "give up".to_owned(),
    }
}

/// Breaks a list of names into lines that are not too long.
fn lines_of(names: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for (place, name) in names.iter().enumerate() {
        let comma = if place + 1 < names.len() { "," } else { "" };
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = format!("{name}{comma}"),
            Some(line) if line.len() + name.len() + 1 < NAMES => {
                let _infallible = write!(line, " {name}{comma}");
            }
            _full => lines.push(format!("{name}{comma}")),
        }
    }
    lines
}

fn describe(definition: &Definition) {
    say::line(format_args!("{} {}", definition.id, definition.title));
    let chain: Vec<String> = definition.tiers.iter().map(tier_name).collect();
    let end = match definition.exhausted {
        Exhausted::Escalate => "you decide",
        Exhausted::Fail => "give up",
    };
    say::line(format_args!("  chain       {} → {end}", chain.join(" → ")));
    if definition.order == Order::Adaptive {
        say::line(format_args!("  order       adaptive: ranked again when it goes"));
    }
    if let Some(check) = definition.check {
        say::line(format_args!("  check       at most {}", clock(check)));
    }
    if !definition.after.is_empty() {
        let after: Vec<&str> = definition.after.iter().map(WorkstreamId::as_str).collect();
        say::line(format_args!("  after       {}", after.join(", ")));
    }
    say::line(format_args!(
        "  attempts    at most {} until you say go again",
        definition.max_attempts
    ));
    say::line(format_args!("  worst case  {}\n", worst(&WorstCase::of(definition))));
}

/// Names a tier, with those that work side by side there.
fn tier_name(tier: &Tier) -> String {
    let Some(contest) = &tier.contest else { return tier.agent.to_string() };
    let each: Vec<&str> = contest.contestants.iter().map(|one| one.agent.as_str()).collect();
    format!("{} ({})", tier.agent, each.join(" | "))
}

fn worst(case: &WorstCase) -> String {
    match case {
        WorstCase::Unbounded => "unbounded, for all that matters".to_owned(),
        WorstCase::Bounded(path) => {
            let each = |(agent, attempts): &(AgentName, u32)| format!("{agent} ×{attempts}");
            let agents: Vec<String> = path.agents.iter().map(each).collect();
            format!(
                "{} ({}), {} of it between attempts",
                clock(path.takes()),
                agents.join(", "),
                clock(path.waiting)
            )
        }
    }
}

fn definition_json(definition: &Definition) -> Value {
    let chain: Vec<Value> = definition.tiers.iter().map(tier_json).collect();
    let worst = match WorstCase::of(definition) {
        WorstCase::Unbounded => json!({ "bounded": false }),
        WorstCase::Bounded(path) => json!({
            "bounded": true,
            "total_s": path.takes().as_secs_f64(),
            "between_attempts_s": path.waiting.as_secs_f64(),
            "attempts": path.attempts(),
            "agents": path.agents.iter().map(|(agent, attempts)| {
                json!({ "agent": agent, "attempts": attempts })
            }).collect::<Vec<_>>(),
        }),
    };
    json!({
        "id": definition.id,
        "title": definition.title,
        "chain": chain,
        "order": definition.order,
        "kind": definition.kind,
        "check_timeout_s": definition.check.map(|check| check.as_secs_f64()),
        "after": definition.after,
        "max_attempts": definition.max_attempts,
        "chain_exhausted": definition.exhausted,
        "priority": definition.priority,
        "worst_case": worst,
    })
}

fn tier_json(tier: &Tier) -> Value {
    let responses: serde_json::Map<String, Value> = FailureClass::ALL
        .iter()
        .map(|class| {
            let list = tier.responses.0.get(class).map_or(&[][..], Vec::as_slice);
            (class.word().to_owned(), json!({ "responses": list, "words": answers(tier, *class) }))
        })
        .collect();
    let contest = tier.contest.as_ref().map(|contest| {
        let each: Vec<&AgentName> = contest.contestants.iter().map(|one| &one.agent).collect();
        json!({ "how": contest.how, "contestants": each, "longest_s": contest.longest.as_secs_f64() })
    });
    json!({
        "agent": tier.agent,
        "contest": contest,
        "soft_s": tier.timeouts.soft.map(|soft| soft.as_secs_f64()),
        "hard_s": tier.timeouts.hard.as_secs_f64(),
        "idle_s": tier.timeouts.idle.map(|idle| idle.as_secs_f64()),
        "grace_s": tier.grace.as_secs_f64(),
        "probe_timeout_s": tier.probe.map(|probe| probe.as_secs_f64()),
        "retry": {
            "max": tier.retry.max,
            "backoff": tier.retry.backoff,
            "delay_s": tier.retry.delay.as_secs_f64(),
            "max_delay_s": tier.retry.max_delay.as_secs_f64(),
            "jitter": f64::from(tier.retry.jitter) / 100.0,
        },
        "on": responses,
    })
}
