//! The presets that there are: those built in and the user's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;

use super::duration::Friendly;
use super::extend;
use super::finding::{ConfigErrors, Finding, Findings};
use super::input::Input;
use super::leaves;
use super::name;
use super::nearest::hint;
use super::node::{Node, Value};
use super::pattern;
use super::placeholder;
use super::preset::Preset;
use super::read::Reading;
use super::response::On;
use super::source;
use crate::core::policy::Responses;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../config/agents/", $name, ".yaml"))),)*]
    };
}

/// The presets that are built in, by name: the files of `config/agents`. One that extends another stands behind it.
const BUILT_IN: &[(&str, &str)] = built_in![
    "aider",
    "claude-api",
    "claude-code",
    "codex",
    "command",
    "copilot",
    "gemini",
    "goose",
    "openai-api",
    "opencode",
    "replica",
    "race",
    "vote",
];

/// The presets by name.
pub type Presets = IndexMap<String, Preset>;

/// Returns the presets that there are, the user's own in this folder for configuration among them.
pub fn presets(user: Option<&Path>) -> Result<Presets, ConfigErrors> {
    let mut input = Input::default();
    let presets = read(user.map(|user| user.join("agents")).as_deref(), &mut input);
    let Input { sources, findings } = input;
    let errors: Vec<_> = findings.into_iter().filter(Finding::is_error).collect();
    if errors.is_empty() {
        return Ok(presets);
    }
    Err(ConfigErrors(Findings::new(errors, Arc::new(sources))))
}

/// Reads the presets that are built in, and those in this folder, which add to them or replace them.
pub(super) fn read(folder: Option<&Path>, input: &mut Input) -> Presets {
    let mut presets = Presets::new();
    for (name, text) in BUILT_IN {
        let shown = format!("<built in>/agents/{name}.yaml");
        let own = preset(&shown, text, Author::Ostler, input);
        if let Some(preset) = own.and_then(|own| own.complete(&presets, input)) {
            presets.insert((*name).to_owned(), preset);
        }
    }
    let Some(folder) = folder else { return presets };
    input.sources.depends_on(folder);
    let mut left = own(folder, input);
    while !left.is_empty() {
        let waits = |(name, own): &(String, Written)| {
            let base = own.preset.extends.as_ref().filter(|base| *base != name);
            base.is_some_and(|base| left.iter().any(|(name, _)| name == base))
        };
        // Of those that extend each other in a circle, the first finds nothing to extend, or what is built in.
        let next = left.iter().position(|one| !waits(one)).unwrap_or(0);
        let (name, own) = left.remove(next);
        if let Some(preset) = own.complete(&presets, input) {
            presets.insert(name, preset);
        }
    }
    presets
}

/// A preset as it is written.
struct Written {
    preset: Preset,
    node: Node,
    source: usize,
}

impl Written {
    /// Adds what the preset that it extends says.
    fn complete(self, known: &Presets, input: &mut Input) -> Option<Preset> {
        let Self { preset, node, source } = self;
        let Some(name) = &preset.extends else { return Some(preset) };
        if let Some(base) = known.get(name) {
            return Some(extend::over(preset, base, &node));
        }
        let place = node.get("extends").unwrap_or(&node);
        let finding = Finding::error(format!("there is no preset `{name}` to extend"));
        let help = hint(name, "presets", known.keys().map(String::as_str));
        input.push(finding.at(source::Place::new(source, &place.span)).maybe_help(help));
        None
    }
}

/// Reads the user's presets as they are written, in the order of their names.
fn own(folder: &Path, input: &mut Input) -> Vec<(String, Written)> {
    let mut all = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return all };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    paths.sort();
    for path in paths {
        let shown = path.display().to_string();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_default();
        if let Err(why) = name::check(&stem) {
            input.push(Finding::error(format!(
                "{shown}: a preset cannot be called `{stem}`: {why}"
            )));
            continue;
        }
        match source::read(&path) {
            Ok(text) => {
                if let Some(mut own) = preset(&shown, &text, Author::User, input) {
                    own.preset.file = Some(path);
                    all.push((stem, own));
                }
            }
            Err(why) => {
                input.push(Finding::error(format!("cannot read the preset {shown}: {why}")));
            }
        }
    }
    all
}

/// Who wrote a preset.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// It is built in. A test has compiled its regular expressions, which takes longer than all else in a start.
    Ostler,
    /// It is the user's own.
    User,
}

fn preset(shown: &str, text: &str, author: Author, input: &mut Input) -> Option<Written> {
    let (source, node) = input.tree(shown, text)?;
    let mut reading = Reading::new(source, text, &mut input.findings);
    duplicates(&node, &mut reading);
    if let Value::Null = node.value {
        reading.error(&node, "an empty preset", Some("give it `about` and `command`".to_owned()));
        return None;
    }
    let mut preset: Preset = reading.serde(&node)?;
    if let Some(on) = node.get("on") {
        preset.on = responses(on, &mut reading)?;
    }
    if author == Author::User
        && let Some(output) = node.get("output")
    {
        pattern::check(&preset.output, output, &mut reading);
    }
    numbers(&preset, &node, &mut reading);
    for (text, span) in node.get("leaves").map(texts).unwrap_or_default() {
        if let Err(why) = leaves::check(&text) {
            let place = source::Place::new(source, &span);
            let message = format!("`{}` {why}", text.escape_debug());
            input.push(Finding::error(message).at(place));
        }
    }
    for key in ["command", "probe", "resume", "env"] {
        for (text, span) in node.get(key).map(texts).unwrap_or_default() {
            placeholder::check(
                &text,
                super::source::Place::new(source, &span),
                &mut input.findings,
            );
        }
    }
    Some(Written { preset, node, source })
}

/// Reads what is done about failures.
fn responses(node: &Node, into: &mut Reading<'_>) -> Option<Responses> {
    let on = into.value::<On>(node)?.value;
    if on.exhausted.is_some() {
        into.error(node, "`chain_exhausted` is no matter of one agent", None);
    }
    Some(on.responses())
}

/// Records keys that stand in one map twice: serde would take the last one without a word.
fn duplicates(node: &Node, into: &mut Reading<'_>) {
    match &node.value {
        Value::Map(entries) => {
            into.entries(node);
            for (_, value) in entries {
                duplicates(value, into);
            }
        }
        Value::List(items) => {
            for item in items {
                duplicates(item, into);
            }
        }
        _ => {}
    }
}

/// Records numbers that cannot be.
fn numbers(preset: &Preset, node: &Node, into: &mut Reading<'_>) {
    let retry = node.get("retry");
    if preset.retry.jitter.is_some_and(|jitter| !(0.0..=1.0).contains(&jitter))
        && let Some(jitter) = retry.and_then(|retry| retry.get("jitter"))
    {
        into.wrong_number(jitter, "a share from 0 to 1");
    }
    if preset.max_workers == Some(0)
        && let Some(node) = node.get("max_workers")
    {
        into.error(node, "with 0, no replica would ever start", None);
    }
    let Some(timeout) = node.get("timeout") else { return };
    let hard = preset.timeout.hard.map(|Friendly(hard)| hard);
    if hard == Some(Duration::ZERO)
        && let Some(hard) = timeout.get("hard")
    {
        into.error(hard, "a hard timeout of nothing ends every attempt at once", None);
    }
    let soft = preset.timeout.soft.and_then(super::duration::Limit::duration);
    if let (Some(soft), Some(hard)) = (soft, hard)
        && soft >= hard
        && let Some(node) = timeout.get("soft")
    {
        into.error(node, "the soft timeout is not below the hard one", None);
    }
    if preset.command.is_empty() && preset.unavailable.is_none() && node.get("command").is_some() {
        into.error(node.get("command").unwrap_or(node), "a command without a program", None);
    }
}

/// Returns all texts inside a value and where they stand.
fn texts(node: &Node) -> Vec<(String, std::ops::Range<usize>)> {
    match &node.value {
        Value::Text(text) => vec![(text.clone(), node.span.clone())],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, value)| texts(value)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_right() {
        for (name, text) in BUILT_IN {
            let mut input = Input::default();
            assert!(preset(name, text, Author::User, &mut input).is_some(), "{name}");
            assert!(input.findings.is_empty(), "{name}: {:?}", input.findings);
        }
    }
}
