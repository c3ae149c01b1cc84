//! What Codex tells (`codex exec --json`).

use serde_json::Value;

use super::figures::{number, tokens};
use super::said::{Saying, any_text, items, text};
use super::{list, tool};

/// Adds what an event says; returns whether it is of a known kind.
pub(super) fn say(event: &Value, saying: &mut Saying) -> bool {
    let item = event.get("item").unwrap_or(&Value::Null);
    match text(event, "/type") {
        "thread.started" => saying.aside(&format!("session {}", text(event, "/thread_id"))),
        "turn.started" => {}
        "item.started" => return begun(item, saying),
        "item.updated" => {
            if text(item, "/type") == "todo_list" {
                return begun(item, saying);
            }
        }
        "item.completed" => return completed(item, saying),
        "turn.completed" => {
            let read = |path: &str| number(event, path);
            let took = tokens(read("/usage/input_tokens"), read("/usage/output_tokens"));
            saying.done("done", took.as_slice());
        }
        "turn.failed" => saying.trouble(text(event, "/error/message")),
        "error" => {
            // It may go on; if it does not, the end of its turn says so.
            saying.warning(text(event, "/message"));
        }
        _ => return false,
    }
    true
}

fn begun(item: &Value, saying: &mut Saying) -> bool {
    match text(item, "/type") {
        "command_execution" => tool::title("$", command(text(item, "/command")), saying),
        "mcp_tool_call" => {
            let name = format!("{}.{}", text(item, "/server"), text(item, "/tool"));
            tool::call(&name, item.get("arguments").unwrap_or(&Value::Null), saying);
        }
        "todo_list" => {
            tool::title("plan", "", saying);
            let is_done = |item: &Value| item.get("completed") == Some(&Value::Bool(true));
            list::say(items(item, "/items"), "/text", is_done, saying);
        }
        // Told when they are completed.
        "agent_message" | "reasoning" | "file_change" | "web_search" | "error" => {}
        _ => return false,
    }
    true
}

fn completed(item: &Value, saying: &mut Saying) -> bool {
    match text(item, "/type") {
        "agent_message" => saying.speech(text(item, "/text")),
        "reasoning" => saying.thought(text(item, "/text")),
        "command_execution" => {
            saying.output(text(item, "/aggregated_output"));
            let code = item.get("exit_code").and_then(Value::as_i64).unwrap_or(0);
            if code != 0 {
                saying.trouble(&format!("exit {code}"));
            }
        }
        "file_change" => {
            for change in items(item, "/changes") {
                let path = tool::shorter(text(change, "/path"));
                tool::title(text(change, "/kind"), &path, saying);
            }
        }
        "mcp_tool_call" => {
            let error = text(item, "/error/message");
            if error.is_empty() {
                saying.output(&any_text(item.pointer("/result/content").unwrap_or(&Value::Null)));
            } else {
                saying.trouble(error);
            }
        }
        "web_search" => tool::title("search", text(item, "/query"), saying),
        "todo_list" => {}
        "error" => saying.warning(text(item, "/message")),
        _ => return false,
    }
    true
}

/// Returns a command without the shell that runs it.
fn command(line: &str) -> &str {
    let shells = ["/bin/bash -lc ", "bash -lc ", "/bin/sh -c ", "/bin/zsh -lc "];
    let inner = shells.iter().find_map(|shell| line.strip_prefix(shell));
    let Some(inner) = inner else { return line };
    let quoted = |quote: char| inner.strip_prefix(quote)?.strip_suffix(quote);
    quoted('\'').or_else(|| quoted('"')).unwrap_or(inner)
}
