//! What a service says when it cannot serve, and the class it stands for.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::failure::{Failure, Sizes};
use super::reset::Reset;
use crate::agents::plain;
use crate::core::FailureClass;

/// A quoted message is cut after so many characters.
const QUOTE: usize = 400;

/// The error in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The error's `type`.
    pub kind: String,
    /// The error's `code`.
    pub code: String,
    /// The error's message.
    pub message: String,
}

/// What goes with an error in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The HTTP status; none for an error inside a stream.
    pub status: Option<u16>,
    /// The name of the request at the service.
    pub request_id: Option<String>,
    /// When it works again, from the answer's headers.
    pub reset: Option<Reset>,
}

/// `208310 tokens > 200000 maximum`, `maximum context length is 8192 tokens. However, your messages resulted in 10337`.
static SIZES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        r"(?P<was>[0-9]+) tokens > (?P<limit>[0-9]+) maximum",
        r"maximum context length is (?P<limit>[0-9]+) tokens.{0,80}?(?P<was>[0-9]+) tokens",
        r"request \((?P<was>[0-9]+) tokens\) exceeds the available context size \((?P<limit>[0-9]+)",
    ];
    forms.iter().filter_map(|form| Regex::new(form).ok()).collect()
});

impl Said {
    /// Reads the body of an answer, or the data of an event; none if there is no error in it.
    pub fn read(body: &Value) -> Option<Self> {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        match body.get("error") {
            Some(Value::String(message)) => {
                Some(Self { message: message.clone(), ..Self::default() })
            }
            Some(error @ Value::Object(_)) => {
                let detail = error.get("details").and_then(|details| details.get("error_code"));
                Some(Self {
                    kind: text(error.get("type")),
                    code: text(detail.or_else(|| error.get("code"))),
                    message: text(error.get("message")),
                })
            }
            _ => {
                let message = text(body.get("detail").or_else(|| body.get("message")));
                (!message.is_empty()).then(|| Self { message, ..Self::default() })
            }
        }
    }

    /// Reads the body of an answer that is no success, whatever it is made of.
    pub fn of_body(body: &[u8]) -> Self {
        let parsed = serde_json::from_slice(body).ok();
        parsed.as_ref().and_then(Self::read).unwrap_or_default()
    }

    /// Returns the failure that it stands for.
    pub fn failure(&self, around: Around) -> Failure {
        let stated = around.reset.or_else(|| Reset::of_message(&self.message));
        let class = self.class(around.status, stated.as_ref());
        let waits = matches!(
            class,
            FailureClass::RateLimit | FailureClass::Overloaded | FailureClass::Quota
        );
        let mut failure = Failure::new(class, self.words(around.status));
        failure.status = around.status;
        failure.request_id = around.request_id;
        failure.reset = stated.filter(|_| waits);
        failure.sizes = sizes(&self.message);
        failure
    }

    fn class(&self, status: Option<u16>, stated: Option<&Reset>) -> FailureClass {
        let message = self.message.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
        let is = |names: &[&str]| names.iter().any(|name| self.kind == *name || self.code == *name);
        let status = status.unwrap_or(0);
        let unpaid = says(QUOTA_WORDS) && matches!(status, 0 | 400 | 402 | 403 | 429);
        if status == 402 || is(QUOTA) || (unpaid && !matches!(stated, Some(Reset::In(_)))) {
            return FailureClass::Quota;
        }
        let too_long = says(CONTEXT_WORDS) && matches!(status, 0 | 400 | 422 | 500);
        if status == 413 || is(CONTEXT) || too_long {
            return FailureClass::ContextOverflow;
        }
        if is(&["content_filter", "content_policy_violation"]) {
            return FailureClass::Refusal;
        }
        if status == 400 && says(&["max_tokens or model output limit was reached"]) {
            return FailureClass::OutputLimit;
        }
        if matches!(status, 401 | 403) || is(AUTH) {
            return FailureClass::Auth;
        }
        if status == 429 || is(&["rate_limit_error", "rate_limit_exceeded"]) {
            return FailureClass::RateLimit;
        }
        if matches!(status, 408 | 409 | 500..) || is(BUSY) {
            return FailureClass::Overloaded;
        }
        match status {
            0 => FailureClass::InvalidResponse,
            _ => FailureClass::Config,
        }
    }

    fn words(&self, status: Option<u16>) -> String {
        let message = plain::cut(&plain::clean(self.message.as_bytes()), QUOTE);
        let what = match (status, message.is_empty()) {
            (Some(status), true) => {
                format!("the service answered with HTTP status {status} and no message")
            }
            (None, true) => "the service broke off with an error that has no message".to_owned(),
            (Some(status), false) => format!("the service answered with {status}: {message}"),
            (None, false) => format!("the service broke off: {message}"),
        };
        if (300..400).contains(&status.unwrap_or(0)) {
            return format!("{what}; it has moved: correct the base URL");
        }
        what
    }
}

const QUOTA: &[&str] = &[
    "insufficient_quota",
    "billing_error",
    "billing_not_active",
    "billing_hard_limit_reached",
    "enforced_spend_limit_reached",
];
const QUOTA_WORDS: &[&str] = &[
    "credit balance is too low",
    "you have reached your specified api usage limits",
    "you have reached your specified workspace api usage limits",
    "you exceeded your current quota",
];
const CONTEXT: &[&str] =
    &["context_length_exceeded", "request_too_large", "exceed_context_size_error"];
const CONTEXT_WORDS: &[&str] = &[
    "prompt is too long",
    "maximum context length",
    "exceed context limit",
    "exceeds the context window",
    "exceeds the available context size",
];
const AUTH: &[&str] = &["authentication_error", "permission_error", "invalid_api_key"];
const BUSY: &[&str] = &[
    "overloaded_error",
    "api_error",
    "timeout_error",
    "server_error",
    "server_is_overloaded",
    "overloaded",
];

fn sizes(message: &str) -> Option<Sizes> {
    let found = SIZES.iter().find_map(|form| form.captures(message))?;
    let number = |name: &str| found.name(name)?.as_str().parse().ok();
    Some(Sizes { was: number("was")?, limit: number("limit")? })
}
