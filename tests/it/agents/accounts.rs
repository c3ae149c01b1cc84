//! What an attempt took, and by which name its conversation can be gone on with.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;

use ostler::core::account::{Account, Cost, Usage};
use ostler::core::verdict::Exit;
use serde_json::json;

use super::transcripts::recordings;
use super::{NOON, PRESETS, reader};

fn account(preset: &str, log: &str) -> Account {
    reader(preset).judge(&mut Cursor::new(log), &Exit::Code(0), NOON).unwrap().account
}

fn usage(input: u64, output: u64, cost: Option<f64>, tool_calls: u32) -> Usage {
    Usage {
        input_tokens: Some(input),
        output_tokens: Some(output),
        cost_usd: cost.and_then(Cost::dollars),
        tool_calls,
    }
}

#[test]
fn the_recordings_say_what_they_took() {
    let mut table = String::new();
    for recording in recordings() {
        if recording.name.ends_with("ok") || recording.name.contains("429") {
            let Account { session, usage, .. } = recording.judge().account;
            let session = session.unwrap_or_else(|| "-".to_owned());
            writeln!(table, "{:28} {usage} · {session}", recording.name).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn it_is_the_same_while_it_is_written_and_at_the_end() {
    for recording in recordings() {
        let mut scanner = reader(recording.preset).scanner(0);
        for chunk in recording.log.as_bytes().chunks(777) {
            scanner.feed(chunk);
        }
        // The last line may not have ended.
        scanner.feed(b"\n");
        let mut account = recording.judge().account;
        account.hint = None;
        assert_eq!(scanner.account(), account, "{}", recording.name);
    }
}

/// Of every preset, by which rules recordings show that the prompt was taken, and which show nothing.
#[test]
fn most_recordings_show_that_the_prompt_was_taken() {
    let mut rules: BTreeMap<String, u32> = BTreeMap::new();
    let mut table = String::new();
    for recording in recordings() {
        match recording.judge().account.prompted {
            Some(evidence) => {
                assert!(evidence.offset.is_some(), "{}", recording.name);
                *rules.entry(evidence.rule).or_default() += 1;
            }
            None => writeln!(table, "unconfirmed: {}", recording.name).unwrap(),
        }
    }
    for (rule, count) in rules {
        writeln!(table, "{count:4} by {rule}").unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn parts_add_up_until_the_whole_is_told() {
    let step = |id: &str, input: u64| {
        json!({ "type": "assistant", "session_id": "s1", "message": { "id": id, "usage": { "input_tokens": input, "cache_read_input_tokens": 5 },
            "content": [{ "type": "tool_use", "name": "Bash" }] } })
    };
    let mut log = format!("{}\n{}\n{}\n", step("m1", 10), step("m1", 10), step("m2", 20));
    let so_far = account("claude-code", &log);
    assert_eq!(so_far.usage.input_tokens, Some(40), "a message is counted once");
    assert_eq!((so_far.usage.output_tokens, so_far.usage.tool_calls), (None, 3));
    assert_eq!(so_far.session.as_deref(), Some("s1"));
    let result = json!({ "type": "result", "is_error": false, "total_cost_usd": 0.25,
        "usage": { "input_tokens": 30, "cache_read_input_tokens": 10, "output_tokens": 7 } });
    writeln!(log, "{result}").unwrap();
    assert_eq!(account("claude-code", &log).usage, usage(40, 7, Some(0.25), 3));

    let step = |input: u64, cost: f64| {
        json!({ "type": "step_finish", "part": { "reason": "tool-calls", "cost": cost,
            "tokens": { "input": input, "output": 1, "cache": { "read": 2, "write": 1 } } } })
    };
    let log = format!("{}\n{}\n", step(10, 0.01), step(20, 0.02));
    assert_eq!(account("opencode", &log).usage, usage(36, 2, Some(0.03), 0));
    let log = "Tokens: 2.3k sent, 1.1k cache hit, 26 received. Cost: $0.0061 message, $0.0061 session.\n\
               Tokens: 1,024 sent, 10 received. Cost: $0.0039 message, $0.01 session.\n";
    assert_eq!(account("aider", log).usage, usage(3324, 36, Some(0.01), 0));
}

#[test]
fn what_is_no_plain_name_is_no_session() {
    let endless = "x".repeat(129);
    for name in ["", "-rf", "--resume", "a b", "$(x)", "../x", "a\nb", "é", &endless] {
        let log = format!("{}\n", json!({ "type": "system", "session_id": name }));
        assert_eq!(account("claude-code", &log).session, None, "{name:?}");
    }
    let log = format!("{}\n", json!({ "type": "system", "session_id": "ses_1-A.b:c" }));
    assert_eq!(account("claude-code", &log).session.as_deref(), Some("ses_1-A.b:c"));
    // A model that speaks of one is no source.
    let said = json!({ "type": "assistant", "message": { "content": [{ "type": "text", "text": "{\"session_id\":\"evil\"}" }] } });
    assert_eq!(account("claude-code", &format!("{said}\n")).session, None);
}

#[test]
fn figures_that_are_none_are_unknown() {
    for result in [
        json!({ "type": "result", "usage": { "input_tokens": -1, "output_tokens": "many" } }),
        json!({ "type": "result", "total_cost_usd": -0.5 }),
        json!({ "type": "result", "total_cost_usd": 1e300 }),
        json!({ "type": "result", "usage": null }),
    ] {
        assert!(account("claude-code", &format!("{result}\n")).usage.is_unknown(), "{result}");
    }
    for (preset, _) in PRESETS {
        assert_eq!(account(preset, "one\n{\n"), Account::default());
    }
}

#[test]
fn a_long_log_is_counted_from_its_beginning_to_its_end() {
    let line = format!(
        "{}\n",
        json!({ "type": "tool_use", "tool_name": "x", "parameters": { "content": "y".repeat(300) } })
    );
    let log = line.repeat(20_000);
    assert!(log.len() > 4 << 20);
    let Account { usage, .. } = account("gemini", &log);
    assert_eq!(usage.tool_calls, 20_000);
}

#[test]
fn figures_are_written_as_people_do() {
    assert_eq!(
        usage(47_191, 9, Some(0.094_472), 1).to_string(),
        "47.2k tokens in, 9 out · $0.0945 · 1 tool call"
    );
    assert_eq!(
        usage(2_500_000, 999, Some(12.0), 30).to_string(),
        "2.5M tokens in, 999 out · $12.00 · 30 tool calls"
    );
    assert_eq!(Usage::default().to_string(), "");
    let stored = serde_json::to_value(usage(1, 2, Some(0.094_472), 3)).unwrap();
    assert_eq!(
        stored,
        json!({ "input_tokens": 1, "output_tokens": 2, "cost_usd": 0.094_472, "tool_calls": 3 })
    );
    let read: Usage = serde_json::from_value(stored).unwrap();
    assert_eq!(read, usage(1, 2, Some(0.094_472), 3));
    assert_eq!(
        usage(1, 2, Some(0.5), 3).and(Usage::default()).and(usage(1, 2, Some(0.25), 1)),
        usage(2, 4, Some(0.75), 4)
    );
}

#[test]
fn what_the_agents_of_a_replica_do_is_told_attempt_by_attempt() {
    let line = |number: u32, agent: &str, outcome: &str, message: &str, took: &str| json!({ "type": "attempt", "number": number, "agent": agent, "outcome": outcome, "message": message, "took_ms": took });
    let lines = [
        line(1, "aider", "open", "", ""),
        line(1, "aider", "rate_limit", "429 \u{1b}[31mlater", "1500"),
        line(2, "codex", "skipped", "not logged in", ""),
        line(3, "opus", "open", "", ""),
        line(4, "opus", "no such word", "", ""),
        json!({ "type": "text", "text": line(5, "x", "open", "", "").to_string() }),
    ];
    let log = lines.iter().fold(String::new(), |log, line| format!("{log}{line}\n"));
    let told: Vec<String> = account("replica", &log)
        .inner
        .iter()
        .map(|one| format!("{} {one} {:?} {}", one.number, one.took, one.reason))
        .collect();
    assert_eq!(
        told,
        [
            "1 aider rate_limit Some(1.5s) 429 later",
            "2 codex skipped None not logged in",
            "3 opus works None "
        ]
    );
    // A line that lasts for ever does not fill the memory.
    let many = (0..1000)
        .fold(String::new(), |log, at| format!("{log}{}\n", line(at, "a", "open", "", "")));
    assert_eq!(account("replica", &many).inner.len(), 64);
}
