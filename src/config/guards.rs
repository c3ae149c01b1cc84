//! What a fleet may take, and how it guards itself.

use std::time::Duration;

use super::duration::Friendly;
use super::finding::Finding;
use super::form::{self, Project};
use super::input::Input;
use super::plan::Limits;
use super::read::At;
use super::value::{Bytes, Share};
use crate::core::breaker::BreakerPolicy;
use crate::core::budget::Budget;
use crate::core::history::Guards;
use crate::core::storm::StormPolicy;
use crate::core::strain::StrainPolicy;

/// What a process can step back at most (setpriority(2)).
const MOST_NICE: u32 = 19;

/// Returns what the fleet may take.
pub(super) fn limits(written: &Project, defaults: &Project, input: &mut Input) -> Limits {
    let forms = [&written.limits, &defaults.limits];
    let [written, defaults] = forms.map(|form| form.as_ref().map(|form| &form.value));
    let bytes = |get: fn(&form::Limits) -> Option<&At<Bytes>>| {
        let given = written.and_then(get).or_else(|| defaults.and_then(get));
        given.map_or(0, |at| at.value.0)
    };
    let stagger = |limits: &form::Limits| limits.stagger.as_ref().map(|at| at.value.0);
    let given = |get: fn(&form::Limits) -> Option<&At<u32>>| {
        written.and_then(get).or_else(|| defaults.and_then(get))
    };
    let parallel = given(|limits| limits.parallel.as_ref());
    let attempts = given(|limits| limits.attempts.as_ref());
    for (limit, what) in
        [(parallel, "no workstream would ever start"), (attempts, "no attempt would ever start")]
    {
        if let Some(limit) = limit.filter(|limit| limit.value == 0) {
            input.push(
                Finding::error(format!("with 0, {what}")).at(limit.place).help("write at least 1"),
            );
        }
    }
    let nice = given(|limits| limits.nice.as_ref());
    if let Some(nice) = nice.filter(|nice| nice.value > MOST_NICE) {
        let finding = Finding::error("a process cannot step back so far").at(nice.place);
        input.push(finding.help(format!("write 0 (not at all) to {MOST_NICE}")));
    }
    Limits {
        nice: nice.map_or(0, |at| at.value.min(MOST_NICE) as u8),
        parallel: parallel.map_or(1, |at| at.value as usize),
        attempts: attempts.map_or(1, |at| at.value),
        min_free_disk: bytes(|limits| limits.min_free_disk.as_ref()),
        min_free_memory: bytes(|limits| limits.min_free_memory.as_ref()),
        standby: given(|limits| limits.standby.as_ref()).map_or(0, |at| at.value as usize),
        stagger: written
            .and_then(stagger)
            .or_else(|| defaults.and_then(stagger))
            .unwrap_or_default(),
    }
}

/// Returns how the fleet guards itself.
pub(super) fn guards(written: &Project, defaults: &Project) -> Guards {
    Guards {
        breaker: breaker(written, defaults),
        storm: storm(written, defaults),
        budget: budget(written, defaults),
        strain: strain(written, defaults),
    }
}

/// Takes a key from the first of two forms that has it, or else what there is.
macro_rules! pick {
    ($forms:expr, $key:ident, $else:expr) => {{
        let [written, defaults] = $forms;
        let given = written.as_ref().and_then(|form| form.value.$key.as_ref());
        let given = given.or_else(|| defaults.as_ref().and_then(|form| form.value.$key.as_ref()));
        given.map_or($else, |at| at.value.into())
    }};
}

fn breaker(written: &Project, defaults: &Project) -> BreakerPolicy {
    let (forms, usual) = ([&written.breaker, &defaults.breaker], BreakerPolicy::default());
    let pass_rate =
        |form: &Option<At<form::Breaker>>| Some(form.as_ref()?.value.pass_rate.as_ref()?.value.0);
    let enough = |form: &Option<At<form::Breaker>>| {
        Some(form.as_ref()?.value.enough.as_ref()?.value as usize)
    };
    BreakerPolicy {
        failures: pick!(forms, failures, usual.failures),
        slower: pick!(forms, slower, usual.slower),
        pass_rate: forms.into_iter().find_map(pass_rate).map_or(usual.pass_rate, u32::from),
        enough: forms.into_iter().find_map(enough).unwrap_or(usual.enough),
        recovered: pick!(forms, recovered, usual.recovered),
        delay: pick!(forms, delay, usual.delay),
        max_delay: pick!(forms, max_delay, usual.max_delay),
    }
}

fn strain(written: &Project, defaults: &Project) -> StrainPolicy {
    let (forms, usual) = ([&written.breaker, &defaults.breaker], StrainPolicy::default());
    let share = |get: fn(&form::Breaker) -> Option<&At<Share>>| {
        let given = forms.iter().find_map(|form| get(&form.as_ref()?.value));
        given.map(|at| u32::from(at.value.0))
    };
    StrainPolicy {
        cpu: share(|form| form.cpu.as_ref()).unwrap_or(usual.cpu),
        memory: share(|form| form.memory.as_ref()).unwrap_or(usual.memory),
        lasting: pick!(forms, strain, usual.lasting),
    }
}

fn storm(written: &Project, defaults: &Project) -> StormPolicy {
    let (forms, usual) = ([&written.storm, &defaults.storm], StormPolicy::default());
    let workstreams = |form: &Option<At<form::Storm>>| {
        Some(form.as_ref()?.value.workstreams.as_ref()?.value as usize)
    };
    StormPolicy {
        workstreams: forms.into_iter().find_map(workstreams).unwrap_or(usual.workstreams),
        window: pick!(forms, window, usual.window),
        hold: pick!(forms, hold, usual.hold),
        max_hold: pick!(forms, max_hold, usual.max_hold),
        trial: pick!(forms, trial, usual.trial),
        apart: pick!(forms, apart, usual.apart),
    }
}

fn budget(written: &Project, defaults: &Project) -> Budget {
    let forms = [&written.budget, &defaults.budget];
    let cost =
        |form: &Option<At<form::Budget>>| Some(form.as_ref()?.value.cost_usd.as_ref()?.value.0);
    let count = |get: fn(&form::Budget) -> Option<&At<u32>>| {
        let given = |form: &&Option<At<form::Budget>>| {
            form.as_ref().and_then(|form| get(&form.value)).map(|at| u64::from(at.value))
        };
        forms.iter().find_map(given)
    };
    Budget {
        attempts: count(|budget| budget.attempts.as_ref()),
        tokens: count(|budget| budget.tokens.as_ref()),
        cost_usd: forms.into_iter().find_map(cost),
    }
}

impl From<Friendly> for Duration {
    fn from(span: Friendly) -> Self {
        span.0
    }
}
