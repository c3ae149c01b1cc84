//! What a tier may take and what is done when it fails.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::id::AgentName;
use super::time::{millis, opt_millis};

/// How long an attempt may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeouts {
    /// Warn the operator after this long.
    #[serde(with = "opt_millis")]
    pub soft: Option<Duration>,
    /// End the attempt after this long.
    #[serde(with = "millis")]
    pub hard: Duration,
    /// End the attempt after this long without evidence of progress.
    #[serde(with = "opt_millis")]
    pub idle: Option<Duration>,
}

/// How the wait between retries grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// No wait.
    None,
    /// The delay times the number of failures.
    Linear,
    /// The delay doubled with each failure.
    Exponential,
}

/// How often a tier is tried again and how long it waits in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// Attempts after the first one.
    pub max: u32,
    /// How the wait grows.
    pub backoff: Growth,
    /// The first wait.
    #[serde(with = "millis")]
    pub delay: Duration,
    /// No wait is longer.
    #[serde(with = "millis")]
    pub max_delay: Duration,
    /// The share of a wait, in percent, that chance may take away, so that workstreams do not come back all at once.
    pub jitter: u8,
}

/// What a retry starts from and is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryMode {
    /// The worktree as it is, the same prompt.
    #[default]
    Plain,
    /// The worktree as it was before the first attempt.
    Clean,
    /// The worktree as it is, with what went wrong told to the agent.
    Feedback,
    /// With fewer files and tasks.
    Simpler,
    /// With the hand-off cut to so many percent of the agent's context.
    Compact(u8),
    /// No agent works: the operator has chosen what one of several made, and the check decides about that.
    Take,
}

/// One answer to a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Try the same tier again, `times` times (the tier's own maximum if none is given).
    Retry {
        /// How often.
        times: Option<u32>,
        /// With what.
        mode: RetryMode,
    },
    /// Try the same tier again once, after the stated reset time or else after this long.
    Backoff(#[serde(with = "millis")] Duration),
    /// Fall back to the next tier.
    Next,
    /// Fall back to the tier of this agent.
    Goto(AgentName),
    /// Ask a person.
    Escalate,
    /// Give up.
    Fail,
}

/// Failure class → responses, one per occurrence at a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Responses(pub BTreeMap<FailureClass, Vec<Response>>);

impl Responses {
    /// Returns the response to the `occurrence`-th failure (from 0) of this class at one tier.
    ///
    /// The last response stays, but a retry never does: when the list ends in one, falling back follows it, so the
    /// attempts of a tier are bounded.
    pub fn to(&self, class: FailureClass, occurrence: u32, retry: &RetryPolicy) -> Response {
        let mut left = occurrence;
        let list = self.0.get(&class).map_or(&[][..], Vec::as_slice);
        for response in list {
            let span = match response {
                Response::Retry { times, .. } => times.unwrap_or(retry.max),
                Response::Backoff(_)
                | Response::Next
                | Response::Goto(_)
                | Response::Escalate
                | Response::Fail => 1,
            };
            if left < span {
                return response.clone();
            }
            left -= span;
        }
        match list.last() {
            None | Some(Response::Retry { .. } | Response::Backoff(_)) => Response::Next,
            Some(stays) => stays.clone(),
        }
    }
}
