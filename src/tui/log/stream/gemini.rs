//! What Gemini CLI tells (`--output-format stream-json`).

use serde_json::Value;

use super::figures::{count, number, span, tokens};
use super::said::{Saying, text};
use super::tool;

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    match text(event, "/type") {
        "init" => {
            let (model, session) = (text(event, "/model"), text(event, "/session_id"));
            saying.aside(&format!("{model} · session {session}"));
        }
        "message" => match text(event, "/role") {
            "user" => saying.asked(text(event, "/content")),
            _ => saying.speech(text(event, "/content")),
        },
        "tool_use" => {
            let arguments = event.get("parameters").unwrap_or(&Value::Null);
            tool::call(text(event, "/tool_name"), arguments, saying);
        }
        "tool_result" => {
            if text(event, "/status") == "error" {
                let words = [text(event, "/error/message"), text(event, "/output"), "it failed"];
                saying.trouble(words.into_iter().find(|it| !it.is_empty()).unwrap_or_default());
            } else {
                saying.output(text(event, "/output"));
            }
        }
        "error" => match text(event, "/severity") {
            "warning" => saying.warning(text(event, "/message")),
            _ => saying.trouble(text(event, "/message")),
        },
        "result" => result(event, saying),
        _ => return false,
    }
    true
}

fn result(event: &Value, saying: &mut Saying) {
    let read = |path: &str| number(event, path);
    let figures: Vec<String> = [
        count(read("/stats/tool_calls"), "tool call", "tool calls"),
        span(read("/stats/duration_ms")),
        tokens(read("/stats/input_tokens"), read("/stats/output_tokens")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if text(event, "/status") == "success" {
        saying.done("done", &figures);
    } else {
        let words = text(event, "/error/message");
        saying.failed(if words.is_empty() { "it failed" } else { words }, &figures);
    }
}
