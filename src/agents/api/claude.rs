//! The Messages API of Claude.

use serde_json::{Value, json};

use super::conversation::{Request, Role};
use super::failure::Failure;
use super::reply::{Reply, Stop};
use super::said::{Around, Said};

/// The version of the API that is spoken.
pub const VERSION: &str = "2023-06-01";

/// Returns where requests go, below a base URL with or without its version.
pub fn endpoint(base: &str) -> String {
    let base = base.trim_end_matches('/');
    if base.ends_with("/v1") { format!("{base}/messages") } else { format!("{base}/v1/messages") }
}

/// Returns the body of a request; the service takes none without an output limit.
pub fn body(model: &str, request: &Request, max_output: u32) -> Value {
    let messages = request.turns.iter().map(|turn| {
        let role = match turn.role {
            Role::User => "user",
            Role::Model => "assistant",
        };
        json!({ "role": role, "content": turn.text })
    });
    let mut body = json!({
        "model": model,
        "max_tokens": max_output,
        "stream": true,
        "messages": messages.collect::<Vec<_>>(),
    });
    if !request.system.is_empty() {
        body["system"] = json!(request.system);
    }
    body
}

/// Takes one event of the stream; those that are not known change nothing.
pub fn event(reply: &mut Reply, event: &Value) -> Result<(), Failure> {
    let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "message_start" => count(reply, &event["message"]["usage"]),
        "content_block_start" => {
            if let Some(text) = event["content_block"]["text"].as_str() {
                reply.add(text)?;
            }
        }
        "content_block_delta" => {
            if let Some(text) = event["delta"]["text"].as_str() {
                reply.add(text)?;
            }
        }
        "message_delta" => {
            count(reply, &event["usage"]);
            if let Some(reason) = event["delta"]["stop_reason"].as_str() {
                reply.stop = Some(stop(reason));
            }
            let details = &event["delta"]["stop_details"];
            if let Some(words) = details["explanation"].as_str() {
                words.clone_into(&mut reply.refusal);
            }
        }
        "message_stop" => reply.complete = true,
        "error" => {
            let around = Around::default();
            let mut failure = Said::read(event).unwrap_or_default().failure(around);
            failure.tokens = reply.tokens;
            return Err(failure);
        }
        _ => {}
    }
    Ok(())
}

fn count(reply: &mut Reply, usage: &Value) {
    let number = |name: &str| usage.get(name).and_then(Value::as_u64);
    if let Some(input) = number("input_tokens") {
        let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"];
        let cached: u64 = cached.iter().filter_map(|name| number(name)).sum();
        reply.tokens.sent = input.saturating_add(cached);
    }
    if let Some(output) = number("output_tokens") {
        reply.tokens.received = output;
    }
}

fn stop(reason: &str) -> Stop {
    match reason {
        "end_turn" | "stop_sequence" => Stop::End,
        "max_tokens" => Stop::Length,
        "model_context_window_exceeded" => Stop::Context,
        "refusal" => Stop::Refused,
        other => Stop::Other(other.to_owned()),
    }
}
