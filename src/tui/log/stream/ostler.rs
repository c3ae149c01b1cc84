//! What this program's own agents tell.

use serde_json::Value;

use super::figures::{number, tokens};
use super::said::{Saying, items, text};

/// Adds what a line says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    let words = text(event, "/message");
    match text(event, "/type") {
        "start" => match text(event, "/model") {
            "" => saying.aside(words),
            model => saying.aside(&format!("{words} · {model}")),
        },
        "progress" => saying.aside(words),
        "note" | "wait" => saying.warning(words),
        // The rest of it a replica tells in words.
        "attempt" if text(event, "/outcome") == "open" => {
            let number = number(event, "/number").unwrap_or_default();
            saying.aside(&format!("log of attempt {number}: {}", text(event, "/log")));
        }
        "attempt" | "alive" => {}
        "text" => saying.speech(text(event, "/text")),
        "result" => {
            let took = tokens(number(event, "/sent"), number(event, "/received"));
            if event.get("ok") == Some(&Value::Bool(true)) {
                saying.done(words, took.as_slice());
                for file in items(event, "/files") {
                    saying.output(file.as_str().unwrap_or_default());
                }
            } else {
                saying.failed(&format!("{}: {words}", text(event, "/class")), took.as_slice());
            }
        }
        _ => return false,
    }
    true
}
