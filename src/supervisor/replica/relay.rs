//! What happens in a replica, as it is told in the log of its attempt.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::verdict;
use crate::agents::api::report::Report;
use crate::core::AttemptOutcome;
use crate::core::account::Inner;
use crate::core::notice::{Notice, Severity};
use crate::core::progress::Progress;
use crate::ipc::facts::{Facts, Told, WorkstreamFacts};
use crate::supervisor::state_dir::StateDir;

/// What was told so far.
#[derive(Debug)]
pub(super) struct Relay {
    dir: StateDir,
    /// The number of the last notice.
    notice: u64,
    attempts: Vec<Inner>,
    progress: Option<Progress>,
    banner: Option<String>,
    /// The log of the agent at work, and how long it was.
    log: Option<(PathBuf, u64)>,
}

impl Relay {
    /// Begins to tell what happens in a replica that has its state here.
    pub fn new(dir: StateDir) -> Self {
        let (attempts, progress, banner, log) = (Vec::new(), None, None, None);
        Self { dir, notice: 0, attempts, progress, banner, log }
    }

    /// Tells what is new.
    pub fn tell(&mut self, facts: &Facts, report: &mut Report<'_>) {
        let Some(inner) = facts.workstreams.first() else { return };
        self.notices(facts, inner, report);
        self.attempts(inner, report);
        if facts.banner != self.banner {
            self.banner.clone_from(&facts.banner);
            if let Some(banner) = &facts.banner {
                report.note(banner);
            }
        }
        if inner.progress != self.progress {
            self.progress.clone_from(&inner.progress);
            if let (Some(Progress { done, total, text, .. }), Some(agent)) =
                (&inner.progress, &inner.agent)
            {
                report.aside(&format!("[{done}/{total}] {agent}: {text}"));
            }
        }
        if self.log.as_ref().map(|(log, _)| log) != inner.log.as_ref() {
            self.log = inner.log.clone().map(|log| (log, 0));
        }
    }

    /// Tells that the agent at work is alive, if it has written since the last time.
    pub fn pulse(&mut self, report: &mut Report<'_>) {
        let Some((log, before)) = &mut self.log else { return };
        let length = log.metadata().map_or(*before, |meta| meta.len());
        if std::mem::replace(before, length) != length {
            report.tell("alive", json!({}));
        }
    }

    fn notices(&mut self, facts: &Facts, inner: &WorkstreamFacts, report: &mut Report<'_>) {
        // Nobody in here waits for an operator: that is this attempt's failure, and told as such.
        let waits = inner.question.clone().map(|reason| Notice::Escalated { reason }.to_string());
        for Told { number, severity, text, .. } in &facts.notices {
            if *number <= self.notice {
                continue;
            }
            self.notice = *number;
            match severity {
                _ if waits.as_ref() == Some(text) => {}
                Severity::Info | Severity::Good => report.aside(text),
                Severity::Warning | Severity::Bad => report.note(text),
            }
        }
    }

    fn attempts(&mut self, inner: &WorkstreamFacts, report: &mut Report<'_>) {
        for (place, attempt) in inner.attempts.iter().enumerate() {
            let told = verdict::told(attempt);
            if self.attempts.get(place) == Some(&told) {
                continue;
            }
            let log = self.dir.run(&inner.id, attempt.id).join("out.log");
            report.tell("attempt", keys(&told, &log));
            match self.attempts.get_mut(place) {
                Some(known) => *known = told,
                None => self.attempts.push(told),
            }
        }
    }
}

fn keys(told: &Inner, log: &Path) -> serde_json::Value {
    json!({
        "number": told.number,
        "agent": told.agent,
        "outcome": outcome(&told.outcome),
        "message": told.reason,
        "took_ms": told.took.map_or_else(String::new, |took| took.as_millis().to_string()),
        "log": log.display().to_string(),
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
