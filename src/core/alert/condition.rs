//! What is wrong now, as states alone tell it.

use std::collections::BTreeMap;

use super::{Key, Level, Severity, Subject, Weight};
use crate::core::bar::Bar;
use crate::core::budget::Overspent;
use crate::core::id::AgentName;
use crate::core::ledger::AttemptOutcome;
use crate::core::phase::{Phase, Running};
use crate::core::room::Room;
use crate::core::storm::Brake;
use crate::core::time::Timestamp;
use crate::core::workstream::Workstream;

/// Something that is wrong now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The name of its alert.
    pub key: Key,
    /// What it is about.
    pub subject: Subject,
    /// How bad it is and how far it has come by itself.
    pub weight: Weight,
    /// What is wrong, in a line without times that pass.
    pub text: String,
    /// Since when, if the state tells that.
    pub since: Option<Timestamp>,
    /// Which occurrence of its cause it is: another number is another one; none for the one before, gone further.
    pub mark: Option<u64>,
    /// Whether somebody should answer it, so that it gets worse when nobody does.
    pub wants_answer: bool,
}

/// What holds the fleet as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Holds<'a> {
    /// How far a storm holds launches back.
    pub brake: &'a Brake,
    /// The budget that is used up, if one is.
    pub overspent: Option<&'a Overspent>,
    /// Whether there is room on the disk.
    pub disk: Room,
    /// Whether there is memory.
    pub memory: Room,
}

impl Condition {
    fn new(subject: Subject, cause: &str, severity: Severity, level: Level, text: String) -> Self {
        let key = match &subject {
            Subject::Agent(name) => format!("agent/{name}/{cause}"),
            subject => format!("{subject}/{cause}"),
        };
        let weight = Weight { severity, level };
        Self {
            key: Key(key),
            subject,
            weight,
            text,
            since: None,
            mark: Some(0),
            wants_answer: true,
        }
    }

    /// Says since when it has been so, which tells one occurrence from the next as well.
    fn since(self, since: Timestamp) -> Self {
        Self { since: Some(since), mark: Some(since.0), ..self }
    }
}

/// Returns what is wrong with a workstream; `trouble` is what is wrong with its files.
pub fn of_workstream(state: &Workstream, trouble: Option<&str>) -> Vec<Condition> {
    use Level::{MustAct, Notified, Recovering};
    use Severity::{Critical, High, Low, Medium};
    let about = |cause: &str, severity, level, text: &str| {
        let subject = Subject::Workstream(state.definition.id.clone());
        let line = text.lines().map(str::trim).find(|line| !line.is_empty());
        let text = line.unwrap_or_default().to_owned();
        Condition::new(subject, cause, severity, level, text)
    };
    let mut found = Vec::new();
    if let Some(trouble) = trouble {
        let text = format!("nothing is decided for it: {trouble}");
        found.push(about("trouble", High, MustAct, &text));
    }
    match &state.phase {
        Phase::Escalated { reason, .. } => {
            found.push(about("waits", High, MustAct, reason).since(state.since));
        }
        Phase::Failed(reason) => {
            let text = format!("failed: {reason}");
            found.push(about("failed", High, Notified, &text).since(state.since));
        }
        Phase::Lost { .. } => {
            let text = "its processes may still run; nothing starts there until that is settled";
            found.push(about("lost", Critical, MustAct, text).since(state.since));
        }
        Phase::Running(running) => {
            found.extend(asks(running).map(|(mark, line)| Condition {
                mark: Some(mark),
                ..about("asks", High, MustAct, &format!("its agent asks: {line}"))
            }));
            // What waits for the operator is no slower than the operator.
            if let Some(slow) = running.slow.filter(|_| running.waiting.is_none()) {
                let agent = state.agent_at(&running.launch);
                let text = format!("{agent} is slow: it is past its soft timeout");
                found.push(about("slow", Medium, Notified, &text).since(slow));
            }
        }
        Phase::Queued { .. }
        | Phase::Preparing { .. }
        | Phase::Probing { .. }
        | Phase::Starting { .. }
        | Phase::Stopping(_)
        | Phase::Draining(_)
        | Phase::Checking { .. }
        | Phase::Backoff { .. }
        | Phase::Done(_)
        | Phase::Stopped => {}
    }
    if let Some((mark, text)) = fell_back(state) {
        let fallback = about("fallback", Low, Recovering, &text);
        found.push(Condition { mark: Some(mark), wants_answer: false, ..fallback });
    }
    found
}

/// Returns what a running agent asks, and where in which attempt it does.
fn asks(running: &Running) -> Option<(u64, &str)> {
    let on = running.waiting.as_ref()?;
    let offset = on.offset.unwrap_or_default() & (u64::MAX >> 24);
    Some((u64::from(running.launch.attempt.0) << 40 | offset, on.line.as_str()))
}

/// Says that an agent works in the place of one that failed, and which place in the chain that is.
fn fell_back(state: &Workstream) -> Option<(u64, String)> {
    let launch = state.phase.launch()?;
    if matches!(state.phase, Phase::Lost { .. }) {
        return None;
    }
    let made = state.attempts.get(state.spent..).unwrap_or_default();
    let failed = made.iter().rev().find(|attempt| {
        attempt.tier < launch.tier
            && matches!(attempt.outcome, AttemptOutcome::Failed(_) | AttemptOutcome::Skipped)
    })?;
    let (to, from) = (state.agent_at(launch), &failed.agent);
    let why = match failed.outcome {
        AttemptOutcome::Failed(class) => class.word(),
        AttemptOutcome::Open
        | AttemptOutcome::Skipped
        | AttemptOutcome::Stopped
        | AttemptOutcome::Succeeded => "skipped",
    };
    Some((launch.tier as u64, format!("fell back from {from} ({why}) to {to}")))
}

/// Returns what is wrong with agents, by what their breakers say.
pub fn of_agents(bars: &BTreeMap<AgentName, Bar>) -> Vec<Condition> {
    let of_agent = |(agent, bar): (&AgentName, &Bar)| {
        let wants_answer = bar.is_shut();
        let (severity, level, mark, text) = match bar {
            Bar::Shut { until: Some(until), why } => {
                let text = format!("its breaker is open: {why}");
                (Severity::Medium, Level::Recovering, Some(until.0), text)
            }
            Bar::Shut { until: None, why } => {
                let text = format!("it is held until you close its breaker: {why}");
                (Severity::High, Level::MustAct, Some(0), text)
            }
            Bar::Trial { why } => {
                let text = format!("its breaker is half-open, one trial goes first: {why}");
                (Severity::Low, Level::Recovering, None, text)
            }
        };
        let subject = Subject::Agent(agent.clone());
        let condition = Condition::new(subject, "breaker", severity, level, text);
        Condition { mark, wants_answer, ..condition }
    };
    bars.iter().map(of_agent).collect()
}

/// Returns what holds the fleet as a whole.
pub fn of_fleet(holds: &Holds<'_>) -> Vec<Condition> {
    use Level::{Held, Recovering};
    use Severity::{Critical, High, Low};
    let mut found = Vec::new();
    let storm = |severity, level, mark, text: String| Condition {
        mark,
        ..Condition::new(Subject::Fleet, "storm", severity, level, text)
    };
    match holds.brake {
        Brake::Held { until, why } => {
            let text = format!("all launches are held: {why}");
            found.push(storm(High, Held, Some(until.0), text));
        }
        Brake::Trial { why, .. } => {
            let text = format!("one trial goes first after a storm: {why}");
            found.push(Condition { wants_answer: false, ..storm(Low, Recovering, None, text) });
        }
        Brake::Calm | Brake::Resuming { .. } => {}
    }
    if let Some(over) = holds.overspent {
        let text = format!("nothing starts, the budget is used up: {}", over.what);
        found.push(Condition::new(Subject::Fleet, "budget", High, Held, text));
    }
    for (subject, room, severity, what) in [
        (Subject::Disk, holds.disk, Critical, "room on the disk"),
        (Subject::Memory, holds.memory, High, "memory"),
    ] {
        if let Some(words) = room.words() {
            let text = format!("nothing starts for want of {what}: {words}");
            found.push(Condition::new(subject, "short", severity, Held, text));
        }
    }
    found
}
