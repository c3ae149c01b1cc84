//! From the outcome log to facts: what is known of agents, and of the fleet as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::plan::Plan;
use crate::core::forecast::Calibration;
use crate::core::history::{History, Record};
use crate::core::{AgentName, Timestamp};
use crate::ipc::facts::{AgentFacts, FleetFacts};

/// How well risk has told what came, by agents; it is worked out anew for those of which something new is known.
#[derive(Debug, Default)]
pub struct Calibrations(BTreeMap<AgentName, (Arc<Record>, Option<Calibration>)>);

impl Calibrations {
    /// Returns how well the risk of an agent of which this is remembered has told what came.
    pub fn of(&mut self, name: &AgentName, record: &Arc<Record>) -> Option<Calibration> {
        if let Some((known, calibration)) = self.0.get(name)
            && Arc::ptr_eq(known, record)
        {
            return *calibration;
        }
        let calibration = Calibration::of(&record.ends);
        self.0.insert(name.clone(), (Arc::clone(record), calibration));
        calibration
    }
}

/// Returns what is known of the agents. Those that stand for several side by side are none of their own.
pub fn agents(
    history: &History,
    plan: &Plan,
    calibrations: &mut Calibrations,
    now: Timestamp,
) -> Vec<AgentFacts> {
    let own = plan.agents.iter().filter(|(_, agent)| agent.contends.is_none());
    let facts = own.map(|(name, agent)| {
        let record = history.record(name);
        AgentFacts {
            name: name.clone(),
            breaker: record.breaker.state(now),
            capacity: agent.capacity,
            calibration: calibrations.of(name, &record),
            record,
        }
    });
    facts.collect()
}

/// Returns what is known of the fleet as a whole.
pub fn fleet(history: &History, plan: &Plan, now: Timestamp) -> FleetFacts {
    FleetFacts {
        slots: plan.limits.parallel,
        brake: history.brake(now, &plan.guards),
        past: history.past(),
    }
}
