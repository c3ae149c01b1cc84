//! A worktree for an agent, and one run of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ostler::agents::classify::Reader;
use ostler::config::preset::Patterns;
use ostler::core::FailureClass;
use ostler::core::time::Timestamp;
use ostler::core::verdict::{Exit, Verdict};
use serde_json::Value;
use tempfile::TempDir;

use super::server::Server;

/// 2026-11-22T12:00:00Z, in milliseconds.
pub const NOON: Timestamp = Timestamp(1_795_348_800_000);
/// The key that must never be seen.
pub const KEY: &str = "sk-secret-0123456789";

/// A repository with a few files.
#[derive(Debug)]
pub struct Bench {
    place: TempDir,
    pub root: PathBuf,
    pub prompt: String,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    pub log: String,
    agent: &'static str,
}

impl Bench {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        let prompt = "# Split it\n\nSplit the function.\n".to_owned();
        let bench = Self { place, root, prompt };
        bench.write("src/main.rs", "fn main() {\n    one();\n    two();\n}\n");
        bench.write("README.md", "# Shop\n");
        let repository = git2::Repository::init(&bench.root).unwrap();
        let mut index = repository.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.write().unwrap();
        bench.write(".env", "PASSWORD=hidden\n");
        bench
    }

    /// A directory beside the repository.
    pub fn outside(&self) -> &Path {
        self.place.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap()
    }

    /// Runs the agent for Claude.
    pub fn claude(&self, server: &Server, arguments: &[&str]) -> Ran {
        self.run("claude-api", &server.url(), arguments)
    }

    /// Runs the agent for `OpenAI`.
    pub fn openai(&self, server: &Server, arguments: &[&str]) -> Ran {
        self.run("openai-api", &format!("{}/v1", server.url()), arguments)
    }

    pub fn run(&self, agent: &'static str, base: &str, arguments: &[&str]) -> Ran {
        let prompt = self.outside().join("prompt.md");
        fs::write(&prompt, &self.prompt).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_ostler"))
            .args(["agent", agent, "--model", "m-1", "--delay-ms", "0", "--retries", "2"])
            .args(arguments)
            .current_dir(&self.root)
            .env_clear()
            .env("OSTLER_PROMPT_FILE", prompt)
            .envs([("ANTHROPIC_API_KEY", KEY), ("OPENAI_API_KEY", KEY)])
            .envs([("ANTHROPIC_BASE_URL", base), ("OPENAI_BASE_URL", base)])
            .output()
            .unwrap();
        let log = [output.stdout, output.stderr].concat();
        let log = String::from_utf8(log).unwrap();
        assert!(!log.contains(KEY), "the key is in the log: {log}");
        Ran { exit: output.status.code().unwrap(), log, agent }
    }

    /// The names of all files but git's own, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.ends_with(".git") {
                    continue;
                }
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.root).unwrap();
                    found.push(name.display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

impl Ran {
    /// Returns the verdict that the agent's preset comes to.
    pub fn verdict(&self) -> Verdict {
        let yaml = match self.agent {
            "claude-api" => include_str!("../../../config/agents/claude-api.yaml"),
            _ => include_str!("../../../config/agents/openai-api.yaml"),
        };
        let preset: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
        let output = preset.get("output").unwrap().clone();
        let patterns: Patterns = serde_yaml::from_value(output).unwrap();
        let reader = Reader::new(self.agent, &patterns).unwrap();
        let mut log = std::io::Cursor::new(self.log.as_bytes());
        reader.classify(&mut log, &Exit::Code(self.exit), NOON).unwrap()
    }

    /// Returns the class of its failure, and how many seconds after its end it works again.
    pub fn failure(&self) -> (FailureClass, Option<u64>) {
        match self.verdict() {
            Verdict::Failure { class, reset, .. } => {
                (class, reset.map(|at| at.since(NOON).as_secs()))
            }
            other => panic!("no failure but {other:?}: {}", self.log),
        }
    }

    /// Returns the lines of one type.
    pub fn lines(&self, kind: &str) -> Vec<Value> {
        let lines = self.log.lines().filter_map(|line| serde_json::from_str(line).ok());
        lines.filter(|line: &Value| line["type"] == kind).collect()
    }

    /// Returns the messages of the lines of one type.
    pub fn messages(&self, kind: &str) -> Vec<String> {
        let text = |line: &Value| line["message"].as_str().unwrap_or_default().to_owned();
        self.lines(kind).iter().map(text).collect()
    }

    pub fn assert_done(&self) {
        assert!(matches!(self.verdict(), Verdict::Success(_)), "{}", self.log);
        assert_eq!(self.exit, 0, "{}", self.log);
    }
}
