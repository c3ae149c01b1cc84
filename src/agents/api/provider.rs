//! The services that can be asked.

use serde_json::Value;

use super::conversation::Request;
use super::failure::Failure;
use super::openai::LimitName;
use super::reply::Reply;
use super::settings::Settings;
use super::{claude, openai};

/// A service, or a form of it that others offer too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The Claude API.
    Claude,
    /// The `OpenAI` API, or any server that is compatible with it.
    OpenAi,
}

impl Provider {
    /// Returns the name of the agent that asks it.
    pub fn agent(self) -> &'static str {
        match self {
            Self::Claude => "claude-api",
            Self::OpenAi => "openai-api",
        }
    }

    /// Returns the variable that holds the key unless another is named.
    pub fn key_variable(self) -> &'static str {
        match self {
            Self::Claude => "ANTHROPIC_API_KEY",
            Self::OpenAi => "OPENAI_API_KEY",
        }
    }

    /// Returns the variables that may hold the base URL, the first one that is set counts.
    pub fn base_variables(self) -> &'static [&'static str] {
        match self {
            Self::Claude => &["ANTHROPIC_BASE_URL"],
            Self::OpenAi => &["OPENAI_BASE_URL", "OPENAI_API_BASE"],
        }
    }

    /// Returns the variable that may hold the model.
    pub fn model_variable(self) -> &'static str {
        match self {
            Self::Claude => "ANTHROPIC_MODEL",
            Self::OpenAi => "OPENAI_MODEL",
        }
    }

    /// Returns the service's own base URL.
    pub fn base(self) -> &'static str {
        match self {
            Self::Claude => "https://api.anthropic.com",
            Self::OpenAi => "https://api.openai.com/v1",
        }
    }

    /// Returns the context that is assumed unless another is given, in tokens.
    pub fn context(self) -> u64 {
        match self {
            Self::Claude => 200_000,
            Self::OpenAi => 128_000,
        }
    }

    /// Returns the room that a reply is given in the context unless another is given, in tokens.
    pub fn output(self) -> u32 {
        match self {
            Self::Claude => 32_000,
            Self::OpenAi => 16_000,
        }
    }

    /// Returns where requests go.
    pub fn endpoint(self, base: &str) -> String {
        match self {
            Self::Claude => claude::endpoint(base),
            Self::OpenAi => openai::endpoint(base),
        }
    }

    /// Returns the header that carries the key.
    pub fn authorization(self, key: &str) -> (&'static str, String) {
        match self {
            Self::Claude => ("x-api-key", key.to_owned()),
            Self::OpenAi => ("authorization", format!("Bearer {key}")),
        }
    }

    /// Returns the headers that every request has.
    pub fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Claude => &[("anthropic-version", claude::VERSION)],
            Self::OpenAi => &[],
        }
    }

    /// Returns the body of a request.
    pub fn body(self, settings: &Settings, request: &Request) -> Value {
        match self {
            Self::Claude => {
                let limit = settings.max_output.unwrap_or_else(|| self.output());
                claude::body(&settings.model, request, limit)
            }
            Self::OpenAi => {
                let own = settings.base_url == self.base();
                let name = if own { LimitName::Newer } else { LimitName::Older };
                openai::body(&settings.model, request, settings.max_output, name)
            }
        }
    }

    /// Takes the data of one event of the stream.
    ///
    /// Data that is no JSON is an error: half an event means that the rest cannot be trusted either.
    pub fn event(self, reply: &mut Reply, data: &str) -> Result<(), Failure> {
        if self == Self::OpenAi && data.trim() == openai::DONE {
            return Ok(());
        }
        let event: Value = serde_json::from_str(data).map_err(|error| Failure {
            tokens: reply.tokens,
            ..Failure::new(
                crate::core::FailureClass::InvalidResponse,
                format!("an event of the stream is no JSON: {error}"),
            )
        })?;
        match self {
            Self::Claude => claude::event(reply, &event),
            Self::OpenAi => openai::event(reply, &event),
        }
    }
}
