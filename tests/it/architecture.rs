//! The shape of the code, as DESIGN.md §10 has it, held by looking at the text.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which part may name which others; a part may always name itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("keeper", &["core"]),
    ("worktree", &["core"]),
    ("ipc", &["core"]),
    ("config", &["core", "keeper"]),
    ("agents", &["core", "config"]),
    ("supervisor", &["core", "config", "agents", "worktree", "keeper", "ipc"]),
    // A screen lives from facts and answers with requests: it cannot tell whose supervisor it talks to.
    ("tui", &["core", "ipc"]),
    ("cli", &["core", "config", "agents", "worktree", "keeper", "ipc", "supervisor", "tui"]),
];

/// What the rules must not name: whatever is not an argument of `step`.
const IMPURE: &[&str] = &[
    "tokio",
    "std::fs",
    "std::process",
    "std::env",
    "std::net",
    "std::thread",
    "std::io",
    "Instant",
    "SystemTime",
    "jiff",
    "rustix",
    "git2",
    "use std::{",
];

/// Test files that look again and again, with a limit, at what nothing tells of.
const POLLING: &[&str] = &["keeper/bench.rs", "project.rs", "project/left.rs", "pty.rs"];

/// A file has at most so many lines.
const LINES: usize = 400;

/// A source file and its lines without comments.
struct Source {
    path: PathBuf,
    lines: Vec<String>,
}

impl Source {
    /// Returns the directory under `src` or `tests/it` that it belongs to, or its own name there.
    fn part(&self, root: &Path) -> String {
        let inside = self.path.strip_prefix(root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        first.trim_end_matches(".rs").to_owned()
    }

    fn find<'a>(&'a self, what: &'a str) -> impl Iterator<Item = String> + 'a {
        self.lines.iter().enumerate().filter(move |(_, line)| line.contains(what)).map(
            |(number, line)| format!("{}:{}: {}", self.path.display(), number + 1, line.trim()),
        )
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
                found.push(Source { path, lines: text.lines().map(code).collect() });
            }
        }
    }
    assert!(!found.is_empty(), "nothing found in {folder}");
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn assert_none(found: impl IntoIterator<Item = String>, rule: &str) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// Returns the parts that a line names by `crate::part` or `crate::{part, …}`.
fn named(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
        for item in group.unwrap_or(rest).split(if group.is_some() { ',' } else { '\0' }) {
            let word = |c: char| c.is_ascii_lowercase() || c == '_';
            parts.push(item.trim().chars().take_while(|c| word(*c)).collect());
        }
    }
    parts
}

#[test]
fn the_rules_name_nothing_that_is_not_an_argument() {
    let sources = sources("src/core");
    let impure = sources.iter().flat_map(|source| IMPURE.iter().flat_map(|word| source.find(word)));
    assert_none(impure, "src/core is pure: no clock, file, process, environment or task");
}

#[test]
fn parts_name_only_what_lies_below_them() {
    let src = root().join("src");
    let mut wrong = Vec::new();
    for source in sources("src") {
        let part = source.part(&src);
        if part == "main" || part == "lib" {
            continue;
        }
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == part) else {
            wrong.push(format!("{} belongs to no known part", source.path.display()));
            continue;
        };
        for (number, line) in source.lines.iter().enumerate() {
            for other in named(line) {
                let is_part = LAYERS.iter().any(|(name, _)| *name == other);
                if is_part && other != part && !below.contains(&other.as_str()) {
                    let place = format!("{}:{}", source.path.display(), number + 1);
                    wrong.push(format!("{place}: {part} names {other}"));
                }
            }
        }
    }
    assert_none(wrong, "dependencies point one way (the table is at the top of this file)");
}

#[test]
fn configuration_knows_keepers_by_their_specification_only() {
    let config = sources("src/config");
    let named = config.iter().flat_map(|source| source.find("crate::keeper"));
    let wrong = named.filter(|line| !line.contains("crate::keeper::spec"));
    assert_none(wrong, "src/config names crate::keeper::spec and no more of the keeper");
}

#[test]
fn views_only_draw() {
    let sources = sources("src/tui/view");
    let panes: Vec<String> = sources
        .iter()
        .map(|source| source.path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut wrong = Vec::new();
    for source in &sources {
        for (number, line) in source.lines.iter().enumerate() {
            let used = line.trim_start().trim_start_matches("pub ").strip_prefix("use ");
            let outside = used.is_some_and(|path| {
                let first = path.split([':', ';']).next().unwrap_or_default().to_owned();
                let known = ["std", "ratatui", "crate", "super", "self"];
                !known.contains(&first.as_str()) && !panes.contains(&first)
            });
            let allowed = ["crate::tui::theme", "crate::tui::view_model", "crate::tui::view::"];
            let elsewhere = line
                .match_indices("crate::")
                .any(|(at, _)| !allowed.iter().any(|known| line[at..].starts_with(known)));
            let impure = ["std::fs", "std::time", "std::env", "std::process", "std::io"];
            if outside || elsewhere || impure.iter().any(|word| line.contains(word)) {
                let place = format!("{}:{}", source.path.display(), number + 1);
                wrong.push(format!("{place}: {}", line.trim()));
            }
        }
    }
    assert_none(wrong, "src/tui/view names ratatui, the view model and the theme, and no more");
}

#[test]
fn files_are_short() {
    let long = sources("src").into_iter().filter(|source| source.lines.len() > LINES);
    let said = long.map(|source| format!("{}: {}", source.path.display(), source.lines.len()));
    assert_none(said, "a file has at most 400 lines");
}

#[test]
fn module_files_hold_no_logic() {
    let sources = sources("src");
    let modules = sources.iter().filter(|source| source.path.ends_with("mod.rs"));
    assert_none(modules.flat_map(|source| source.find("fn ")), "mod.rs holds docs and `pub mod`s");
}

#[test]
fn no_file_is_named_after_nothing() {
    let vague = ["util", "utils", "helper", "helpers", "common", "manager", "misc"];
    let named = sources("src").into_iter().chain(sources("tests/it")).filter(|source| {
        let name = source.path.file_stem().unwrap().to_string_lossy().into_owned();
        vague.contains(&name.as_str())
    });
    let said = named.map(|source| source.path.display().to_string());
    assert_none(said, "a file is named after the thing or verb it holds");
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let sources: Vec<Source> = sources("src").into_iter().chain(sources("tests/it")).collect();
    let patterns = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let allowed =
        sources.iter().flat_map(|source| patterns.iter().flat_map(|what| source.find(what)));
    assert_none(allowed, "use #[expect(lint, reason = …)]");
}

#[test]
fn every_test_file_is_compiled() {
    let tests = root().join("tests/it");
    let mut forgotten = Vec::new();
    for source in sources("tests/it") {
        let name = source.path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = source.path.parent().unwrap();
        if source.path == tests.join("main.rs") {
            continue;
        }
        let parent =
            if folder == tests { tests.join("main.rs") } else { folder.with_extension("rs") };
        let parent = fs::read_to_string(parent).unwrap_or_default();
        let lines: BTreeSet<&str> =
            parent.lines().map(|line| line.trim_start_matches("pub ")).collect();
        if !lines.contains(format!("mod {name};").as_str()) {
            forgotten.push(source.path.display().to_string());
        }
    }
    assert_none(forgotten, "these test files are in no `mod` line");
}

#[test]
fn tests_wait_for_events_and_do_not_sleep() {
    let sources = sources("tests/it");
    let patterns = [concat!("thread::", "sleep"), concat!("time::", "sleep")];
    let polls = |source: &&Source| POLLING.iter().any(|file| source.path.ends_with(file));
    let waiting = sources.iter().filter(|source| !polls(source));
    let sleeps = waiting.flat_map(|source| patterns.iter().flat_map(|what| source.find(what)));
    assert_none(sleeps, "a test waits for what it wants to see");
}

#[test]
fn every_part_says_what_it_is() {
    let mut silent = Vec::new();
    for source in sources("src") {
        let text = fs::read_to_string(&source.path).unwrap();
        if !text.starts_with("//! ") {
            silent.push(source.path.display().to_string());
        }
    }
    assert_none(silent, "a file begins with a line that says what it holds");
}
