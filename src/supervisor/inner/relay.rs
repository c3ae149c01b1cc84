//! What happens in a supervisor within an attempt, as it is told in the log of that attempt.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::verdict;
use crate::agents::api::report::Report;
use crate::core::account::{Inner, Made};
use crate::core::notice::{Notice, Severity};
use crate::core::progress::Progress;
use crate::core::{AttemptId, AttemptOutcome, WorkstreamId};
use crate::ipc::facts::{Facts, Told, WorkstreamFacts};
use crate::supervisor::state_dir::StateDir;

/// What was told so far.
#[derive(Debug)]
pub(in crate::supervisor) struct Relay {
    dir: StateDir,
    /// The number of the last notice.
    notice: u64,
    parts: Vec<Part>,
    attempts: Vec<Known>,
    banner: Option<String>,
}

/// One workstream, and what was told of it.
#[derive(Debug, Default)]
pub(in crate::supervisor) struct Part {
    /// What its notices begin with, if there are several.
    pub name: Option<String>,
    /// Its place among those that work side by side.
    pub contestant: Option<u32>,
    progress: Option<Progress>,
    /// The log of the agent at work, and how long it was.
    log: Option<(PathBuf, u64)>,
}

impl Part {
    /// Returns one of several.
    pub fn of_many(name: String, contestant: u32) -> Self {
        Self { name: Some(name), contestant: Some(contestant), ..Self::default() }
    }
}

/// An attempt that was told of.
#[derive(Debug)]
struct Known {
    part: usize,
    id: AttemptId,
    log: PathBuf,
    told: Inner,
}

impl Relay {
    /// Begins to tell what happens to one workstream, in a supervisor that has its state here.
    pub fn of_one(dir: StateDir) -> Self {
        Self::of(dir, vec![Part::default()])
    }

    /// Begins to tell what happens to several workstreams, in their order.
    pub fn of(dir: StateDir, parts: Vec<Part>) -> Self {
        Self { dir, notice: 0, parts, attempts: Vec::new(), banner: None }
    }

    /// Tells what is new.
    pub fn tell(&mut self, facts: &Facts, report: &mut Report<'_>) {
        self.notices(facts, report);
        if facts.banner != self.banner {
            self.banner.clone_from(&facts.banner);
            if let Some(banner) = &facts.banner {
                report.note(banner);
            }
        }
        for (place, inner) in facts.workstreams.iter().enumerate() {
            self.attempts(place, inner, report);
            if let Some(part) = self.parts.get_mut(place) {
                part.tell(inner, report);
            }
        }
    }

    /// Tells that an agent at work is alive, if one has written since the last time.
    pub fn pulse(&mut self, report: &mut Report<'_>) {
        let mut is_alive = false;
        for (log, before) in self.parts.iter_mut().filter_map(|part| part.log.as_mut()) {
            let length = log.metadata().map_or(*before, |meta| meta.len());
            is_alive |= std::mem::replace(before, length) != length;
        }
        if is_alive {
            report.tell("alive", json!({}));
        }
    }

    /// Tells what one of several has left; why its last attempt ended is put into other words for that.
    pub fn left(
        &mut self,
        place: usize,
        (made, words): (Option<Made>, String),
        report: &mut Report<'_>,
    ) {
        let mut known = self.attempts.iter_mut().enumerate().rev();
        let Some((number, known)) = known.find(|(_, known)| known.part == place) else { return };
        (known.told.made, known.told.reason) = (made, words);
        report.tell("attempt", keys(number, &known.told, &known.log));
    }

    fn notices(&mut self, facts: &Facts, report: &mut Report<'_>) {
        // Nobody in here waits for an operator: that is this attempt's failure, and told as such.
        let asked = facts.workstreams.iter().filter_map(|inner| inner.question.clone());
        let asked: Vec<String> =
            asked.map(|reason| Notice::Escalated { reason }.to_string()).collect();
        for Told { number, severity, text, workstream, .. } in &facts.notices {
            if *number <= self.notice {
                continue;
            }
            self.notice = *number;
            let said = match self.name(facts, workstream.as_ref()) {
                Some(name) => format!("{name}: {text}"),
                None => text.clone(),
            };
            match severity {
                _ if asked.contains(text) => {}
                Severity::Info | Severity::Good => report.aside(&said),
                Severity::Warning | Severity::Bad => report.note(&said),
            }
        }
    }

    fn name(&self, facts: &Facts, workstream: Option<&WorkstreamId>) -> Option<&String> {
        let place = facts.workstreams.iter().position(|inner| Some(&inner.id) == workstream)?;
        self.parts.get(place)?.name.as_ref()
    }

    fn attempts(&mut self, place: usize, inner: &WorkstreamFacts, report: &mut Report<'_>) {
        let contestant = self.parts.get(place).and_then(|part| part.contestant);
        for attempt in &inner.attempts {
            let told = verdict::told(attempt, contestant);
            let is_this = |known: &Known| known.part == place && known.id == attempt.id;
            let number = self.attempts.iter().position(is_this).unwrap_or(self.attempts.len());
            let told = Inner { number: u32::try_from(number + 1).unwrap_or(u32::MAX), ..told };
            let log = self.dir.run(&inner.id, attempt.id).join("out.log");
            match self.attempts.get_mut(number) {
                Some(known) if known.told == told => continue,
                Some(known) => known.told = told.clone(),
                None => {
                    let (log, told) = (log.clone(), told.clone());
                    self.attempts.push(Known { part: place, id: attempt.id, log, told });
                }
            }
            report.tell("attempt", keys(number, &told, &log));
        }
    }
}

impl Part {
    fn tell(&mut self, inner: &WorkstreamFacts, report: &mut Report<'_>) {
        if inner.progress != self.progress {
            self.progress.clone_from(&inner.progress);
            if let (Some(Progress { done, total, text, .. }), Some(agent)) =
                (&inner.progress, &inner.agent)
            {
                let agent = self.name.as_ref().unwrap_or(agent);
                report.aside(&format!("[{done}/{total}] {agent}: {text}"));
            }
        }
        if self.log.as_ref().map(|(log, _)| log) != inner.log.as_ref() {
            self.log = inner.log.clone().map(|log| (log, 0));
        }
    }
}

/// Returns what is told of an attempt; what is not known is empty.
fn keys(number: usize, told: &Inner, log: &Path) -> Value {
    fn text(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let (usage, made) = (&told.usage, told.made.as_ref());
    json!({
        "number": number + 1,
        "agent": told.agent,
        "outcome": outcome(&told.outcome),
        "message": told.reason,
        "took_ms": text(told.took.map(|took| took.as_millis())),
        "log": log.display().to_string(),
        "contestant": text(told.contestant),
        // Its project's clock is no older than this process, so the wall clock shows the same unless it was set since.
        "reset_ms": text(told.reset.map(|at| at.0)),
        "sent": text(usage.input_tokens),
        "received": text(usage.output_tokens),
        "cost_usd": text(usage.cost_usd.map(|cost| cost.0 as f64 / 1e6)),
        "checkpoint": text(made.map(|made| &made.checkpoint)),
        "files": text(made.map(|made| made.diff.files)),
        "added": text(made.map(|made| made.diff.added)),
        "removed": text(made.map(|made| made.diff.removed)),
    })
}

fn outcome(outcome: &AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Open => "open",
        AttemptOutcome::Skipped => "skipped",
        AttemptOutcome::Stopped => "stopped",
        AttemptOutcome::Succeeded => "succeeded",
        AttemptOutcome::Failed(class) => class.word(),
    }
}
