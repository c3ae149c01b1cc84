//! What became of the workstreams of a supervisor within an attempt.

use std::path::PathBuf;
use std::sync::Arc;

use crate::agents::api::failure::{Failure, Tokens};
use crate::core::account::{Inner, Usage};
use crate::core::{Attempt, AttemptOutcome, FailureClass, PhaseWord};
use crate::ipc::facts::{Facts, WorkstreamFacts};

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
    /// Returns what the last agent of a workstream has done.
    pub(in crate::supervisor) fn by_the_last(
        inner: &WorkstreamFacts,
        files: Vec<String>,
        left_out: Vec<PathBuf>,
    ) -> Self {
        let last = inner.attempts.last();
        let agent = last.map_or("nobody", |attempt| attempt.agent.as_str());
        let count = changed(files.len());
        let words = match inner.attempts.len() {
            0 | 1 => format!("{agent} did it; {count}"),
            tries => format!("{agent} did it at attempt {tries} of the replica; {count}"),
        };
        Self { words, files, left_out, usage: usage([inner]) }
    }
}

/// Says how many files were changed.
pub(in crate::supervisor) fn changed(files: usize) -> String {
    match files {
        0 => "nothing was changed".to_owned(),
        1 => "1 file was changed".to_owned(),
        count => format!("{count} files were changed"),
    }
}

/// Returns what all attempts of workstreams together took.
pub(in crate::supervisor) fn usage<'a>(
    all: impl IntoIterator<Item = &'a WorkstreamFacts>,
) -> Usage {
    let attempts = all.into_iter().flat_map(|inner| &inner.attempts);
    attempts.map(|attempt| attempt.account.usage).fold(Usage::default(), Usage::and)
}

/// Returns the one workstream if it is done, or else why it is not.
pub(in crate::supervisor) fn done(facts: &Facts) -> Result<&Arc<WorkstreamFacts>, Failure> {
    let inner = facts
        .workstreams
        .first()
        .ok_or_else(|| Failure::new(FailureClass::SpawnFailed, "it has no workstream"))?;
    if inner.phase == PhaseWord::Done {
        return Ok(inner);
    }
    let question = inner.question.as_deref().unwrap_or(&inner.explain);
    Err(failure(&[inner], first_line(question)))
}

/// Says why none of these workstreams is done: by the class of the last failure, and with what became of every attempt.
pub(in crate::supervisor) fn failure(all: &[&Arc<WorkstreamFacts>], words: &str) -> Failure {
    if let Some(lost) = all.iter().find(|inner| inner.phase == PhaseWord::Lost) {
        return Failure::new(FailureClass::Lost, first_line(&lost.explain));
    }
    let mut attempts: Vec<&Attempt> = all.iter().flat_map(|inner| &inner.attempts).collect();
    attempts.sort_by_key(|attempt| attempt.ended);
    let tried: Vec<String> = attempts.iter().map(|it| told(it, None).to_string()).collect();
    let last = attempts.iter().rev().find_map(|attempt| match attempt.outcome {
        AttemptOutcome::Failed(class) => Some((class, first_line(&attempt.reason))),
        AttemptOutcome::Skipped => Some((FailureClass::ProbeFailed, first_line(&attempt.reason))),
        AttemptOutcome::Open | AttemptOutcome::Stopped | AttemptOutcome::Succeeded => None,
    });
    let failure = match last {
        Some((class, reason)) => {
            Failure::new(class, format!("{words} ({}): {reason}", tried.join(", ")))
        }
        None => Failure::new(FailureClass::SpawnFailed, words),
    };
    Failure { tokens: tokens(usage(all.iter().map(AsRef::as_ref))), ..failure }
}

/// Returns the tokens of what was taken.
pub(in crate::supervisor) fn tokens(usage: Usage) -> Tokens {
    let known = |tokens: Option<u64>| tokens.unwrap_or_default();
    Tokens { sent: known(usage.input_tokens), received: known(usage.output_tokens) }
}

/// Returns an attempt in the words in which it is told.
pub(super) fn told(attempt: &Attempt, contestant: Option<u32>) -> Inner {
    let took = attempt.started.zip(attempt.ended).map(|(from, to)| to.since(from));
    // It has ended, but what that amounts to is not decided yet.
    let took = took.filter(|_| attempt.outcome != AttemptOutcome::Open);
    // That was not the operator, as far as is known here.
    let is_ended = contestant.is_some() && attempt.outcome == AttemptOutcome::Stopped;
    let reason = if is_ended { "" } else { first_line(&attempt.reason) };
    Inner {
        number: attempt.id.0,
        agent: attempt.agent.to_string(),
        outcome: attempt.outcome.clone(),
        reason: reason.to_owned(),
        took,
        contestant,
        reset: attempt.reset.filter(|_| contestant.is_some()),
        usage: if contestant.is_some() { attempt.account.usage } else { Usage::default() },
        made: None,
    }
}

pub(in crate::supervisor) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}
