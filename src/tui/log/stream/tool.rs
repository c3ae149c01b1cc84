//! Tools that an agent uses.

use serde_json::{Map, Value};

use super::list;
use super::said::{Length, Look, Saying, items, text};

/// The arguments that say most, in this order.
const TELLING: &[&str] = &[
    "command",
    "pattern",
    "file_path",
    "filePath",
    "path",
    "absolute_path",
    "notebook_path",
    "query",
    "url",
    "description",
    "prompt",
    "subject",
];

/// Where worktrees are unless the configuration says otherwise.
const WORKTREES: &str = "/.worktrees/";

/// So many lines of a change are shown on each side.
const CHANGE: usize = 8;

/// Adds that a tool is used with these arguments.
pub(super) fn call(name: &str, arguments: &Value, saying: &mut Saying) {
    let empty = Map::new();
    let arguments = arguments.as_object().unwrap_or(&empty);
    let argument = |key: &str| arguments.get(key).and_then(Value::as_str);
    let telling = TELLING.iter().find_map(|key| argument(key));
    let words = match telling {
        Some(pattern) if argument("pattern") == Some(pattern) => match argument("path") {
            Some(path) => format!("{pattern}  in {}", shorter(path)),
            None => pattern.to_owned(),
        },
        Some(words) => shorter(words),
        None if arguments.is_empty() || arguments.contains_key("todos") => String::new(),
        None => Value::Object(arguments.clone()).to_string(),
    };
    title(name, &words, saying);
    if let Some(todos) = arguments.get("todos") {
        let path = if todos.pointer("/0/content").is_some() { "/content" } else { "/description" };
        list::say(items(todos, ""), path, list::is_over, saying);
    }
    for (old, new) in
        [("old_string", "new_string"), ("oldString", "newString"), ("old_str", "new_str")]
    {
        if let (Some(old), Some(new)) = (argument(old), argument(new)) {
            change(old, new, saying);
        }
    }
    let edits = arguments.get("edits").map(|edits| items(edits, "")).unwrap_or_default();
    for edit in edits {
        change(text(edit, "/old_string"), text(edit, "/new_string"), saying);
    }
    if let Some(content) = argument("content").or_else(|| argument("file_text")) {
        change("", content, saying);
    }
}

/// Returns a path without what comes before the folder of all worktrees; what is no path in one stays as it is.
///
/// Agents name files from the root down, which pushes the name out of sight. Which worktree it is stays to be seen.
pub(super) fn shorter(words: &str) -> String {
    let is_path = words.starts_with('/') && !words.contains(char::is_whitespace);
    let inside = words.split_once(WORKTREES).filter(|_| is_path);
    inside.map_or_else(|| words.to_owned(), |(_, path)| format!("…/{path}"))
}

/// Adds the name of a tool and what it is used on, the further lines of which stand below.
pub(super) fn title(name: &str, words: &str, saying: &mut Saying) {
    let words = words.trim();
    let (first, rest) = words.split_once('\n').unwrap_or((words, ""));
    let gap = if first.is_empty() { "" } else { "  " };
    saying.line(&[
        ("▸ ", Look::Tool),
        (name, Look::Tool),
        (gap, Look::Plain),
        (first, Look::Plain),
    ]);
    saying.text("    ", rest, (Look::Plain, Length::First(CHANGE)));
}

/// Adds what was taken out and what was put in.
fn change(old: &str, new: &str, saying: &mut Saying) {
    saying.text("  - ", old, (Look::Bad, Length::First(CHANGE)));
    saying.text("  + ", new, (Look::Good, Length::First(CHANGE)));
}
