//! What Copilot tells (`--output-format json`).

use serde_json::Value;

use super::figures::{count, number, span};
use super::said::{Saying, any_text, text};
use super::tool;

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    let kind = text(event, "/type");
    match kind {
        "session.tools_updated" => saying.aside(text(event, "/data/model")),
        "session.info" => info(event, saying),
        "session.error" => saying.trouble(text(event, "/data/message")),
        "session.warning" => saying.warning(text(event, "/data/message")),
        "user.message" => saying.asked(text(event, "/data/content")),
        "assistant.message" => saying.speech(text(event, "/data/content")),
        "assistant.reasoning" => saying.thought(text(event, "/data/content")),
        "assistant.turn_retry" => {
            saying.warning(&format!("API retry: {}", text(event, "/data/reason")));
        }
        "model.call_failure" => {
            let status = number(event, "/data/statusCode").unwrap_or(0);
            saying.warning(&format!("the service answered {status}"));
        }
        "tool.execution_start" => {
            let arguments = event.pointer("/data/arguments").unwrap_or(&Value::Null);
            tool::call(text(event, "/data/toolName"), arguments, saying);
        }
        "tool.execution_complete" => {
            let error = text(event, "/data/error/message");
            if error.is_empty() {
                saying.output(&any_text(
                    event.pointer("/data/result/content").unwrap_or(&Value::Null),
                ));
            } else {
                saying.trouble(error);
            }
        }
        "abort" => saying.warning(&format!("interrupted: {}", text(event, "/data/reason"))),
        "result" => result(event, saying),
        // Pieces of what is told whole later, and what is of no use to a reader.
        _ => {
            return ["assistant.", "model.", "session.", "tool.", "agent.", "hook."]
                .iter()
                .any(|family| kind.starts_with(family));
        }
    }
    true
}

fn info(event: &Value, saying: &mut Saying) {
    match text(event, "/data/infoType") {
        // The tool that did it, and the retry, are told already.
        "file_created" | "file_edited" | "model_retry" => {}
        _ => saying.aside(text(event, "/data/message")),
    }
}

fn result(event: &Value, saying: &mut Saying) {
    let read = |path: &str| number(event, path);
    let change = read("/usage/codeChanges/linesAdded").map(|added| {
        let removed = read("/usage/codeChanges/linesRemoved").unwrap_or(0);
        format!("+{added} −{removed}")
    });
    let requests = read("/usage/premiumRequests").filter(|requests| *requests > 0);
    let figures: Vec<String> = [
        change,
        span(read("/usage/sessionDurationMs")),
        count(requests, "premium request", "premium requests"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match event.get("exitCode").and_then(Value::as_i64) {
        Some(0) => saying.done("done", &figures),
        Some(code) => saying.failed(&format!("exit {code}"), &figures),
        None => saying.failed("it ended", &figures),
    }
}
