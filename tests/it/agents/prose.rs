//! Words that look like failures and are none.

use ostler::core::FailureClass;
use ostler::core::verdict::Verdict;

use super::verdict;

/// What a model, a test or a diff may well print.
const PROSE: &[&str] = &[
    "The service answers 429 Too Many Requests when the rate limit is reached, so I retry.",
    "I hit a rate limit error: litellm.RateLimitError is raised here.",
    "+    raise AuthenticationError(\"authentication_error: invalid x-api-key\")",
    "test retries_after_429 ... ok (RESOURCE_EXHAUSTED, insufficient_quota)",
    "ERROR tests/test_api.py::test_429 - litellm.RateLimitError: mocked",
    "  \"error\": {\"type\": \"overloaded_error\", \"status\": 529}",
    "> API Error: 529 Overloaded",
    "Error: prompt is too long: 212408 tokens",
    "Traceback (most recent call last): connection refused, ECONNRESET, fetch failed",
    "swift: error: 401 authentication_error",
    "Not logged in · Please run /login",
    "Model gpt-4 has hit a token limit in this example:",
];

const TOOLS: &[&str] =
    &["aider", "copilot", "claude-code", "codex", "gemini", "goose", "opencode", "command"];

#[test]
fn prose_is_no_evidence() {
    for preset in TOOLS {
        for line in PROSE {
            let log = format!("working\n{line}\nmore\n");
            assert_eq!(verdict(preset, &log, 0), Verdict::Silent, "{preset}: {line}");
            assert_eq!(verdict(preset, &log, 1), Verdict::Silent, "{preset}: {line}");
        }
    }
}

#[test]
fn prose_inside_of_events_is_no_evidence() {
    for line in PROSE {
        let text = serde_json::to_string(line).unwrap();
        let events = [
            (
                "claude-code",
                format!(
                    r#"{{"type":"assistant","message":{{"content":[{{"type":"text","text":{text}}}]}}}}"#
                ),
            ),
            (
                "claude-code",
                format!(
                    r#"{{"type":"user","message":{{"content":[{{"type":"tool_result","is_error":true,"content":{text}}}]}}}}"#
                ),
            ),
            (
                "codex",
                format!(
                    r#"{{"type":"item.completed","item":{{"type":"agent_message","text":{text}}}}}"#
                ),
            ),
            (
                "codex",
                format!(
                    r#"{{"type":"item.completed","item":{{"type":"command_execution","aggregated_output":{text},"exit_code":1}}}}"#
                ),
            ),
            ("copilot", format!(r#"{{"type":"assistant.message","data":{{"content":{text}}}}}"#)),
            (
                "gemini",
                format!(r#"{{"type":"message","role":"assistant","content":{text},"delta":true}}"#),
            ),
            ("opencode", format!(r#"{{"type":"text","part":{{"text":{text}}}}}"#)),
        ];
        for (preset, event) in events {
            assert_eq!(
                verdict(preset, &format!("{event}\n"), 1),
                Verdict::Silent,
                "{preset}: {line}"
            );
        }
    }
}

const RATE_LIMIT: &str = "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached. Please try again in 1s.\n";

fn class(verdict: &Verdict) -> Option<FailureClass> {
    match verdict {
        Verdict::Failure { class, .. } => Some(*class),
        Verdict::Success(_) | Verdict::Silent => None,
    }
}

#[test]
fn the_last_word_decides() {
    let retried = format!("{RATE_LIMIT}Retrying in 0.2 seconds...\nApplied edit to a.rs\n");
    assert!(matches!(verdict("aider", &retried, 0), Verdict::Success(_)));
    let failed = format!("Applied edit to a.rs\n{RATE_LIMIT}");
    assert_eq!(class(&verdict("aider", &failed, 0)), Some(FailureClass::RateLimit));
    let other = format!("{RATE_LIMIT}litellm.Timeout: APITimeoutError\n");
    assert_eq!(class(&verdict("aider", &other, 0)), Some(FailureClass::Network));
    let answered = format!("{RATE_LIMIT}Tokens: 2.3k sent, 26 received.\n");
    assert_eq!(verdict("aider", &answered, 0), Verdict::Silent);
}

#[test]
fn a_hint_counts_only_if_nothing_else_speaks() {
    let retry = r#"{"type":"system","subtype":"api_retry","error":"rate_limit"}"#;
    let result = r#"{"type":"result","is_error":false,"result":"done"}"#;
    assert_eq!(class(&verdict("claude-code", retry, 1)), Some(FailureClass::RateLimit));
    let both = format!("{retry}\n{result}\n");
    assert!(matches!(verdict("claude-code", &both, 0), Verdict::Success(_)));
}

#[test]
fn goose_fails_by_an_event_and_is_complete_all_the_same() {
    let of = |error: &str| {
        let error = serde_json::to_string(error).unwrap();
        let log = format!(
            "{{\"type\":\"error\",\"error\":{error}}}\n{{\"type\":\"complete\",\"total_tokens\":12}}\n"
        );
        class(&verdict("goose", &log, 1))
    };
    for (error, expected) in [
        ("Rate limit exceeded: Too many requests", FailureClass::RateLimit),
        ("Ran into this error: Authentication error: invalid key", FailureClass::Auth),
        ("Context length exceeded: 210000 tokens", FailureClass::ContextOverflow),
        ("Server error: 529 Overloaded", FailureClass::Overloaded),
        ("Network error: could not connect", FailureClass::Network),
        ("Credits exhausted: top up", FailureClass::Quota),
        ("Request failed: Bad request (400)", FailureClass::Config),
        ("something new", FailureClass::InvalidResponse),
    ] {
        assert_eq!(of(error), Some(expected), "{error}");
    }
    let complete = "{\"type\":\"complete\",\"total_tokens\":12}\n";
    assert_eq!(verdict("goose", complete, 0), Verdict::Silent);
}

#[test]
fn failures_of_starting_are_read_for_any_program() {
    let of = |log: &str, exit| class(&verdict("command", log, exit));
    assert_eq!(of("sh: 1: aider: not found\n", 127), Some(FailureClass::SpawnFailed));
    assert_eq!(of("./fix.sh: Permission denied\n", 126), Some(FailureClass::SpawnFailed));
    assert_eq!(of("aider: error: unrecognized arguments: --x\n", 2), Some(FailureClass::Config));
    assert_eq!(of("error: unknown option '--x'\n", 1), Some(FailureClass::Config));
    assert_eq!(of("write: No space left on device\n", 1), Some(FailureClass::Resources));
    assert_eq!(of("sh: 1: aider: not found\n", 1), None);
    assert_eq!(of("the page was not found\n", 0), None);
}

#[test]
fn evidence_says_rule_line_and_place() {
    let log = format!("one\n\n\x1b[31m{RATE_LIMIT}");
    let Verdict::Failure { evidence, reset, .. } = verdict("aider", &log, 0) else { panic!() };
    assert_eq!(evidence.rule, "aider.rate_limit#1");
    assert_eq!(evidence.offset, Some(5));
    assert_eq!(evidence.line, RATE_LIMIT.trim_end());
    assert_eq!(reset.unwrap().since(super::NOON).as_secs(), 1);
    let wide =
        format!("litellm.RateLimitError: RateLimitError: OpenAIException - {}\n", "é".repeat(999));
    let Verdict::Failure { evidence, .. } = verdict("aider", &wide, 0) else { panic!() };
    assert_eq!(evidence.line.chars().count(), 240);
}

#[test]
fn of_a_long_log_the_beginning_and_the_end_are_read() {
    let filler = "a line of no meaning whatsoever\n".repeat(70_000);
    let end = format!("{filler}{RATE_LIMIT}");
    let Verdict::Failure { evidence, .. } = verdict("aider", &end, 0) else { panic!() };
    assert_eq!(evidence.offset, Some(filler.len() as u64));
    assert_eq!(
        class(&verdict("aider", &format!("{RATE_LIMIT}{filler}"), 0)),
        Some(FailureClass::RateLimit)
    );
    let middle = format!("{filler}{RATE_LIMIT}{filler}");
    assert_eq!(verdict("aider", &middle, 0), Verdict::Silent);
    assert_eq!(verdict("aider", &"x".repeat(3 << 20), 0), Verdict::Silent);
}
