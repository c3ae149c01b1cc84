//! From a line of JSON to lines that people read.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ostler::core::Stream;
use ostler::tui::log::{Attributes, Ink, readable, style_said};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Returns what a line says, or the line itself where it is shown as it is.
fn lines(stream: Stream, line: &str) -> Vec<String> {
    match readable(stream, line.as_bytes()) {
        Some(said) => said.iter().map(|said| style_said(said).text()).collect(),
        None => vec![format!("AS IT IS  {}", line.chars().take(60).collect::<String>())],
    }
}

fn said(stream: Stream, event: &Value) -> Vec<String> {
    lines(stream, &event.to_string())
}

#[test]
fn recordings_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let mut text = String::new();
    for (name, stream) in [
        ("claude-code-ok", Stream::Claude),
        ("claude-code-no-permission", Stream::Claude),
        ("claude-code-429-1", Stream::Claude),
        ("claude-code-budget", Stream::Claude),
        ("codex-ok", Stream::Codex),
        ("codex-429-1", Stream::Codex),
        ("copilot-ok", Stream::Copilot),
        ("copilot-no-permission", Stream::Copilot),
        ("copilot-500", Stream::Copilot),
        ("copilot-sig-SIGTERM-leader-child", Stream::Copilot),
        ("gemini-ok", Stream::Gemini),
        ("gemini-429-1", Stream::Gemini),
        ("opencode-ok", Stream::Opencode),
        ("opencode-429-1", Stream::Opencode),
    ] {
        let recording = fs::read_to_string(folder.join(format!("{name}.log"))).unwrap();
        writeln!(text, "=== {name}").unwrap();
        for line in recording.lines().skip(1) {
            for said in lines(stream, line) {
                let said: String = said.chars().take(160).collect();
                writeln!(text, "{said}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_event_of_the_recordings_is_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let streams = [
            ("claude-code-", Stream::Claude),
            ("codex-", Stream::Codex),
            ("copilot-", Stream::Copilot),
            ("gemini-", Stream::Gemini),
            ("opencode-", Stream::Opencode),
        ];
        let Some((_, stream)) = streams.iter().find(|(start, _)| name.starts_with(start)) else {
            continue;
        };
        let bytes = fs::read(&path).unwrap();
        for line in bytes.split(|byte| *byte == b'\n') {
            let is_event = serde_json::from_slice::<Value>(line).is_ok_and(|it| it.is_object());
            let line_text = String::from_utf8_lossy(line);
            assert_eq!(readable(*stream, line).is_some(), is_event, "{name}: {line_text}");
        }
    }
}

#[test]
fn claude_tells_of_plans_edits_and_what_commands_print() {
    let tool = |name: &str, input: Value| {
        let block = json!({ "type": "tool_use", "name": name, "input": input });
        said(Stream::Claude, &json!({ "type": "assistant", "message": { "content": [block] } }))
    };
    let todos = json!({ "todos": [
        { "content": "read", "status": "completed" },
        { "content": "edit", "status": "in_progress" },
        { "content": "test", "status": "pending" },
    ] });
    assert_eq!(tool("TodoWrite", todos), ["▸ TodoWrite", "  ✔ read", "  ▸ edit", "  · test"]);
    let edit = json!({ "file_path": "src/lib.rs", "old_string": "a\nb", "new_string": "c" });
    assert_eq!(tool("Edit", edit), ["▸ Edit  src/lib.rs", "  - a", "  - b", "  + c"]);
    let path = |path: &str| tool("Read", json!({ "file_path": path }));
    assert_eq!(path("/home/a/shop/.worktrees/errors/src/lib.rs"), ["▸ Read  …/errors/src/lib.rs"]);
    assert_eq!(path("/etc/hosts"), ["▸ Read  /etc/hosts"]);
    let command = json!({ "command": "/r/.worktrees/a/run --all" });
    assert_eq!(tool("Bash", command), ["▸ Bash  /r/.worktrees/a/run --all"]);
    let bash = json!({ "command": "make\nmake test", "description": "Build" });
    assert_eq!(tool("Bash", bash), ["▸ Bash  make", "    make test"]);
    assert_eq!(tool("mcp__x__y", json!({ "n": 1 })), [r#"▸ mcp__x__y  {"n":1}"#]);
    assert_eq!(tool("Stop", json!({})), ["▸ Stop"]);
    let grep = json!({ "path": "src", "pattern": "enum .*Error" });
    assert_eq!(tool("Grep", grep), ["▸ Grep  enum .*Error  in src"]);

    let output: Vec<String> = (1..=13).map(|line| format!("line {line}")).collect();
    let told = json!({ "type": "user", "message": { "content": [
        { "type": "tool_result", "content": [{ "type": "text", "text": output.join("\n") }] },
    ] } });
    let told = said(Stream::Claude, &told);
    assert_eq!(
        (told.len(), told[0].as_str(), told[10].as_str()),
        (11, "  line 1", "  … 3 more lines")
    );
    let both = json!({ "type": "assistant", "message": { "content": [
        { "type": "thinking", "thinking": "Hm." },
        { "type": "text", "text": "I look.\n\nThen I edit." },
    ] } });
    assert_eq!(said(Stream::Claude, &both), ["Hm.", "I look.", "", "Then I edit."]);
}

#[test]
fn codex_tells_of_plans_searches_and_failed_commands() {
    let item =
        |event: &str, item: Value| said(Stream::Codex, &json!({ "type": event, "item": item }));
    let plan = json!({ "type": "todo_list", "items": [
        { "text": "read", "completed": true }, { "text": "edit", "completed": false },
    ] });
    assert_eq!(item("item.updated", plan.clone()), ["▸ plan", "  ✔ read", "  ▸ edit"]);
    assert_eq!(item("item.completed", plan), [""; 0]);
    let command = json!({ "type": "command_execution", "command": "/bin/bash -lc 'cargo test'",
        "aggregated_output": "\u{1b}[31merror\u{1b}[0m: no\n", "exit_code": 101 });
    assert_eq!(item("item.started", command.clone()), ["▸ $  cargo test"]);
    assert_eq!(item("item.completed", command), ["  error: no", "✖ exit 101"]);
    let change =
        json!({ "type": "file_change", "changes": [{ "path": "a.rs", "kind": "update" }] });
    assert_eq!(item("item.completed", change), ["▸ update  a.rs"]);
    let search = json!({ "type": "web_search", "query": "ratatui" });
    assert_eq!(item("item.completed", search), ["▸ search  ratatui"]);
    let new = json!({ "type": "hologram" });
    assert!(item("item.completed", new)[0].starts_with("AS IT IS"));
}

#[test]
fn goose_and_our_own_agents_tell_too() {
    let goose = |event: Value| said(Stream::Goose, &event);
    let message = |role: &str, block: Value| {
        goose(json!({ "type": "message", "message": { "role": role, "content": [block] } }))
    };
    let request = json!({ "type": "toolRequest", "id": "1", "toolCall": { "status": "success",
        "value": { "name": "developer__shell", "arguments": { "command": "ls" } } } });
    assert_eq!(message("assistant", request), ["▸ developer__shell  ls"]);
    let response = json!({ "type": "toolResponse", "id": "1", "toolResult": { "status": "success",
        "value": [{ "type": "text", "text": "a.txt" }] } });
    assert_eq!(message("user", response), ["  a.txt"]);
    assert_eq!(message("assistant", json!({ "type": "text", "text": "Done." })), ["Done."]);
    assert_eq!(
        goose(json!({ "type": "error", "error": "Rate limit exceeded" })),
        ["✖ Rate limit exceeded"]
    );
    let complete = json!({ "type": "complete", "total_tokens": 1234 });
    assert_eq!(goose(complete), ["✔ done · 1.2k tokens"]);

    let own = |event: Value| said(Stream::Ostler, &event);
    assert_eq!(own(json!({ "type": "text", "text": "I move it." })), ["I move it."]);
    assert_eq!(
        own(json!({ "type": "progress", "message": "[2/4] asking m1" })),
        ["· [2/4] asking m1"]
    );
    let done = json!({ "type": "result", "ok": true, "message": "1 file was changed",
        "files": ["a.rs"], "sent": 12_900, "received": 260 });
    assert_eq!(own(done), ["✔ 1 file was changed · 12.9k in, 260 out", "  a.rs"]);
    let failed = json!({ "type": "result", "ok": false, "class": "auth", "message": "401", "sent": 0, "received": 0 });
    assert_eq!(own(failed), ["✖ auth: 401", "· 0 in, 0 out"]);
}

#[test]
fn good_and_bad_look_different() {
    let looks = |event: Value| {
        let said = readable(Stream::Claude, event.to_string().as_bytes()).unwrap();
        style_said(&said[0]).spans[0].sgr
    };
    let good = looks(json!({ "type": "result", "is_error": false }));
    let bad = looks(json!({ "type": "result", "is_error": true, "result": "no" }));
    assert_eq!((good.fg, bad.fg), (Ink::Indexed(2), Ink::Indexed(1)));
    let thought = json!({ "type": "assistant", "message": { "content": [{ "type": "thinking", "thinking": "Hm." }] } });
    let said = readable(Stream::Claude, thought.to_string().as_bytes()).unwrap();
    let spans = style_said(&said[0]).spans;
    assert!(spans.iter().any(|span| span.sgr.attributes.contains(Attributes::ITALIC)));
}

#[test]
fn what_is_torn_or_unknown_is_shown_as_it_is() {
    let streams = [
        Stream::Claude,
        Stream::Codex,
        Stream::Copilot,
        Stream::Gemini,
        Stream::Goose,
        Stream::Opencode,
        Stream::Ostler,
    ];
    for stream in streams {
        for line in [
            "",
            "text",
            "  ✔ done",
            "{",
            r#"{"type":"assistant","message":{"content":[{"type":"te"#,
            r#"{"type":"a kind of tomorrow"}"#,
            r#"{"no":"type"}"#,
            "[1, 2]",
            "null",
        ] {
            assert_eq!(readable(stream, line.as_bytes()), None, "{stream:?}: {line}");
        }
    }
}

/// Any JSON, with the keys that are looked for among its keys.
fn json_value() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "[a-z_]{1,8}",
        proptest::sample::select(vec![
            "type",
            "message",
            "content",
            "item",
            "text",
            "input",
            "todos",
            "status",
            "part",
            "state",
            "data",
            "result",
            "usage",
            "role",
            "error",
            "toolCall",
            "toolResult",
            "value",
            "subtype",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}|[\\n\\r\\t\u{1b}\\[0-9;m]{0,12}".prop_map(Value::from),
        proptest::sample::select(vec![
            "assistant",
            "user",
            "result",
            "system",
            "init",
            "item.completed",
            "todo_list",
            "message",
            "tool_use",
            "tool_result",
            "text",
            "error",
            "complete",
            "step_finish",
            "tool.execution_start",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_event_breaks_it(event in json_value()) {
        let line = event.to_string();
        for stream in [Stream::Claude, Stream::Codex, Stream::Copilot, Stream::Gemini,
            Stream::Goose, Stream::Opencode, Stream::Ostler] {
            for said in readable(stream, line.as_bytes()).unwrap_or_default() {
                let text = style_said(&said).text();
                prop_assert!(!text.chars().any(char::is_control), "{text:?}");
            }
        }
    }
}
