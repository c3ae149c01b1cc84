//! What Goose tells (`goose run --output-format stream-json`).

use serde_json::Value;

use super::figures::{cost, number, tokens};
use super::said::{Saying, any_text, items, text};
use super::tool;

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    match text(event, "/type") {
        "message" => {
            for block in items(event, "/message/content") {
                said(text(event, "/message/role"), block, saying);
            }
        }
        "notification" => {
            let words = [text(event, "/log/message"), text(event, "/progress/message")];
            saying.aside(words.into_iter().find(|it| !it.is_empty()).unwrap_or_default());
        }
        "error" => saying.trouble(text(event, "/error")),
        "complete" => {
            let read = |path: &str| number(event, path);
            let (input, output) = (read("/input_tokens"), read("/output_tokens"));
            let took = tokens(input, output).or_else(|| tokens(read("/total_tokens"), None));
            let price = cost(event.get("cost_usd").and_then(Value::as_f64));
            saying.done("done", &[took, price].into_iter().flatten().collect::<Vec<_>>());
        }
        _ => return false,
    }
    true
}

fn said(role: &str, block: &Value, saying: &mut Saying) {
    match (text(block, "/type"), role) {
        ("text", "user") => saying.asked(text(block, "/text")),
        ("text", _) => saying.speech(text(block, "/text")),
        ("thinking" | "reasoning", _) => {
            let words = [text(block, "/thinking"), text(block, "/text")];
            saying.thought(words.into_iter().find(|it| !it.is_empty()).unwrap_or_default());
        }
        ("toolRequest", _) => {
            let call = block.pointer("/toolCall/value").unwrap_or(&Value::Null);
            let arguments = call.get("arguments").unwrap_or(&Value::Null);
            tool::call(text(call, "/name"), arguments, saying);
        }
        ("toolResponse", _) => {
            let error = text(block, "/toolResult/error");
            if !error.is_empty() {
                saying.trouble(error);
                return;
            }
            let value = block.pointer("/toolResult/value").unwrap_or(&Value::Null);
            saying.output(&any_text(value.get("content").unwrap_or(value)));
        }
        _ => {}
    }
}
