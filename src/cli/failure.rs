//! How a command fails: in words, and with an exit code that scripts can rely on.

use std::fmt;
use std::process::ExitCode;

/// What an exit code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// All is done (0).
    Done,
    /// Something failed (1).
    Failed,
    /// The configuration, the repository or the command line is wrong; nothing was started (2).
    Wrong,
    /// Escalations wait for the operator (3).
    Waiting,
    /// An agent of our own ended with this code, which `ostler agent NAME --help` explains.
    Agent(u8),
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(match code {
            Code::Done => 0,
            Code::Failed => 1,
            Code::Wrong => 2,
            Code::Waiting => 3,
            Code::Agent(code) => code,
        })
    }
}

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// What its exit code means.
    pub code: Code,
    /// What is printed; empty if all was said.
    pub text: String,
}

impl Failure {
    /// Something failed.
    pub fn failed(why: impl fmt::Display) -> Self {
        Self { code: Code::Failed, text: why.to_string() }
    }

    /// The configuration, the repository or the command line is wrong.
    pub fn wrong(why: impl fmt::Display) -> Self {
        Self { code: Code::Wrong, text: why.to_string() }
    }
}

/// What a command returns.
pub type Outcome = Result<Code, Failure>;
