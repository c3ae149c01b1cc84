//! What an attempt would come to if nobody ended it.

use std::time::Duration;

use super::chance::Chance;
use super::model::AgentModel;
use crate::core::{FailureClass, Timestamp};

/// What an attempt would come to if nobody ended it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fate {
    /// When its agent ends by itself; none if it never does.
    pub ends: Option<Timestamp>,
    /// How it fails; none if it does the work.
    pub fails: Option<FailureClass>,
    /// When the agent says it will work again.
    pub reset: Option<Timestamp>,
    /// Whether a check would pass.
    pub check_passes: bool,
    /// The share of a whole attempt's work that was done, from 0 to 1.
    pub share: f64,
}

impl Fate {
    /// Draws it for an attempt that starts now.
    pub fn draw(model: &AgentModel, chance: &mut Chance, now: Timestamp) -> Self {
        // All is drawn, and in the same order, whatever comes of it: luck must not depend on the time.
        let is_good = chance.unit() < model.success;
        let takes = model.takes.draw(chance);
        let fails_after = model.fails_after.draw(chance);
        let class = chance.pick(&model.failures).copied().unwrap_or(FailureClass::ExitCode);
        let check_passes = chance.unit() < model.check_passes;
        let span = if is_good { takes } else { fails_after };
        let fails = (!is_good).then_some(class);
        let hangs = matches!(fails, Some(FailureClass::HardTimeout | FailureClass::IdleTimeout));
        let share = if is_good { 1.0 } else { part(span, takes) };
        let own =
            Self { ends: (!hangs).then_some(now + span), fails, reset: None, check_passes, share };
        own.met_by_outage(model, takes, now)
    }

    fn met_by_outage(self, model: &AgentModel, takes: Duration, now: Timestamp) -> Self {
        let hit = |outage: &super::model::Outage| {
            let begins = outage.from.max(now);
            let fails = begins + outage.after;
            // What is over before the agent gives up has not happened to it.
            let is_met = self.ends.is_none_or(|ends| fails < ends) && fails < outage.to;
            (is_met && outage.to > now).then_some(fails)
        };
        let first = model.outages.iter().filter_map(|outage| Some((hit(outage)?, outage)));
        match first.min_by_key(|(at, _)| *at) {
            None => self,
            Some((at, outage)) => Self {
                ends: Some(at),
                fails: Some(outage.class),
                reset: outage.states_reset.then_some(outage.to),
                share: part(outage.from.max(now).since(now), takes),
                ..self
            },
        }
    }
}

fn part(of: Duration, whole: Duration) -> f64 {
    if whole.is_zero() { 1.0 } else { (of.as_secs_f64() / whole.as_secs_f64()).min(1.0) }
}
