//! What is known of coding tools: presets, verdicts, progress, prompts, commands, probes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod accounts;
mod commands;
mod demo_scripts;
mod hopeless;
mod probes;
mod progress;
mod prompts;
mod prose;
mod questions;
mod quoted;
mod resets;
mod sessions;
mod transcripts;

use std::sync::LazyLock;

use ostler::agents::classify::Reader;
use ostler::config::preset::Patterns;
use ostler::core::time::Timestamp;
use ostler::core::verdict::{Exit, Verdict};

/// 2026-11-22T12:00:00Z, in milliseconds.
const NOON: Timestamp = Timestamp(1_795_348_800_000);

/// Every preset that is built in, by name.
const PRESETS: &[(&str, &str)] = &[
    ("aider", include_str!("../../config/agents/aider.yaml")),
    ("claude-api", include_str!("../../config/agents/claude-api.yaml")),
    ("claude-code", include_str!("../../config/agents/claude-code.yaml")),
    ("codex", include_str!("../../config/agents/codex.yaml")),
    ("command", include_str!("../../config/agents/command.yaml")),
    ("copilot", include_str!("../../config/agents/copilot.yaml")),
    ("gemini", include_str!("../../config/agents/gemini.yaml")),
    ("goose", include_str!("../../config/agents/goose.yaml")),
    ("openai-api", include_str!("../../config/agents/openai-api.yaml")),
    ("opencode", include_str!("../../config/agents/opencode.yaml")),
    ("replica", include_str!("../../config/agents/replica.yaml")),
];

fn patterns(yaml: &str) -> Patterns {
    let preset: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
    preset
        .get("output")
        .map_or_else(Patterns::default, |output| serde_yaml::from_value(output.clone()).unwrap())
}

/// The readers of all presets, made once: their expressions take longer than what they are tried on.
static READERS: LazyLock<Vec<(&str, Reader)>> = LazyLock::new(|| {
    let made =
        |(name, yaml): &(&'static str, &str)| (*name, Reader::new(name, &patterns(yaml)).unwrap());
    PRESETS.iter().map(made).collect()
});

fn reader(name: &str) -> Reader {
    let (_, reader) = READERS.iter().find(|(known, _)| *known == name).unwrap();
    reader.clone()
}

fn verdict(preset: &str, log: &str, exit: i32) -> Verdict {
    let mut log = std::io::Cursor::new(log.as_bytes());
    reader(preset).classify(&mut log, &Exit::Code(exit), NOON).unwrap()
}

#[test]
fn the_patterns_of_every_preset_are_valid() {
    for (name, yaml) in PRESETS {
        Reader::new(name, &patterns(yaml)).unwrap();
    }
}
