//! The README says what is so: its tables are made from the code, its commands and configurations are read by it.
//!
//! `UPDATE_README=1 cargo test --test it readme` writes the tables anew.

#![expect(clippy::unwrap_used, reason = "functions that tests share may fail a test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use ostler::cli::arguments::Arguments;
use ostler::config::Colour;
use ostler::config::load::load_with;
use ostler::core::FailureClass;
use ostler::core::policy::{Response, RetryMode};
use ostler::core::time::clock;
use ostler::tui::action::{Group, TABLE};
use ostler::tui::keymap::Keymap;
use regex::Regex;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Returns what a pattern's first group matches in the README.
fn found(pattern: &str) -> BTreeSet<String> {
    let text = readme();
    Regex::new(pattern).unwrap().captures_iter(&text).map(|it| it[1].to_owned()).collect()
}

/// Returns the fenced blocks of a language.
fn blocks(language: &str) -> BTreeSet<String> {
    found(&format!("(?s)```{language}\n(.*?)```"))
}

/// Compares the part of the README between two marks with what it should be, or writes it.
fn assert_part(name: &str, expected: &str) {
    let text = readme();
    let start = text.find(&format!("<!-- {name}: ")).unwrap();
    let start = start + text[start..].find("-->\n").unwrap() + "-->\n".len();
    let end = start + text[start..].find(&format!("<!-- /{name} -->")).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        let text = format!("{}{expected}{}", &text[..start], &text[end..]);
        fs::write(root().join("README.md"), text).unwrap();
    } else {
        assert_eq!(&text[start..end], expected, "UPDATE_README=1 writes it anew");
    }
}

#[test]
fn tables_are_as_the_code_has_them() {
    // One test, since writing both at the same time would lose one.
    assert_part("keys", &keys());
    assert_part("classes", &classes());
}

fn keys() -> String {
    let keymap = Keymap::default();
    let mut table = "\n| key | name | what it does |\n| --- | --- | --- |\n".to_owned();
    for group in Group::ALL {
        let _infallible = writeln!(table, "| | | **{}** |", group.title());
        for entry in TABLE.iter().filter(|entry| entry.group == *group) {
            let labels = keymap.labels(entry.action);
            let keys: Vec<String> = labels.split_whitespace().map(|it| format!("`{it}`")).collect();
            let _infallible =
                writeln!(table, "| {} | `{}` | {} |", keys.join(" "), entry.name, entry.doc);
        }
    }
    table.push('\n');
    table
}

fn classes() -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = "agents: { any: { preset: command, command: [any] } }\nworkstreams: []\n";
    fs::write(folder.path().join("ostler.yaml"), file).unwrap();
    let plan = load_with(folder.path(), None, None).unwrap().plan;
    let responses = &plan.agents.values().next().unwrap().responses.0;
    let mut table = "\n| class | what happened | responses |\n| --- | --- | --- |\n".to_owned();
    for class in FailureClass::ALL {
        let answers: Vec<String> = responses[class].iter().map(response).collect();
        let _infallible = writeln!(
            table,
            "| `{class}` | {} | `[{}]` |",
            class.meaning().trim_end_matches('.'),
            answers.join(", ")
        );
    }
    table.push_str("| `chain_exhausted` | No agent is left | `[escalate]` |\n\n");
    table
}

fn response(response: &Response) -> String {
    let mode = |mode: &RetryMode| match mode {
        RetryMode::Plain | RetryMode::Take => "plain".to_owned(),
        RetryMode::Clean => "clean".to_owned(),
        RetryMode::Feedback => "feedback".to_owned(),
        RetryMode::Simpler => "simpler".to_owned(),
        RetryMode::Compact(percent) => format!("{percent} %"),
    };
    match response {
        Response::Retry { mode: RetryMode::Compact(percent), .. } => {
            format!("{{ compact: {} }}", f64::from(*percent) / 100.0)
        }
        Response::Retry { times: None, mode: RetryMode::Plain } => "retry".to_owned(),
        Response::Retry { times: Some(times), mode: RetryMode::Plain } => {
            format!("{{ retry: {times} }}")
        }
        Response::Retry { mode: how, .. } => format!("{{ retry: {} }}", mode(how)),
        Response::Backoff(wait) => format!("{{ backoff: {} }}", clock(*wait)),
        Response::Next => "next".to_owned(),
        Response::Goto(agent) => format!("{{ goto: {agent} }}"),
        Response::Escalate => "escalate".to_owned(),
        Response::Fail => "fail".to_owned(),
    }
}

#[test]
fn every_picture_is_there_and_shown() {
    let shown = found(r"!\[[^\]]+\]\((screenshots/[a-z]+\.svg)\)");
    let there: BTreeSet<String> = fs::read_dir(root().join("screenshots"))
        .unwrap()
        .map(|entry| format!("screenshots/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    assert_eq!(shown, there);
}

#[test]
fn links_lead_somewhere() {
    for link in found(r"\]\(([^)]+)\)") {
        match link.strip_prefix('#') {
            Some(heading) => {
                let headings = found(r"(?m)^#+ (.+)$");
                let there =
                    headings.iter().any(|it| it.to_lowercase().replace(' ', "-") == heading);
                assert!(there, "there is no heading {heading}");
            }
            None => assert!(Path::new(&root()).join(&link).exists(), "{link} does not exist"),
        }
    }
}

#[test]
fn named_tests_exist() {
    for name in found(r"`([a-z_]+::[a-z_]+)`") {
        let (module, test) = name.split_once("::").unwrap();
        let folder = fs::read_dir(root().join("tests/it").join(module)).into_iter().flatten();
        let files = folder.map(|entry| entry.unwrap().path());
        let mut files = files.chain([root().join(format!("tests/it/{module}.rs"))]);
        let function = format!("fn {test}(");
        let is_there =
            files.any(|it| fs::read_to_string(it).is_ok_and(|text| text.contains(&function)));
        assert!(is_there, "there is no test {name}");
    }
}

#[test]
fn configurations_are_right() {
    let whole = blocks("yaml").into_iter().filter(|block| block.contains("workstreams:"));
    for text in whole {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("prompts")).unwrap();
        fs::write(folder.path().join("prompts/docs.md"), "Write the documentation.\n").unwrap();
        fs::write(folder.path().join("ostler.yaml"), &text).unwrap();
        let loaded = load_with(folder.path(), None, None);
        let plan = loaded.map_err(|errors| errors.render(Colour::Plain)).unwrap().plan;
        assert!(!plan.workstreams.is_empty(), "{text}");
    }
}

#[test]
fn every_key_of_the_configuration_is_named() {
    let schema = fs::read_to_string(root().join("config/ostler.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let text = readme();
    for key in schema["properties"].as_object().unwrap().keys() {
        let named = text.contains(&format!("`{key}`")) || text.contains(&format!("`{key}."));
        assert!(named, "`{key}` is not named");
    }
}

#[test]
fn every_preset_is_named() {
    for entry in fs::read_dir(root().join("config/agents")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(readme().contains(&format!("`{name}`")), "`{name}` is not named");
    }
}

#[test]
fn commands_can_be_typed() {
    let mut count = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        if line.starts_with("ostler") {
            let words = words(line);
            Arguments::try_parse_from(&words).map_err(|error| format!("{line}: {error}")).unwrap();
            count += 1;
        }
    }
    assert!(count > 10, "only {count} were found");
}

/// Splits a line as a shell does, as far as quotes and comments go.
fn words(line: &str) -> Vec<String> {
    let word = Regex::new(r#""([^"]*)"|(\S+)"#).unwrap();
    word.captures_iter(line)
        .filter_map(|it| it.get(1).or(it.get(2)).map(|text| text.as_str().to_owned()))
        .take_while(|word| word != "#")
        .collect()
}
