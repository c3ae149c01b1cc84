//! A search that passes over events which cannot match finds what one finds that reads them all.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ostler::core::Stream;
use ostler::tui::log::{Direction, Finder, LogSearch, Refreshed, Said, readable};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

const STREAMS: [Stream; 7] = [
    Stream::Claude,
    Stream::Codex,
    Stream::Copilot,
    Stream::Gemini,
    Stream::Goose,
    Stream::Opencode,
    Stream::Ostler,
];

/// The keys that any of them reads, and some that none does.
const KEYS: &[&str] = &[
    "type",
    "subtype",
    "message",
    "content",
    "item",
    "items",
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
    "is_error",
    "severity",
    "reason",
    "exitCode",
    "exit_code",
    "infoType",
    "toolName",
    "name",
    "tool",
    "arguments",
    "parameters",
    "command",
    "pattern",
    "path",
    "file_path",
    "output",
    "num_turns",
    "duration_ms",
    "input_tokens",
    "output_tokens",
    "tokens",
    "total_tokens",
    "stats",
    "sent",
    "received",
    "ok",
    "class",
    "files",
    "model",
    "session_id",
    "thread_id",
    "attempt",
    "outcome",
    "number",
    "log",
    "aggregated_output",
    "changes",
    "kind",
    "query",
    "completed",
    "description",
    "premiumRequests",
    "linesAdded",
    "codeChanges",
    "statusCode",
    "rate_limit_info",
    "nobody",
    "old_string",
    "new_string",
    "edits",
    "block",
    "total_cost_usd",
    "severity",
];
/// The kinds of events and of their parts.
const KINDS: &[&str] = &[
    "system",
    "init",
    "api_retry",
    "permission_denied",
    "compact_boundary",
    "assistant",
    "user",
    "result",
    "rate_limit_event",
    "text",
    "thinking",
    "tool_use",
    "tool_result",
    "thread.started",
    "item.started",
    "item.completed",
    "turn.completed",
    "turn.failed",
    "error",
    "command_execution",
    "mcp_tool_call",
    "todo_list",
    "agent_message",
    "file_change",
    "web_search",
    "reasoning",
    "session.info",
    "session.error",
    "session.warning",
    "user.message",
    "assistant.message",
    "assistant.turn_retry",
    "model.call_failure",
    "tool.execution_start",
    "warning",
    "success",
    "tool.execution_complete",
    "abort",
    "message",
    "notification",
    "complete",
    "toolRequest",
    "toolResponse",
    "step_finish",
    "stop",
    "start",
    "progress",
    "note",
    "attempt",
    "open",
    "wait",
];
/// What may be said; words that are ours, too, and what looks like a number that was written anew.
const WORDS: &[&str] = &[
    "done",
    "/home/a/.worktrees/ws-1/src/x.rs",
    "failed",
    "error: no",
    "0 errors",
    "Kelvin",
    "\u{212a}elvin",
    "e300",
    "timeout",
    "! look",
    "a\n! look",
    "✖ no",
    "Fehler ü",
    "naïve",
    "价格",
    "\u{1b}[31mer\u{1b}[0mror",
    "a\"b",
    "C:\\new",
    "\u{7}bell",
    "tab\there",
    "x_y2",
    "E0432",
    "panicked at\r\n",
    "sſs",
    "\u{2028}",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => select(KINDS).prop_map(Value::from),
        3 => select(WORDS).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => (0..20_000_i64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = select(KEYS).prop_map(str::to_owned);
        let object = (select(KINDS), prop::collection::hash_map(key, inner.clone(), 0..6));
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
            4 => object.prop_map(|(kind, map)| {
                let mut map: serde_json::Map<String, Value> = map.into_iter().collect();
                map.insert("type".to_owned(), Value::from(kind));
                Value::Object(map)
            }),
        ]
    })
}

/// Writes an event as some writers do: every so many letters of its strings by their numbers.
fn numbered(event: &Value, every: usize) -> String {
    let text = event.to_string();
    let (mut out, mut escaped, mut quoted, mut letters) = (String::new(), false, false, 0);
    for c in text.chars() {
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        letters += 1;
        if quoted && !escaped && c != '"' && c != '\\' && letters % every == 0 {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        } else {
            out.push(c);
        }
        escaped = c == '\\' && !escaped;
        if escaped {
            letters = 0;
        }
    }
    out
}

fn found(path: &Path, finder: Finder, stream: Stream) -> (usize, Vec<usize>, u64) {
    let mut search = LogSearch::open(path, finder, Some(stream)).unwrap();
    while search.step().unwrap() == Refreshed::MoreToDo {}
    let (mut lines, mut from) = (Vec::new(), None);
    while let Some(line) = match from {
        None => search.hits().around(Direction::Forward),
        Some(line) => search.hits().beside(line, Direction::Forward),
    } {
        lines.push(line);
        from = Some(line);
    }
    (search.count(), lines, search.searched().1)
}

fn same(path: &Path, finder: &Finder, stream: Stream) -> Result<(), String> {
    let (filtered, all) =
        (found(path, finder.clone(), stream), found(path, finder.clone().unfiltered(), stream));
    (filtered == all).then_some(()).ok_or_else(|| format!("{filtered:?}, not {all:?}"))
}

/// Returns the words that people read in a log.
fn words(log: &str, stream: Stream) -> BTreeSet<String> {
    let said = log.lines().filter_map(|line| readable(stream, line.as_bytes())).flatten();
    let texts: Vec<String> = said.map(|said: Said| said.text()).collect();
    let part = |c: char| !c.is_alphanumeric() && c != '_';
    let words = texts.iter().flat_map(|text| text.split(part)).filter(|word| word.len() > 1);
    words.map(str::to_owned).collect()
}

#[test]
fn in_the_recordings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let mut looked_for = 0;
    for (prefix, stream) in [
        ("claude-code", Stream::Claude),
        ("codex", Stream::Codex),
        ("copilot", Stream::Copilot),
        ("gemini", Stream::Gemini),
        ("opencode", Stream::Opencode),
    ] {
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let is_of = |path: &Path| path.file_name().unwrap().to_str().unwrap().starts_with(prefix);
        let logs: Vec<_> = files.filter(|path| is_of(path)).collect();
        let all: String = logs.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.log");
        fs::write(&path, &all).unwrap();
        same(&path, &Finder::trouble().unwrap(), stream).unwrap();
        for word in words(&all, stream).iter().step_by(3) {
            same(&path, &Finder::new(word).unwrap(), stream).map_err(|it| (word, it)).unwrap();
            looked_for += 1;
        }
    }
    assert!(looked_for > 300, "{looked_for}");
}

#[test]
fn patterns_of_every_form_find_what_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.log");
    let event = r#"{"type":"assistant","message":{"content":[{"type":"text","text":"a needle"}]}}"#;
    let other = event.replace("needle", "pin");
    // As a tool wrote it that uses colours: people see one word.
    let coloured = event.replace("needle", r"\u001b[1mnee\u001b[0mdle");
    fs::write(&path, format!("{event}\n{other}\n{coloured}\n").repeat(3)).unwrap();
    let count = |pattern: &str| found(&path, Finder::new(pattern).unwrap(), Stream::Claude).0;
    for (pattern, wanted) in [
        ("needle", 6),
        ("NEEDLE", 0),
        ("Needle", 0),
        (r"a\s+needle$", 6),
        ("n(ee|aa)dle|haystack", 6),
        ("assistant", 0),
        ("done", 0),
        ("[a-z]+", 9),
        ("(?:nee)+dle", 6),
        ("needles?", 6),
    ] {
        assert_eq!(count(pattern), wanted, "{pattern}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn in_any_stream(
        events in prop::collection::vec((value(), 1..40_usize), 1..12),
        plain in prop::collection::vec(select(WORDS), 0..3),
        picked in prop::collection::vec((any::<Index>(), 0..5_u8), 1..6),
        stream in select(STREAMS.to_vec()),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.log");
        let mut log = plain.join("\n") + "\n";
        for (event, every) in &events {
            let text = if *every < 12 { numbered(event, *every + 3) } else { event.to_string() };
            log.push_str(&text);
            log.push('\n');
        }
        log.push_str("{\"type\":\"torn error");
        fs::write(&path, &log).unwrap();
        let mut words: Vec<String> = words(&log, stream).into_iter().collect();
        words.extend(WORDS.iter().map(|word| (*word).to_owned()));
        let mut finders = vec![Finder::trouble().unwrap()];
        for (index, form) in &picked {
            let word = regex::escape(index.get::<String>(&words));
            finders.extend(Finder::new(&match form {
                0 => word,
                1 => word.to_uppercase(),
                2 => format!(r"\b{word}\b"),
                3 => format!("(?:{word}|timeout)$"),
                _ => word.to_lowercase(),
            }));
        }
        for finder in finders {
            prop_assert_eq!(same(&path, &finder, stream), Ok(()), "{:?} in {}", finder, log);
        }
    }
}
