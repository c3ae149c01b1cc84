//! What a simulation plays, as it is written: how agents behave, and when their services are not there.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::duration::Friendly;
use super::finding::{ConfigErrors, Finding, Findings};
use super::input::Input;
use super::nearest::hint;
use super::node::{Node, Value};
use super::read::{At, Named, Read, Reading};
use super::source;
use crate::core::account::Cost;
use crate::core::simulate::model::{AgentModel, Outage, Scenario, Spread};
use crate::core::{AgentName, FailureClass, Timestamp};

/// Agents try for so long before they give up on a service that is not there.
const TRIES: Duration = Duration::from_secs(30);

/// Reads what a simulation plays from a file.
pub fn read(path: &Path) -> Result<Scenario, ConfigErrors> {
    let mut input = Input::default();
    let shown = path.display().to_string();
    let played = match source::read(path) {
        Ok(text) => input.form::<Played>(&shown, &text).map(|at| at.value),
        Err(why) => {
            input.push(Finding::error(format!("cannot read the simulation {shown}: {why}")));
            None
        }
    };
    match played.filter(|_| input.findings.is_empty()) {
        Some(played) => Ok(played.0),
        None => Err(ConfigErrors(Findings::new(input.findings, Arc::new(input.sources)))),
    }
}

struct Played(Scenario);

impl Read for Played {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let mut scenario = Scenario::default();
        into.map(node, &["agents", "check_takes"], |into, key, value| {
            if key.name == "agents" {
                let agents = into.value::<Named<AgentModel>>(value).into_iter();
                scenario.agents = agents
                    .flat_map(|agents| agents.value.0)
                    .map(|(name, model)| (AgentName::from(name.value), model.value))
                    .collect();
            } else if let Some(takes) = Spread::read(value, into) {
                scenario.check_takes = takes;
            }
        })?;
        Some(Self(scenario))
    }
}

const AGENT: [&str; 8] = [
    "success",
    "takes",
    "fails_after",
    "failures",
    "check_passes",
    "tokens",
    "cost_usd",
    "outages",
];

impl Read for AgentModel {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let mut model = Self::default();
        into.map(node, &AGENT, |into, key, value| match key.name.as_str() {
            "success" => put(&mut model.success, likelihood(value, into)),
            "check_passes" => put(&mut model.check_passes, likelihood(value, into)),
            "takes" => put(&mut model.takes, Spread::read(value, into)),
            "fails_after" => put(&mut model.fails_after, Spread::read(value, into)),
            "failures" => put(&mut model.failures, failures(value, into)),
            "tokens" => put(&mut model.tokens, u32::read(value, into).map(u64::from)),
            "cost_usd" => put(&mut model.cost, dollars(value, into)),
            _outages => {
                let outages: Option<Vec<At<Outage>>> = Vec::read(value, into);
                model.outages = outages.into_iter().flatten().map(|at| at.value).collect();
            }
        })?;
        Some(model)
    }
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Int(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

fn likelihood(node: &Node, into: &mut Reading<'_>) -> Option<f64> {
    let likely = number(node).filter(|likely| (0.0..=1.0).contains(likely));
    if likely.is_none() {
        into.wrong_number(node, "a likelihood from 0 to 1");
    }
    likely
}

fn dollars(node: &Node, into: &mut Reading<'_>) -> Option<Cost> {
    let cost = number(node).and_then(Cost::dollars);
    if cost.is_none() {
        into.wrong_number(node, "an amount of dollars");
    }
    cost
}

fn failures(node: &Node, into: &mut Reading<'_>) -> Option<Vec<(FailureClass, f64)>> {
    let mut failures = Vec::new();
    for (key, value) in into.entries(node)? {
        let name = Node { value: Value::Text(key.name.clone()), span: key.span.clone() };
        let class = class(&name, into);
        let weight = number(value).filter(|weight| *weight > 0.0 && weight.is_finite());
        if weight.is_none() {
            into.wrong_number(value, "a weight above 0");
        }
        failures.extend(class.zip(weight));
    }
    Some(failures)
}

/// Reads a class in which an attempt can fail that was started.
fn class(node: &Node, into: &mut Reading<'_>) -> Option<FailureClass> {
    let text = String::read(node, into)?;
    let found = FailureClass::ALL.iter().find(|class| class.word() == text).copied();
    match found {
        Some(FailureClass::ProbeFailed) => {
            let help = "write an outage that is `seen_by_probe`".to_owned();
            into.error(node, "attempts that were started do not fail in this way", Some(help));
            None
        }
        None => {
            let help = hint(&text, "classes", FailureClass::ALL.iter().map(|it| it.word()));
            into.error(node, format!("`{text}` is not a failure class"), help);
            None
        }
        found => found,
    }
}

impl Read for Spread {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let Value::Map(_) = node.value else {
            return Friendly::read(node, into).map(|span| Self::always(span.0));
        };
        let (mut p50, mut p95) = (None, None);
        into.map(node, &["p50", "p95"], |into, key, value| {
            let span = Friendly::read(value, into).map(|span| span.0);
            if key.name == "p50" { p50 = span } else { p95 = span }
        })?;
        match (p50, p95) {
            (Some(p50), Some(p95)) if p50 <= p95 => Some(Self::LogNormal { p50, p95 }),
            _other => {
                let help = "write a duration, or { p50: 5m, p95: 15m }".to_owned();
                into.error(node, "expected `p50` and a `p95` that is not less", Some(help));
                None
            }
        }
    }
}

const OUTAGE: [&str; 6] = ["from", "to", "class", "after", "states_reset", "seen_by_probe"];

impl Read for Outage {
    fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
        let mut outage = Self {
            from: Timestamp(0),
            to: Timestamp(0),
            class: FailureClass::Network,
            after: TRIES,
            states_reset: false,
            seen_by_probe: false,
        };
        into.map(node, &OUTAGE, |into, key, value| match key.name.as_str() {
            "from" => put(&mut outage.from, moment(value, into)),
            "to" => put(&mut outage.to, moment(value, into)),
            "class" => put(&mut outage.class, class(value, into)),
            "after" => put(&mut outage.after, Friendly::read(value, into).map(|span| span.0)),
            "states_reset" => put(&mut outage.states_reset, yes_or_no(value, into)),
            _probe => put(&mut outage.seen_by_probe, yes_or_no(value, into)),
        })?;
        if outage.to <= outage.from {
            let help = "both count from the beginning: { from: 10m, to: 1h10m }".to_owned();
            into.error(node, "it ends before it begins", Some(help));
        }
        Some(outage)
    }
}

/// Reads a time from the beginning on.
fn moment(node: &Node, into: &mut Reading<'_>) -> Option<Timestamp> {
    Friendly::read(node, into).map(|span| Timestamp(0) + span.0)
}

fn yes_or_no(node: &Node, into: &mut Reading<'_>) -> Option<bool> {
    into.word(node, &[("true", true), ("false", false)])
}
