//! Why an attempt failed.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+) => {
        /// Why an attempt failed. Being stopped by the operator is not a failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum FailureClass {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl FailureClass {
            /// Every class, in the order in which documents list them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the word used in configuration, journals and on screens.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Returns what the class means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc,)+).trim_ascii(),)+
                }
            }
        }
    };
}

classes! {
    /// The program is missing or could not be started.
    SpawnFailed = "spawn_failed",
    /// The agent said before the start that it cannot work now.
    ProbeFailed = "probe_failed",
    /// The key or the login was refused.
    Auth = "auth",
    /// Too many requests; it ends by itself, at the stated time if one was stated.
    RateLimit = "rate_limit",
    /// Nothing left on the account; only a person can end it.
    Quota = "quota",
    /// The service is there but cannot serve (5xx, 529).
    Overloaded = "overloaded",
    /// The service could not be reached.
    Network = "network",
    /// The prompt is larger than the model takes.
    ContextOverflow = "context_overflow",
    /// The reply could not be used.
    InvalidResponse = "invalid_response",
    /// The reply was cut at the model's output limit.
    OutputLimit = "output_limit",
    /// The model declined.
    Refusal = "refusal",
    /// A permission flag is missing.
    Denied = "denied",
    /// The agent's own limit on turns or money was reached.
    Budget = "budget",
    /// A model, option or setting is wrong.
    Config = "config",
    /// The hard timeout ended it.
    HardTimeout = "hard_timeout",
    /// It showed no progress for too long.
    IdleTimeout = "idle_timeout",
    /// A signal that nobody here sent ended it.
    Crashed = "crashed",
    /// It exited with a code other than 0 and gave no known reason.
    ExitCode = "exit_code",
    /// The check said no.
    CheckFailed = "check_failed",
    /// The check did not end in its time.
    CheckTimedOut = "check_timed_out",
    /// The results of a vote differ, and none was made by more than half.
    NoMajority = "no_majority",
    /// It ended without an error and without changing anything.
    NoChange = "no_change",
    /// The machine lacked something that passes: room on the disk, memory, processes, a lock of the repository.
    Resources = "resources",
    /// The worktree is gone or unreadable.
    WorktreeLost = "worktree_lost",
    /// The process that kept the attempt died; how the agent ended is not known.
    KeeperLost = "keeper_lost",
    /// The machine went down, or nobody could see how it ended.
    Interrupted = "interrupted",
    /// Processes survived KILL.
    Lost = "lost",
}

impl FailureClass {
    /// Says whether an agent that fails in this way cannot reach or use its service, and so cannot do other work now either.
    pub fn is_of_the_service(self) -> bool {
        match self {
            Self::Auth | Self::RateLimit | Self::Quota | Self::Overloaded | Self::Network => true,
            Self::SpawnFailed
            | Self::ProbeFailed
            | Self::ContextOverflow
            | Self::InvalidResponse
            | Self::OutputLimit
            | Self::Refusal
            | Self::Denied
            | Self::Budget
            | Self::Config
            | Self::HardTimeout
            | Self::IdleTimeout
            | Self::Crashed
            | Self::ExitCode
            | Self::CheckFailed
            | Self::CheckTimedOut
            | Self::NoMajority
            | Self::NoChange
            | Self::Resources
            | Self::WorktreeLost
            | Self::KeeperLost
            | Self::Interrupted
            | Self::Lost => false,
        }
    }

    /// Says whether a machine that is short of something may be what made an attempt fail in this way.
    pub fn may_come_from_lack(self) -> bool {
        match self {
            Self::SpawnFailed
            | Self::InvalidResponse
            | Self::Crashed
            | Self::ExitCode
            | Self::CheckFailed
            | Self::NoChange
            | Self::WorktreeLost => true,
            Self::ProbeFailed
            | Self::Auth
            | Self::RateLimit
            | Self::Quota
            | Self::Overloaded
            | Self::Network
            | Self::ContextOverflow
            | Self::OutputLimit
            | Self::Refusal
            | Self::Denied
            | Self::Budget
            | Self::Config
            | Self::HardTimeout
            | Self::IdleTimeout
            | Self::CheckTimedOut
            | Self::NoMajority
            | Self::Resources
            | Self::KeeperLost
            | Self::Interrupted
            | Self::Lost => false,
        }
    }

    /// Says whether the machine, or who looks after it, is what an attempt failed for.
    pub fn is_of_machine(self) -> bool {
        matches!(
            self,
            Self::Resources
                | Self::WorktreeLost
                | Self::KeeperLost
                | Self::Interrupted
                | Self::Lost
        )
    }

    /// Says whether the cause lies outside of all agents, so that any of them may meet it.
    pub fn comes_from_outside(self) -> bool {
        matches!(self, Self::Network | Self::Overloaded)
    }

    /// Says whether another workstream would probably fare no better with the same agent.
    pub fn blames_agent(self) -> bool {
        match self {
            Self::SpawnFailed
            | Self::ProbeFailed
            | Self::Auth
            | Self::RateLimit
            | Self::Quota
            | Self::Overloaded
            | Self::Network
            | Self::InvalidResponse
            | Self::Denied
            | Self::Budget
            | Self::Config
            | Self::HardTimeout
            | Self::IdleTimeout
            | Self::Crashed
            | Self::ExitCode
            | Self::NoChange => true,
            Self::ContextOverflow
            | Self::OutputLimit
            | Self::Refusal
            | Self::CheckFailed
            | Self::CheckTimedOut
            | Self::NoMajority
            | Self::Resources
            | Self::WorktreeLost
            | Self::KeeperLost
            | Self::Interrupted
            | Self::Lost => false,
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
