//! Runs that end badly, and the class that each is given.

use std::net::TcpListener;

use ostler::core::FailureClass as Class;
use serde_json::json;

use super::bench::{Bench, Ran};
use super::server::{Answer, Server};

const BEFORE: &str = "fn main() {\n    one();\n    two();\n}\n";

/// Runs the agent for Claude and makes sure that nothing was touched.
fn claude(answers: impl IntoIterator<Item = Answer>) -> (Ran, usize) {
    let bench = Bench::new();
    let server = Server::new(answers);
    let ran = bench.claude(&server, &["src/main.rs"]);
    assert_eq!(bench.read("src/main.rs"), BEFORE);
    assert_eq!(bench.files(), [".env", "README.md", "src/main.rs"]);
    (ran, server.asked().len())
}

fn openai(answers: impl IntoIterator<Item = Answer>) -> (Ran, usize) {
    let bench = Bench::new();
    let server = Server::new(answers);
    let ran = bench.openai(&server, &["src/main.rs"]);
    assert_eq!(bench.read("src/main.rs"), BEFORE);
    (ran, server.asked().len())
}

fn limited() -> Answer {
    Answer::claude_error(429, "rate_limit_error", "This request would exceed the rate limit")
}

#[test]
fn errors_of_the_service_have_their_classes() {
    let too_long = "prompt is too long: 2083100 tokens > 200000 maximum";
    for (status, kind, message, class, exit, requests) in [
        (401, "authentication_error", "invalid x-api-key", Class::Auth, 10, 1),
        (403, "permission_error", "no", Class::Auth, 10, 1),
        (404, "not_found_error", "model: m-1", Class::Config, 2, 1),
        (400, "invalid_request_error", "messages: wrong", Class::Config, 2, 1),
        (400, "invalid_request_error", "Your credit balance is too low to", Class::Quota, 12, 1),
        (402, "billing_error", "pay", Class::Quota, 12, 1),
        (413, "request_too_large", "too large", Class::ContextOverflow, 15, 1),
        (500, "api_error", "Internal server error", Class::Overloaded, 13, 3),
        (529, "overloaded_error", "Overloaded", Class::Overloaded, 13, 3),
        // A prompt so small cannot be cut to what the service says: it is asked once.
        (400, "invalid_request_error", too_long, Class::ContextOverflow, 15, 1),
    ] {
        let (ran, asked) = claude([Answer::claude_error(status, kind, message)]);
        assert_eq!(ran.failure().0, class, "{status} {kind}: {}", ran.log);
        assert_eq!((ran.exit, asked), (exit, requests), "{status} {kind}: {}", ran.log);
        let words = ran.messages("result").pop().unwrap();
        assert!(words.contains(message), "{words}");
    }
}

#[test]
fn errors_of_a_compatible_server_have_their_classes() {
    let error = |kind: &str, code: &str, message: &str| json!({ "error": { "type": kind, "code": code, "message": message } });
    for (status, body, class) in [
        (401, error("invalid_request_error", "invalid_api_key", "no"), Class::Auth),
        (
            429,
            error("insufficient_quota", "insufficient_quota", "You exceeded your current quota"),
            Class::Quota,
        ),
        (
            400,
            error("invalid_request_error", "context_length_exceeded", "too long"),
            Class::ContextOverflow,
        ),
        (400, error("invalid_request_error", "content_filter", "filtered"), Class::Refusal),
        (404, error("invalid_request_error", "model_not_found", "no such model"), Class::Config),
        (404, json!({ "error": "model 'm-1' not found" }), Class::Config),
        (422, json!({ "detail": "wrong" }), Class::Config),
        (503, json!([]), Class::Overloaded),
        (307, json!({}), Class::Config),
    ] {
        let (ran, _) = openai([Answer::error(status, &body)]);
        assert_eq!(ran.failure().0, class, "{status} {body}: {}", ran.log);
    }
}

#[test]
fn a_short_rate_limit_is_waited_for() {
    let reply = "{mark} WRITE src/main.rs\nx\n{mark} END\n{mark} DONE\n";
    let bench = Bench::new();
    let short = limited().header("retry-after", "0.05");
    let server = Server::new([short.clone(), short, Answer::claude(reply, "end_turn")]);
    let ran = bench.claude(&server, &["src/main.rs"]);
    ran.assert_done();
    assert_eq!(ran.lines("wait").len(), 2);
    assert_eq!(bench.read("src/main.rs"), "x\n");
}

#[test]
fn a_long_rate_limit_is_told_and_not_waited_for() {
    let (ran, asked) = claude([limited().header("retry-after", "300")]);
    assert_eq!((ran.failure(), asked), ((Class::RateLimit, Some(300)), 1), "{}", ran.log);
    let (ran, asked) = claude([limited()]);
    assert_eq!((ran.failure(), asked), ((Class::RateLimit, None), 1), "nothing is invented");
    let words = "Rate limit reached. Please try again in 6m0s.";
    let body = json!({ "error": { "code": "rate_limit_exceeded", "message": words } });
    let (ran, _) = openai([Answer::error(429, &body)]);
    assert_eq!(ran.failure(), (Class::RateLimit, Some(360)));
    let until = "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.";
    let (ran, _) = claude([Answer::claude_error(400, "invalid_request_error", until)]);
    assert_eq!(ran.failure(), (Class::Quota, Some(8 * 86400 + 12 * 3600)), "{}", ran.log);
}

#[test]
fn streams_that_break_have_their_classes() {
    let half = "{mark} WRITE src/main.rs\nhalf a";
    let stray = Answer::page("<html><title>Welcome to the hotel</title></html>");
    for (answer, class, requests) in [
        (Answer::claude(half, "end_turn").broken(), Class::Network, 3),
        (Answer::stream_error("overloaded_error", "Overloaded"), Class::Overloaded, 3),
        (Answer::half_event(), Class::InvalidResponse, 1),
        (stray, Class::InvalidResponse, 1),
        (Answer::claude("", "end_turn"), Class::InvalidResponse, 1),
        (Answer::claude(half, "max_tokens"), Class::OutputLimit, 1),
        (Answer::claude("I won't.", "refusal"), Class::Refusal, 1),
        (Answer::claude("so far", "model_context_window_exceeded"), Class::ContextOverflow, 1),
        (Answer::claude("so far", "a_new_reason"), Class::InvalidResponse, 1),
        // Three replies that mean nothing are enough.
        (
            Answer::claude("I cannot find a rate limit (429).", "end_turn"),
            Class::InvalidResponse,
            3,
        ),
        (Answer::claude(half, "end_turn"), Class::InvalidResponse, 3),
    ] {
        let shown = format!("{answer:?}");
        let (ran, asked) = claude([answer]);
        assert_eq!((ran.failure().0, asked), (class, requests), "{shown}: {}", ran.log);
    }
    for (finish, class) in [("length", Class::OutputLimit), ("content_filter", Class::Refusal)] {
        let (ran, _) = openai([Answer::openai(half, finish)]);
        assert_eq!(ran.failure().0, class, "{}", ran.log);
    }
}

#[test]
fn a_service_that_is_not_there_is_a_matter_of_the_network() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://user:pass-word@{}", listener.local_addr().unwrap());
    drop(listener);
    let ran = bench.run("claude-api", &base, &["src/main.rs"]);
    assert_eq!((ran.failure().0, ran.exit), (Class::Network, 14), "{}", ran.log);
    assert!(!ran.log.contains("pass-word"), "{}", ran.log);
}

#[test]
fn settings_that_cannot_work_are_named() {
    let bench = Bench::new();
    let ran = bench.run("claude-api", "nowhere", &[]);
    assert_eq!((ran.failure().0, ran.exit), (Class::Config, 2), "{}", ran.log);
    let ran = bench.run("claude-api", "http://127.0.0.1:1", &["--api-key-env", "NO_SUCH_KEY"]);
    assert_eq!((ran.failure().0, ran.exit), (Class::Auth, 10));
    let words = ran.messages("result").pop().unwrap();
    insta::assert_snapshot!(words, @"there is no key: set NO_SUCH_KEY where ostler is started");
    let ran = bench.run("claude-api", "http://127.0.0.1:1", &["../other"]);
    assert_eq!(ran.failure().0, Class::Config, "{}", ran.log);
}
