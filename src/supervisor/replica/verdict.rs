//! What became of a replica's workstream.

use std::path::PathBuf;
use std::sync::Arc;

use crate::agents::api::failure::{Failure, Tokens};
use crate::core::account::{Inner, Usage};
use crate::core::{Attempt, AttemptOutcome, FailureClass, PhaseWord};
use crate::ipc::facts::{Facts, WorkstreamFacts};
use crate::worktree::ChangedFile;

/// What was done, and what that took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Who did it.
    pub words: String,
    /// The files that were changed.
    pub files: Vec<String>,
    /// What is not brought home, since no checkpoint can hold it.
    pub left_out: Vec<PathBuf>,
    /// What all attempts together took.
    pub usage: Usage,
}

impl Done {
    pub(super) fn new(
        inner: &WorkstreamFacts,
        files: &[ChangedFile],
        left_out: Vec<PathBuf>,
    ) -> Self {
        let files: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
        let last = inner.attempts.last();
        let agent = last.map_or("nobody", |attempt| attempt.agent.as_str());
        let count = match files.len() {
            0 => "nothing was changed".to_owned(),
            1 => "1 file was changed".to_owned(),
            count => format!("{count} files were changed"),
        };
        let words = match inner.attempts.len() {
            0 | 1 => format!("{agent} did it; {count}"),
            tries => format!("{agent} did it at attempt {tries} of the replica; {count}"),
        };
        Self { words, files, left_out, usage: usage(inner) }
    }
}

/// Returns what all attempts of a workstream together took.
fn usage(inner: &WorkstreamFacts) -> Usage {
    let each = inner.attempts.iter().map(|attempt| attempt.account.usage);
    each.fold(Usage::default(), Usage::and)
}

/// Returns the replica's workstream if it is done, or else why it is not.
pub(super) fn done(facts: &Facts) -> Result<&Arc<WorkstreamFacts>, Failure> {
    let inner = facts
        .workstreams
        .first()
        .ok_or_else(|| Failure::new(FailureClass::SpawnFailed, "the replica has no workstream"))?;
    match inner.phase {
        PhaseWord::Done => Ok(inner),
        PhaseWord::Lost => Err(Failure::new(FailureClass::Lost, first_line(&inner.explain))),
        _other => Err(failure(inner)),
    }
}

/// Says why a workstream is not done: by the class of its last failure, and with what became of every attempt.
fn failure(inner: &WorkstreamFacts) -> Failure {
    let question = inner.question.as_deref().unwrap_or(&inner.explain);
    let tried: Vec<String> = inner.attempts.iter().map(|it| told(it).to_string()).collect();
    let last = inner.attempts.iter().rev().find_map(|attempt| match attempt.outcome {
        AttemptOutcome::Failed(class) => Some((class, first_line(&attempt.reason))),
        AttemptOutcome::Skipped => Some((FailureClass::ProbeFailed, first_line(&attempt.reason))),
        AttemptOutcome::Open | AttemptOutcome::Stopped | AttemptOutcome::Succeeded => None,
    });
    let usage = usage(inner);
    let known = |tokens: Option<u64>| tokens.unwrap_or_default();
    let tokens = Tokens { sent: known(usage.input_tokens), received: known(usage.output_tokens) };
    let failure = match last {
        Some((class, reason)) => {
            let words = format!("{} ({}): {reason}", first_line(question), tried.join(", "));
            Failure::new(class, words)
        }
        None => Failure::new(FailureClass::SpawnFailed, first_line(question)),
    };
    Failure { tokens, ..failure }
}

/// Returns an attempt in the words in which it is told.
pub(super) fn told(attempt: &Attempt) -> Inner {
    let took = attempt.started.zip(attempt.ended).map(|(from, to)| to.since(from));
    // It has ended, but what that amounts to is not decided yet.
    let took = took.filter(|_| attempt.outcome != AttemptOutcome::Open);
    Inner {
        number: attempt.id.0,
        agent: attempt.agent.to_string(),
        outcome: attempt.outcome.clone(),
        reason: first_line(&attempt.reason).to_owned(),
        took,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}
