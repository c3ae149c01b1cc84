//! Why the agent could not do its work, and what its exit code says of it.

use serde_json::{Map, Value, json};

use super::reset::Reset;
use crate::core::FailureClass;

/// Why the agent could not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The kind of failure.
    pub class: FailureClass,
    /// What failed and what to do about it, for people.
    pub message: String,
    /// The HTTP status of the answer, if there was one.
    pub status: Option<u16>,
    /// The name under which the service knows the request.
    pub request_id: Option<String>,
    /// When the service said that it will work again.
    pub reset: Option<Reset>,
    /// How large the service says the prompt was and may be, in tokens.
    pub sizes: Option<Sizes>,
    /// What the service charged for all the same, in tokens.
    pub tokens: Tokens,
}

/// How large a prompt was, and how large it may be, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// How large it was.
    pub was: u64,
    /// The largest that the model takes.
    pub limit: u64,
}

/// Tokens that went to a model and came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens that were sent.
    pub sent: u64,
    /// Tokens that were received.
    pub received: u64,
}

impl std::ops::AddAssign for Tokens {
    fn add_assign(&mut self, more: Self) {
        self.sent = self.sent.saturating_add(more.sent);
        self.received = self.received.saturating_add(more.received);
    }
}

impl Failure {
    /// A failure of a class, with nothing else known of it.
    pub fn new(class: FailureClass, message: impl Into<String>) -> Self {
        Self {
            class,
            message: message.into(),
            status: None,
            request_id: None,
            reset: None,
            sizes: None,
            tokens: Tokens::default(),
        }
    }

    /// Returns the exit code of a program that ends with this failure.
    pub fn exit_code(&self) -> u8 {
        exit_code(self.class)
    }

    /// Returns the keys of the line that tells of it.
    pub fn line(&self) -> Map<String, Value> {
        let mut line = Map::new();
        line.insert("class".to_owned(), json!(self.class.word()));
        line.insert("message".to_owned(), json!(self.message));
        if let Some(status) = self.status {
            line.insert("status".to_owned(), json!(status));
        }
        if let Some(id) = &self.request_id {
            line.insert("request_id".to_owned(), json!(id));
        }
        match &self.reset {
            None => {}
            Some(Reset::In(span)) => {
                line.insert("reset_s".to_owned(), json!(span.as_secs_f64()));
            }
            Some(Reset::At(text)) => {
                line.insert("reset_at".to_owned(), json!(text));
            }
        }
        line
    }
}

/// Returns the exit code that stands for a class: 0 is no failure, 1 is one without a code of its own.
///
/// 2 config, 10 auth, 11 rate limit, 12 quota, 13 overloaded, 14 network, 15 context overflow, 16 invalid response,
/// 17 output limit, 18 refusal, 19 resources, 20 worktree lost.
pub fn exit_code(class: FailureClass) -> u8 {
    match class {
        FailureClass::Config => 2,
        FailureClass::Auth => 10,
        FailureClass::RateLimit => 11,
        FailureClass::Quota => 12,
        FailureClass::Overloaded => 13,
        FailureClass::Network => 14,
        FailureClass::ContextOverflow => 15,
        FailureClass::InvalidResponse => 16,
        FailureClass::OutputLimit => 17,
        FailureClass::Refusal => 18,
        FailureClass::Resources => 19,
        FailureClass::WorktreeLost => 20,
        FailureClass::NoMajority => 21,
        _ => 1,
    }
}
