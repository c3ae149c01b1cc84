//! A model's reply while it arrives.

use super::failure::{Failure, Tokens};
use crate::core::FailureClass;

/// The longest reply that is taken, in bytes.
pub const LIMIT: usize = 4 * 1024 * 1024;

/// Why a model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It had said all.
    End,
    /// It reached its output limit.
    Length,
    /// Prompt and reply together reached the end of its context.
    Context,
    /// It, or a filter, declined.
    Refused,
    /// Another reason, by the service's name for it.
    Other(String),
}

/// A model's reply, as far as it has arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// What it said.
    pub text: String,
    /// The words in which it declined.
    pub refusal: String,
    /// Why it stopped.
    pub stop: Option<Stop>,
    /// The stream ended as it should.
    pub complete: bool,
    /// What went to and fro, as the service counts it.
    pub tokens: Tokens,
}

impl Reply {
    /// Adds a piece of text.
    pub fn add(&mut self, piece: &str) -> Result<(), Failure> {
        if self.text.len() + piece.len() > LIMIT {
            let message = format!("the reply is longer than {} MiB", LIMIT / 1024 / 1024);
            return Err(Failure::new(FailureClass::InvalidResponse, message));
        }
        self.text.push_str(piece);
        Ok(())
    }

    /// Returns the reply if it is whole and means what it says.
    pub fn whole(self) -> Result<Self, Failure> {
        let failure = match &self.stop {
            _ if !self.complete => Failure::new(
                FailureClass::Network,
                "the connection ended in the middle of the reply",
            ),
            Some(Stop::Refused) => Failure::new(FailureClass::Refusal, self.declined()),
            _ if !self.refusal.is_empty() => Failure::new(FailureClass::Refusal, self.declined()),
            Some(Stop::Length) => Failure::new(
                FailureClass::OutputLimit,
                "the reply was cut off at the output limit; raise --max-output or ask for less at once",
            ),
            Some(Stop::Context) => Failure::new(
                FailureClass::ContextOverflow,
                "prompt and reply together are larger than the model's context",
            ),
            Some(Stop::Other(reason)) => Failure::new(
                FailureClass::InvalidResponse,
                format!("the model stopped for a reason that is not known here: {reason}"),
            ),
            Some(Stop::End) | None if self.text.trim().is_empty() => {
                Failure::new(FailureClass::InvalidResponse, "the reply is empty")
            }
            Some(Stop::End) | None => return Ok(self),
        };
        Err(Failure { tokens: self.tokens, ..failure })
    }

    fn declined(&self) -> String {
        let words = if self.refusal.is_empty() { &self.text } else { &self.refusal };
        let words = crate::agents::plain::clean(words.trim().as_bytes());
        match crate::agents::plain::cut(&words, 200) {
            words if words.is_empty() => "the model declined".to_owned(),
            words => format!("the model declined: {words}"),
        }
    }
}
