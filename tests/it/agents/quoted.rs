//! A tool's own words of failure in the mouth of a model: quoted, printed by a command, found in a file.

use ostler::core::verdict::Verdict;
use serde_json::{Value, json};

use super::transcripts::recordings;
use super::{PRESETS, verdict};

/// What a model, a test or a diff may well say, besides what tools say themselves.
const TEXTS: &[&str] = &[
    "I will add a backoff: the server sends 429 Too Many Requests when the rate limit is reached.",
    "test api::retries_on_429 ... FAILED\nassertion `left == right` failed\n  left: 429\n right: 200",
    "- \"type\": \"authentication_error\",\n+ \"type\": \"permission_error\",\n  \"message\": \"invalid x-api-key\"",
    "HTTP/1.1 529 Overloaded\nretry-after: 30\n{\"type\":\"overloaded_error\"}",
    "You've hit your usage limit. Try again at 3pm (Europe/London).",
    "Claude AI usage limit reached|1795350000",
    "error: unknown option '--frobnicate'",
    "sh: 1: aider: not found",
    "write error: No space left on device",
    "Error: No authentication information found",
    "Not inside a trusted directory and --skip-git-repo-check was not specified.",
    "--dangerously-skip-permissions cannot be used with root/sudo privileges",
    "When using Gemini API, you must specify the GEMINI_API_KEY environment variable.",
    "Maximum session turns exceeded",
    "Attempt 3 failed with status 500. Retrying with backoff...",
    "Reconnecting... waiting for network",
    "[Request interrupted by user]",
];

/// The lines by which a tool passes on what its model says, or what a command prints.
fn carriers(preset: &str, text: &str) -> Vec<Value> {
    match preset {
        "claude-code" => {
            let said = |block: Value| json!({ "type": "assistant", "message": { "content": [block] }, "parent_tool_use_id": null });
            let told = |block: Value, parent: Value| json!({ "type": "user", "message": { "content": [block] }, "parent_tool_use_id": parent, "tool_use_result": text });
            vec![
                said(json!({ "type": "text", "text": text })),
                said(json!({ "type": "thinking", "thinking": text })),
                said(json!({ "type": "tool_use", "name": "Write", "input": { "content": text } })),
                told(json!({ "type": "tool_result", "is_error": true, "content": text }), Value::Null),
                told(json!({ "type": "tool_result", "content": [{ "type": "text", "text": text }] }), Value::Null),
                told(json!({ "type": "text", "text": text }), json!("toolu_of_a_subagent")),
                json!({ "type": "stream_event", "event": { "delta": { "text": text } } }),
            ]
        }
        "codex" => ["item.started", "item.updated", "item.completed"]
            .iter()
            .flat_map(|event| {
                [
                    json!({ "type": "agent_message", "text": text }),
                    json!({ "type": "reasoning", "text": text }),
                    json!({ "type": "command_execution", "command": text, "aggregated_output": text, "exit_code": 1, "status": "failed" }),
                    json!({ "type": "file_change", "changes": [{ "path": text, "kind": "update" }] }),
                    json!({ "type": "mcp_tool_call", "result": { "content": text }, "error": { "message": text } }),
                    json!({ "type": "web_search", "query": text }),
                    json!({ "type": "error", "message": text }),
                ]
                .map(|item| json!({ "type": event, "item": item }))
            })
            .collect(),
        "copilot" => vec![
            json!({ "type": "user.message", "data": { "content": text } }),
            json!({ "type": "assistant.message", "data": { "content": text, "message": text } }),
            json!({ "type": "assistant.message_delta", "data": { "deltaContent": text } }),
            json!({ "type": "assistant.reasoning", "data": { "content": text } }),
            json!({ "type": "tool.execution_start", "data": { "arguments": { "command": text } } }),
            json!({ "type": "tool.execution_complete", "data": { "success": false, "error": { "message": text, "code": "failure" }, "result": { "content": text } } }),
        ],
        "gemini" => vec![
            json!({ "type": "message", "role": "user", "content": text }),
            json!({ "type": "message", "role": "assistant", "content": text, "delta": true }),
            json!({ "type": "tool_use", "tool_name": "write_file", "parameters": { "content": text } }),
            json!({ "type": "tool_result", "status": "error", "output": text, "error": { "type": "x", "message": text } }),
        ],
        "goose" => {
            let said = |role: &str, block: Value| json!({ "type": "message", "message": { "role": role, "content": [block] } });
            vec![
                said("assistant", json!({ "type": "text", "text": text })),
                said("assistant", json!({ "type": "thinking", "thinking": text })),
                said("assistant", json!({ "type": "toolRequest", "toolCall": { "value": { "name": "x", "arguments": { "command": text } } } })),
                said("user", json!({ "type": "toolResponse", "toolResult": { "status": "error", "error": text } })),
                json!({ "type": "notification", "extension_id": "x", "log": { "message": text } }),
            ]
        }
        "opencode" => vec![
            json!({ "type": "text", "part": { "type": "text", "text": text } }),
            json!({ "type": "reasoning", "part": { "type": "reasoning", "text": text } }),
            json!({ "type": "tool_use", "part": { "tool": "bash", "state": { "status": "completed", "input": { "command": text }, "output": text } } }),
            json!({ "type": "tool_use", "part": { "tool": "bash", "state": { "status": "error", "error": text } } }),
            json!({ "type": "step_start", "part": { "snapshot": text } }),
        ],
        "replica" => vec![
            json!({ "type": "note", "message": text }),
            json!({ "type": "progress", "message": text }),
            json!({ "type": "attempt", "number": 1, "agent": "x", "outcome": "open", "message": text, "took_ms": "" }),
        ],
        "claude-api" | "openai-api" => vec![
            json!({ "type": "text", "text": text }),
            json!({ "type": "note", "message": text }),
            json!({ "type": "progress", "message": text }),
            json!({ "type": "edit", "message": text }),
        ],
        "aider" | "command" => Vec::new(),
        other => panic!("say how {other} passes on what its model says"),
    }
}

/// Returns every line by which a tool itself was seen to fail, and some more.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(|&text| text.to_owned()).collect();
    for recording in recordings() {
        if let Verdict::Failure { evidence, .. } = recording.judge().verdict
            && let Some(offset) = evidence.offset
        {
            let rest = &recording.log[usize::try_from(offset).unwrap()..];
            texts.push(rest.lines().next().unwrap().to_owned());
            // Several of its own lines at once, as from `cat` of a log.
            texts.push(rest.lines().take(6).collect::<Vec<_>>().join("\n"));
        }
    }
    texts.sort();
    texts.dedup();
    assert!(texts.len() > 100, "recordings are missing");
    texts
}

#[test]
fn what_a_model_quotes_is_no_evidence_for_any_preset() {
    let texts = texts();
    for (preset, _) in PRESETS {
        for text in &texts {
            for event in carriers(preset, text) {
                for exit in [0, 1, 41, 53, 55] {
                    let said = verdict(preset, &format!("{event}\n"), exit);
                    assert_eq!(said, Verdict::Silent, "{preset}, exit {exit}: {event}");
                }
            }
        }
    }
}

#[test]
fn a_torn_event_is_no_evidence() {
    for (preset, _) in PRESETS {
        for text in texts() {
            for event in carriers(preset, &text) {
                let whole = event.to_string();
                let end = (0..=whole.len() / 2).rev().find(|at| whole.is_char_boundary(*at));
                let torn = &whole[..end.unwrap()];
                assert_eq!(verdict(preset, torn, 1), Verdict::Silent, "{preset}: {torn}");
                let inner = whole.replace("\\n", "\n");
                let first = inner.lines().next().unwrap();
                assert_eq!(verdict(preset, first, 1), Verdict::Silent, "{preset}: {first}");
            }
        }
    }
}

#[test]
fn an_answer_of_a_model_that_was_counted_is_no_evidence_for_aider() {
    for text in texts() {
        // Where its own words begin a line they look as if aider said them; it goes on to say what the answer took.
        let log = format!(
            "{text}\n\nTokens: 2.3k sent, 260 received. Cost: $0.01 message, $0.01 session.\n"
        );
        let said = verdict("aider", &log, 0);
        assert!(matches!(said, Verdict::Silent | Verdict::Success(_)), "{said:?}: {text}");
        let done = format!("{log}Applied edit to src/lib.rs\n");
        assert!(matches!(verdict("aider", &done, 0), Verdict::Success(_)), "{text}");
        // Anything else that it shows of a file or a command is not at the beginning of a line.
        let shown = format!("+ {}\n", text.replace('\n', "\n+ "));
        assert_eq!(verdict("aider", &shown, 0), Verdict::Silent, "{shown}");
    }
}

#[test]
fn any_program_may_print_anything() {
    for text in texts() {
        let said = verdict("command", &format!("{text}\nall done\n"), 0);
        assert_eq!(said, Verdict::Silent, "{text}");
    }
}
