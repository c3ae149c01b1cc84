//! `ostler alerts`: what is wrong now, and taking note of it.

use clap::Args;
use serde_json::{Value, json};

use super::failure::{Code, Failure, Outcome};
use super::project::ProjectArguments;
use super::{opened, say};
use crate::core::Timestamp;
use crate::core::alert::record::What;
use crate::core::alert::{Alert, Record};
use crate::core::time::clock;
use crate::supervisor::alert_log::AlertLog;
use crate::supervisor::look;
use crate::supervisor::state_dir::StateDir;

/// What `ostler alerts` takes.
#[derive(Debug, Args)]
pub struct AlertsArguments {
    /// Take note of this alert, by its key: it is silent until it gets worse.
    #[arg(long, value_name = "KEY", conflicts_with = "acknowledge_all")]
    acknowledge: Option<String>,
    /// Take note of all of them.
    #[arg(long)]
    acknowledge_all: bool,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `ostler alerts`.
pub fn run(project: &ProjectArguments, arguments: &AlertsArguments) -> Outcome {
    let opened = opened::open_begun(project)?;
    let look = || look::look(&opened.project, &opened.plan).map_err(Failure::failed);
    let mut facts = look()?;
    let wanted: Vec<&Alert> = match &arguments.acknowledge {
        Some(key) => vec![named(&facts.alerts, key)?],
        None if arguments.acknowledge_all => facts.alerts.iter().collect(),
        None => Vec::new(),
    };
    if !wanted.is_empty() {
        let dir = StateDir::open(opened.project.common_dir()).map_err(Failure::failed)?;
        acknowledge(&dir, &wanted, facts.at)?;
        facts = look()?;
    }
    if arguments.json {
        let alerts: Vec<Value> = facts.alerts.iter().map(|alert| of(alert, facts.at)).collect();
        say::line(format_args!("{}", json!({ "alerts": alerts })));
        return Ok(Code::Done);
    }
    if facts.alerts.is_empty() {
        say::line(format_args!("nothing is wrong"));
    }
    for alert in &facts.alerts {
        say::line(format_args!("{}", line(alert, facts.at)));
    }
    Ok(Code::Done)
}

fn named<'a>(alerts: &'a [Alert], key: &str) -> Result<&'a Alert, Failure> {
    alerts.iter().find(|alert| alert.key.as_str() == key).ok_or_else(|| {
        let known: Vec<&str> = alerts.iter().map(|alert| alert.key.as_str()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Failure::wrong(format!("there is no alert `{key}`; there is {known}"))
    })
}

/// Writes it down; supervisors at work hear of it.
fn acknowledge(dir: &StateDir, wanted: &[&Alert], at: Timestamp) -> Result<(), Failure> {
    let log = AlertLog::new(dir.alerts());
    for alert in wanted.iter().filter(|alert| !alert.acknowledged) {
        let Alert { key, subject, mark, weight, .. } = (*alert).clone();
        let record = Record { at, key, subject, mark, weight, what: What::Acknowledged };
        log.append(&record).map_err(|error| {
            Failure::failed(format!("{} cannot be written: {error}", dir.alerts().display()))
        })?;
    }
    Ok(())
}

/// Returns an alert as JSON.
pub(super) fn of(alert: &Alert, now: Timestamp) -> Value {
    json!({
        "key": alert.key,
        "severity": alert.weight.severity,
        "level": alert.weight.level,
        "subject": alert.subject,
        "workstream": alert.subject.workstream(),
        "text": alert.text,
        "since_s": alert.since.map(|since| now.since(since).as_secs()),
        "acknowledged": alert.acknowledged,
    })
}

fn line(alert: &Alert, now: Timestamp) -> String {
    let since = alert.since.map_or_else(|| "-".to_owned(), |since| clock(now.since(since)));
    let noted = if alert.acknowledged { ", acknowledged" } else { "" };
    let (severity, level) = (alert.weight.severity.word(), alert.weight.level.words());
    format!("{}: {severity}, {level}, for {since}{noted}: {}", alert.key, alert.text)
}
