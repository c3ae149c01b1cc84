//! What Claude Code tells (`--output-format stream-json`).

use serde_json::Value;

use super::figures::{cost, count, number, span, tokens};
use super::said::{Saying, any_text, items, text};
use super::tool;

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    match text(event, "/type") {
        "system" => return system(event, saying),
        "assistant" => {
            for block in items(event, "/message/content") {
                said(block, saying);
            }
        }
        "user" => {
            for block in items(event, "/message/content") {
                told(block, saying);
            }
            saying.asked(text(event, "/message/content"));
        }
        "result" => result(event, saying),
        "rate_limit_event" => {
            let status = text(event, "/rate_limit_info/status");
            if !matches!(status, "" | "allowed") {
                saying.warning(&format!("rate limit: {status}"));
            }
        }
        // Pieces of what is told whole later.
        "stream_event" | "tool_progress" | "keep_alive" => {}
        _ => return false,
    }
    true
}

fn system(event: &Value, saying: &mut Saying) -> bool {
    match text(event, "/subtype") {
        "init" => {
            let session = text(event, "/session_id");
            let (model, mode) = (text(event, "/model"), text(event, "/permissionMode"));
            saying.aside(&format!("{model} · {mode} · session {session}"));
        }
        "api_retry" => {
            let words = format!(
                "API retry {}/{}, {} s: {}",
                number(event, "/attempt").unwrap_or(0),
                number(event, "/max_retries").unwrap_or(0),
                number(event, "/retry_delay_ms").unwrap_or(0).div_ceil(1000),
                text(event, "/error"),
            );
            saying.warning(&words);
        }
        "permission_denied" => {
            saying.trouble(&format!("denied: {}", text(event, "/message")));
        }
        "compact_boundary" => saying.aside("the conversation was made shorter"),
        "status" | "ui_invalidate" | "hook_started" | "hook_progress" | "hook_response" => {}
        _ => return false,
    }
    true
}

/// Adds a piece of what the model says.
fn said(block: &Value, saying: &mut Saying) {
    match text(block, "/type") {
        "text" => saying.speech(text(block, "/text")),
        "thinking" => saying.thought(text(block, "/thinking")),
        "tool_use" | "server_tool_use" => {
            let input = block.get("input").unwrap_or(&Value::Null);
            tool::call(text(block, "/name"), input, saying);
        }
        _ => {}
    }
}

/// Adds a piece of what the model is told: what a tool answered, or what it was asked.
fn told(block: &Value, saying: &mut Saying) {
    match text(block, "/type") {
        "tool_result" => {
            let answer = any_text(block.get("content").unwrap_or(&Value::Null));
            let is_error = block.get("is_error").and_then(Value::as_bool).unwrap_or(false);
            if is_error { saying.trouble(&answer) } else { saying.output(&answer) }
        }
        "text" => saying.asked(text(block, "/text")),
        _ => {}
    }
}

fn result(event: &Value, saying: &mut Saying) {
    let read = |path: &str| number(event, path);
    let input = [
        "/usage/input_tokens",
        "/usage/cache_creation_input_tokens",
        "/usage/cache_read_input_tokens",
    ];
    let input = input.iter().filter_map(|path| read(path)).reduce(|sum, more| sum + more);
    let figures: Vec<String> = [
        count(read("/num_turns"), "turn", "turns"),
        span(read("/duration_ms")),
        tokens(input, read("/usage/output_tokens")),
        cost(event.get("total_cost_usd").and_then(Value::as_f64)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if event.get("is_error").and_then(Value::as_bool).unwrap_or(false) {
        let words = [text(event, "/result"), text(event, "/subtype")];
        let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or("it failed");
        saying.failed(words, &figures);
    } else {
        // The words of its result were its last message.
        saying.done("done", &figures);
    }
}
