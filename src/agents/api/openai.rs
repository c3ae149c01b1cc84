//! The Chat Completions API of `OpenAI`, which many other servers speak too.

use serde_json::{Value, json};

use super::conversation::{Request, Role};
use super::failure::Failure;
use super::reply::{Reply, Stop};
use super::said::{Around, Said};

/// The last event of a stream.
pub const DONE: &str = "[DONE]";

/// Returns where requests go, below a base URL that ends in its version.
pub fn endpoint(base: &str) -> String {
    format!("{}/chat/completions", base.trim_end_matches('/'))
}

/// Returns the body of a request; without an output limit the server's own holds.
///
/// The service itself wants the limit under a newer name, which other servers do not know.
pub fn body(model: &str, request: &Request, max_output: Option<u32>, newer: LimitName) -> Value {
    let system = (!request.system.is_empty())
        .then(|| json!({ "role": "system", "content": request.system }));
    let turns = request.turns.iter().map(|turn| {
        let role = match turn.role {
            Role::User => "user",
            Role::Model => "assistant",
        };
        json!({ "role": role, "content": turn.text })
    });
    let mut body = json!({
        "model": model,
        "stream": true,
        "stream_options": { "include_usage": true },
        "messages": system.into_iter().chain(turns).collect::<Vec<_>>(),
    });
    if let Some(limit) = max_output {
        body[newer.key()] = json!(limit);
    }
    body
}

/// The name under which a server takes the output limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitName {
    /// `max_completion_tokens`, at the service itself.
    Newer,
    /// `max_tokens`, everywhere else.
    Older,
}

impl LimitName {
    fn key(self) -> &'static str {
        match self {
            Self::Newer => "max_completion_tokens",
            Self::Older => "max_tokens",
        }
    }
}

/// Takes one event of the stream; what is not known in it changes nothing.
pub fn event(reply: &mut Reply, event: &Value) -> Result<(), Failure> {
    if event.get("error").is_some_and(|error| !error.is_null()) {
        let mut failure = Said::read(event).unwrap_or_default().failure(Around::default());
        failure.tokens = reply.tokens;
        return Err(failure);
    }
    if let Some(usage) = event.get("usage").filter(|usage| usage.is_object()) {
        reply.tokens.sent = usage["prompt_tokens"].as_u64().unwrap_or(reply.tokens.sent);
        reply.tokens.received =
            usage["completion_tokens"].as_u64().unwrap_or(reply.tokens.received);
    }
    let choice = &event["choices"][0];
    if let Some(text) = choice["delta"]["content"].as_str() {
        reply.add(text)?;
    }
    if let Some(words) = choice["delta"]["refusal"].as_str() {
        reply.refusal.push_str(words);
    }
    if let Some(reason) = choice["finish_reason"].as_str() {
        reply.stop = Some(stop(reason));
        reply.complete = true;
    }
    Ok(())
}

fn stop(reason: &str) -> Stop {
    match reason {
        "stop" => Stop::End,
        "length" => Stop::Length,
        "content_filter" => Stop::Refused,
        other => Stop::Other(other.to_owned()),
    }
}
