//! Things that are wrong, made up.

use std::time::Duration;

use ostler::core::Timestamp;
use ostler::core::alert::{
    Alert, AlertPolicy, Board, Condition, Level, Ring, Severity, Subject, Weight,
};

/// The policy of most tests: two alerts are not told within half a minute, and none gets worse by itself.
pub const POLICY: AlertPolicy =
    AlertPolicy { repeat: Duration::from_secs(30), per_minute: 10, escalate_after: None };

pub fn weight(severity: Severity, level: Level) -> Weight {
    Weight { severity, level }
}

/// A workstream that waits for the operator.
pub fn waits(id: &str) -> Condition {
    Condition {
        key: format!("{id}/waits").as_str().into(),
        subject: Subject::Workstream(id.into()),
        weight: weight(Severity::High, Level::MustAct),
        text: "no agent is left".to_owned(),
        since: None,
        mark: Some(1),
        wants_answer: true,
    }
}

pub fn at(seconds: u64) -> Timestamp {
    Timestamp(1_000_000 + seconds * 1000)
}

/// An alert that is up, as facts have it.
pub fn alert(id: &str, severity: Severity) -> Alert {
    let level = Level::MustAct;
    let condition = Condition { weight: weight(severity, level), ..waits(id) };
    let alerts = Board::default().glance(vec![condition], at(0));
    alerts.into_iter().next().expect("an alert")
}

pub fn ring(number: u64, id: &str, severity: Severity) -> Ring {
    Ring { number, at: at(0), alert: alert(id, severity), more: 0 }
}
