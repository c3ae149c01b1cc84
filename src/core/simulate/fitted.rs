//! An agent as it has been.

use std::collections::BTreeMap;
use std::time::Duration;

use super::model::{AgentModel, Spread};
use crate::core::FailureClass;
use crate::core::Timestamp;
use crate::core::account::Cost;
use crate::core::health::ENOUGH;
use crate::core::outcome::{End, Ended};

impl AgentModel {
    /// Returns the model of an agent whose attempts ended so; none if they are too few to say.
    ///
    /// What the machine did to them, and those that an operator stopped, is not of the agent.
    pub fn fitted<'a>(ends: impl IntoIterator<Item = &'a (Timestamp, Ended)>) -> Option<Self> {
        let ends = ends.into_iter().map(|(_, ended)| ended);
        let ends: Vec<&Ended> = ends.filter(|ended| ended.tells_of_agent()).collect();
        if ends.len() < ENOUGH {
            return None;
        }
        // What a check refuses was done all the same.
        let did = |ended: &&&Ended| {
            ended.end == End::Succeeded || ended.class == Some(FailureClass::CheckFailed)
        };
        let (good, bad): (Vec<&Ended>, Vec<&Ended>) = ends.iter().partition(|ended| did(ended));
        let times =
            |of: &[&Ended]| -> Vec<Duration> { of.iter().filter_map(|it| it.took).collect() };
        let mut failures: BTreeMap<FailureClass, f64> = BTreeMap::new();
        for class in bad.iter().filter_map(|ended| ended.class) {
            *failures.entry(class).or_default() += 1.0;
        }
        let checks: Vec<bool> = ends.iter().filter_map(|ended| ended.check).collect();
        let passed = checks.iter().filter(|passed| **passed).count();
        let otherwise = Self::default();
        let measured = |times: Vec<Duration>, otherwise: Spread| {
            if times.is_empty() { otherwise } else { Spread::Measured(times) }
        };
        let mean = |of: Vec<u64>| of.iter().sum::<u64>().checked_div(of.len() as u64).unwrap_or(0);
        Some(Self {
            success: good.len() as f64 / ends.len() as f64,
            takes: measured(times(&good), otherwise.takes),
            fails_after: measured(times(&bad), otherwise.fails_after),
            failures: failures.into_iter().collect(),
            check_passes: if checks.is_empty() { 1.0 } else { passed as f64 / checks.len() as f64 },
            tokens: mean(ends.iter().filter_map(|ended| ended.tokens).collect()),
            cost: Cost(mean(ends.iter().filter_map(|ended| Some(ended.cost_usd?.0)).collect())),
            outages: Vec::new(),
        })
    }
}
