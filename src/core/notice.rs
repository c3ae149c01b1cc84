//! Facts worth telling: a line each in the headless output, a toast on the screen.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::FailureClass;
use super::contest::Contending;
use super::id::{AgentName, AttemptId};
use super::phase_word::PhaseWord;
use super::time::{clock, millis};
use super::transfer::Transfer;
use super::verdict::{DiffSize, Tree};

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something went well and is over.
    Good,
    /// Something should be looked at.
    Warning,
    /// Something failed, or waits for the operator.
    Bad,
}

/// A fact worth telling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it; the sentences are in `Display`")]
pub enum Notice {
    Prepared {
        worktree: String,
        branch: String,
    },
    Started {
        attempt: AttemptId,
        agent: AgentName,
        tier: usize,
        /// How long nobody was at work, if it takes over.
        after: Option<Duration>,
    },
    Skipped {
        agent: AgentName,
        reason: String,
    },
    LeftOut {
        what: Contending,
        agent: AgentName,
        why: String,
    },
    Slow {
        agent: AgentName,
        #[serde(with = "millis")]
        after: Duration,
    },
    TimedOut {
        agent: AgentName,
        class: FailureClass,
        #[serde(with = "millis")]
        after: Duration,
    },
    Hopeless {
        agent: AgentName,
        class: FailureClass,
        text: String,
    },
    Stopping {
        agent: AgentName,
    },
    Killing {
        agent: AgentName,
    },
    Ended {
        attempt: AttemptId,
        tree: Tree,
    },
    Failed {
        attempt: AttemptId,
        agent: AgentName,
        class: FailureClass,
        reason: String,
    },
    Saved {
        attempt: AttemptId,
        diff: DiffSize,
    },
    NotSaved {
        attempt: AttemptId,
        error: String,
    },
    Checking {
        attempt: AttemptId,
    },
    CheckPassed {
        attempt: AttemptId,
    },
    Waiting {
        agent: AgentName,
        #[serde(with = "millis")]
        wait: Duration,
        stated: bool,
    },
    FellBack {
        from: AgentName,
        to: AgentName,
        class: FailureClass,
    },
    NotWarm {
        agent: AgentName,
        reason: String,
    },
    Transferred {
        attempt: AttemptId,
        transfer: Transfer,
    },
    Arranged {
        chain: String,
    },
    Remark {
        agent: AgentName,
        text: String,
    },
    NeedsYou {
        agent: AgentName,
        text: String,
    },
    Escalated {
        reason: String,
    },
    Done {
        how: String,
    },
    GaveUp {
        reason: String,
    },
    Stopped,
    Lost {
        left: Option<u32>,
    },
    Extended {
        #[serde(with = "millis")]
        by: Duration,
    },
    Undone {
        what: String,
        phase: PhaseWord,
    },
    Refused {
        what: String,
        why: String,
    },
}

impl Notice {
    /// Returns how much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Done { .. } | Self::CheckPassed { .. } => Severity::Good,
            Self::Skipped { .. }
            | Self::LeftOut { .. }
            | Self::Slow { .. }
            | Self::TimedOut { .. }
            | Self::Hopeless { .. }
            | Self::Killing { .. }
            | Self::Waiting { .. }
            | Self::FellBack { .. }
            | Self::NotWarm { .. }
            | Self::NotSaved { .. }
            | Self::Remark { .. }
            | Self::NeedsYou { .. }
            | Self::Refused { .. } => Severity::Warning,
            Self::Failed { .. }
            | Self::Escalated { .. }
            | Self::GaveUp { .. }
            | Self::Lost { .. } => Severity::Bad,
            Self::Prepared { .. }
            | Self::Started { .. }
            | Self::Stopping { .. }
            | Self::Ended { .. }
            | Self::Saved { .. }
            | Self::Checking { .. }
            | Self::Stopped
            | Self::Arranged { .. }
            | Self::Transferred { .. }
            | Self::Undone { .. }
            | Self::Extended { .. } => Severity::Info,
        }
    }
}

/// Writes one line, whatever the reasons it was given.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prepared { worktree, branch } => write!(f, "worktree {worktree} on {branch}"),
            Self::Started { attempt, agent, tier, after } => {
                let after = after.map(|it| format!(", {} after the last one ended", clock(it)));
                let (tier, after) = (tier + 1, after.unwrap_or_default());
                write!(f, "attempt {attempt}: {agent} started (tier {tier}){after}")
            }
            Self::Skipped { agent, reason } => {
                write!(f, "{agent} skipped: {}", first_line(reason))
            }
            Self::LeftOut { what, agent, why } => {
                write!(f, "{agent} is left out of the {}: {}", what.word(), first_line(why))
            }
            Self::Slow { agent, after } => {
                write!(f, "{agent} is slow: {} and still running", clock(*after))
            }
            Self::TimedOut { agent, class, after } => {
                write!(f, "{agent} is ended after {} ({class})", clock(*after))
            }
            Self::Hopeless { agent, class, text } => {
                let text = first_line(text);
                write!(f, "{agent} is ended, it would not end by itself ({class}): {text}")
            }
            Self::Stopping { agent } => write!(f, "stopping {agent}: TERM"),
            Self::Killing { agent } => write!(f, "stopping {agent}: KILL"),
            Self::Ended { attempt, tree } => write!(
                f,
                "attempt {attempt}: {} ended, {} left",
                plural(tree.ended, "process", "processes"),
                tree.left
            ),
            Self::Failed { attempt, agent, class, reason } => {
                write!(f, "attempt {attempt}: {agent} failed ({class}): {}", first_line(reason))
            }
            Self::Saved { attempt, diff } => {
                write!(f, "attempt {attempt}: saved, {}", changed(*diff))
            }
            Self::NotSaved { attempt, error } => {
                write!(f, "attempt {attempt}: the checkpoint failed: {}", first_line(error))
            }
            Self::Checking { attempt } => write!(f, "attempt {attempt}: checking"),
            Self::CheckPassed { attempt } => write!(f, "attempt {attempt}: check passed"),
            Self::Waiting { agent, wait, stated } => {
                let why = if *stated { " as stated" } else { "" };
                write!(f, "{agent} again in {}{why}", clock(rounded(*wait)))
            }
            Self::FellBack { from, to, class } => {
                write!(f, "falling back from {from} to {to} ({class})")
            }
            Self::NotWarm { agent, reason } => {
                write!(f, "{agent}, which would take over, cannot work: {}", first_line(reason))
            }
            Self::Transferred { attempt, transfer } => write!(f, "attempt {attempt}: {transfer}"),
            Self::Arranged { chain } => {
                write!(f, "its chain is now {chain}, by how they have been doing")
            }
            Self::Remark { agent, text } if text.contains(agent.as_str()) => f.write_str(text),
            Self::Remark { agent, text } => write!(f, "{agent}: {text}"),
            Self::NeedsYou { agent, text } => write!(f, "{agent} needs you: {}", first_line(text)),
            Self::Escalated { reason } => {
                write!(f, "waits for you: {}", first_line(reason))
            }
            Self::Done { how } => write!(f, "done: {how}"),
            Self::GaveUp { reason } => write!(f, "failed: {}", first_line(reason)),
            Self::Stopped => f.write_str("stopped"),
            Self::Lost { left } => {
                let who = left.map(|left| plural(left, "process", "processes"));
                let who = who.as_deref().unwrap_or("its processes");
                write!(f, "lost: {who} may still run; nothing starts here until that is settled")
            }
            Self::Extended { by } => write!(f, "timeouts moved by {}", clock(*by)),
            Self::Undone { what, phase: PhaseWord::Running } => {
                write!(f, "undone: {what}; its timeouts are as they were")
            }
            Self::Undone { what, phase: PhaseWord::Escalated } => {
                write!(f, "undone: {what}; it waits for you again")
            }
            Self::Undone { what, phase } => write!(f, "undone: {what}; it is {phase} again"),
            Self::Refused { what, why } => write!(f, "{what}: {why}"),
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

fn changed(diff: DiffSize) -> String {
    if diff == DiffSize::default() {
        return "nothing changed".to_owned();
    }
    let files = plural(diff.files, "file", "files");
    format!("{files} changed (+{} −{})", diff.added, diff.removed)
}

/// Rounds a wait of some length to whole seconds, so that 5.9 s is not called 5 s.
fn rounded(wait: Duration) -> Duration {
    if wait < Duration::from_secs(2) { wait } else { wait + Duration::from_millis(500) }
}

fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
