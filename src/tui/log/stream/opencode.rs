//! What opencode tells (`opencode run --format json`).

use serde_json::Value;

use super::figures::{cost, number, tokens};
use super::said::{Saying, text};
use super::tool;

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    match text(event, "/type") {
        "step_start" => {}
        "text" => saying.speech(text(event, "/part/text")),
        "reasoning" => saying.thought(text(event, "/part/text")),
        "tool_use" => {
            let state = event.pointer("/part/state").unwrap_or(&Value::Null);
            let input = state.get("input").unwrap_or(&Value::Null);
            tool::call(text(event, "/part/tool"), input, saying);
            match text(state, "/status") {
                "error" => saying.trouble(text(state, "/error")),
                // Its answer repeats the list.
                _ if input.get("todos").is_some() => {}
                _ => saying.output(text(state, "/output")),
            }
        }
        "step_finish" => finish(event, saying),
        "error" => {
            let words = [text(event, "/error/data/message"), text(event, "/error/name")];
            saying.trouble(words.into_iter().find(|it| !it.is_empty()).unwrap_or("it failed"));
        }
        _ => return false,
    }
    true
}

fn finish(event: &Value, saying: &mut Saying) {
    let read = |path: &str| number(event, path);
    let input = ["/part/tokens/input", "/part/tokens/cache/read", "/part/tokens/cache/write"];
    let input = input.iter().filter_map(|path| read(path)).reduce(|sum, more| sum + more);
    let figures: Vec<String> = [
        tokens(input, read("/part/tokens/output")),
        cost(event.pointer("/part/cost").and_then(Value::as_f64)),
    ]
    .into_iter()
    .flatten()
    .collect();
    match text(event, "/part/reason") {
        "tool-calls" => {}
        "stop" => saying.done("done", &figures),
        reason => saying.failed(&format!("the answer ended: {reason}"), &figures),
    }
}
