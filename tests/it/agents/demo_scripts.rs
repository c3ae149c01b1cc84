//! The demo's agents, run for real in repositories of their own.

#[path = "../../../src/cli/demo/files.rs"]
mod files;

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ostler::agents::classify::Reader;
use ostler::agents::status;
use ostler::config::preset::Patterns;
use ostler::core::FailureClass;
use ostler::core::verdict::{Exit, Verdict};
use tempfile::TempDir;

use super::NOON;

struct Demo {
    folder: TempDir,
    config: serde_yaml::Value,
}

struct Run {
    verdict: Verdict,
    log: Vec<u8>,
    check: bool,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text, mode) in files::FILES {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let bits = if *mode == files::Mode::Executable { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
        }
        let demo = Self {
            config: serde_yaml::from_str(&files::config(&folder.path().join("agents"), 0.01))
                .unwrap(),
            folder,
        };
        demo.git(&["init", "-q", "-b", "main"]);
        demo.git(&["add", "-A"]);
        demo.git(&[
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.invalid",
            "commit",
            "-qm",
            "base",
        ]);
        demo
    }

    fn repo(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git").args(arguments).current_dir(self.repo()).status().unwrap();
        assert!(status.success());
    }

    /// Runs an agent as a chain would.
    fn run(&self, agent: &str, workstream: &str, attempt: u32, prompt: &str) -> Run {
        let prompt_file = self.folder.path().join("prompt.md");
        fs::write(&prompt_file, prompt).unwrap();
        let settings = &self.config["agents"][agent];
        let script = settings["command"][1].as_str().unwrap();
        let output = Command::new("sh")
            .args([script, prompt_file.to_str().unwrap()])
            .current_dir(self.repo())
            .stdin(Stdio::null())
            .env("OSTLER_WORKSTREAM", workstream)
            .env("OSTLER_ATTEMPT", attempt.to_string())
            .env("OSTLER_STATUS", self.status())
            .env("OSTLER_DEMO_PACE", "0.01")
            .env("OSTLER_DEMO_RESET", "6")
            .env("OSTLER_DEMO_SLOW", "0.01")
            .output()
            .unwrap();
        let patterns: Patterns = serde_yaml::from_value(settings["output"].clone()).unwrap();
        let log = [output.stdout, output.stderr].concat();
        let exit = output.status.code().map_or(Exit::Signal(6), Exit::Code);
        let reader = Reader::new(agent, &patterns).unwrap();
        let verdict = reader.classify(&mut Cursor::new(&log), &exit, NOON).unwrap();
        Run { verdict, log, check: self.check(workstream) }
    }

    fn status(&self) -> PathBuf {
        self.folder.path().join("status")
    }

    fn check(&self, workstream: &str) -> bool {
        let workstreams = self.config["workstreams"].as_sequence().unwrap();
        let found = workstreams.iter().find(|found| found["id"].as_str() == Some(workstream));
        let check = found.unwrap()["check"].as_str().unwrap();
        let output = Command::new("sh").args(["-c", check]).current_dir(self.repo()).output();
        output.unwrap().status.success()
    }
}

fn class(run: &Run) -> Option<FailureClass> {
    match &run.verdict {
        Verdict::Failure { class, .. } => Some(*class),
        Verdict::Success(_) | Verdict::Silent => None,
    }
}

fn does_all_the_work(agent: &str) {
    let demo = Demo::new();
    for number in 1..=10 {
        let workstream = format!("ws-{number:02}");
        assert!(!demo.check(&workstream), "{workstream} is done before anybody worked on it");
        let run = demo.run(agent, &workstream, 9, "## The operator says\n\ngo on\n");
        let Run { verdict, log, check } = run;
        assert!(matches!(verdict, Verdict::Success(_)), "{workstream}: {verdict:?}");
        assert!(check, "{workstream}: {}", String::from_utf8_lossy(&log));
    }
}

#[test]
fn swift_does_the_work_of_every_workstream() {
    does_all_the_work("swift");
}

#[test]
fn steady_does_the_work_of_every_workstream() {
    does_all_the_work("steady");
}

#[test]
fn thorough_does_the_work_of_every_workstream() {
    does_all_the_work("thorough");
}

#[test]
fn failures_of_the_demo_are_read_as_what_they_are() {
    let demo = Demo::new();
    let reset = demo.run("swift", "ws-02", 1, "");
    assert_eq!(class(&reset), Some(FailureClass::Network));
    let limited = demo.run("swift", "ws-03", 1, "");
    let Verdict::Failure { class: FailureClass::RateLimit, reset: Some(at), .. } = limited.verdict
    else {
        panic!("{:?}", limited.verdict)
    };
    assert_eq!(at.since(NOON).as_secs(), 6);
    assert_eq!(class(&demo.run("swift", "ws-04", 1, "")), Some(FailureClass::Auth));
    assert_eq!(class(&demo.run("steady", "ws-04", 2, "")), Some(FailureClass::InvalidResponse));
    assert_eq!(class(&demo.run("swift", "ws-10", 1, "")), Some(FailureClass::ContextOverflow));
    assert_eq!(demo.run("steady", "ws-10", 2, "").verdict, Verdict::Silent);
    assert_eq!(class(&demo.run("thorough", "ws-10", 3, "")), Some(FailureClass::Refusal));
    let status = status::read(&demo.status()).unwrap().unwrap();
    assert_eq!((status.done, status.total, status.text.as_str()), (3, 8, "decoding the records"));
}

#[test]
fn a_failed_check_that_is_fed_back_is_put_right() {
    let demo = Demo::new();
    let first = demo.run("swift", "ws-07", 1, "");
    assert!(matches!(first.verdict, Verdict::Success(_)));
    assert!(!first.check);
    let second = demo.run("swift", "ws-07", 2, "not ok 3 - three copies: expected 2700, got 2850");
    assert!(second.check);
}

#[test]
fn the_template_is_filled_in_completely() {
    for pace in [0.01, 0.1, 1.0, 2.0] {
        let text = files::config(Path::new("/nowhere/agents"), pace);
        let left = text.lines().filter(|line| !line.starts_with('#') && line.contains('@'));
        assert_eq!(left.count(), 0, "{text}");
    }
}

#[test]
fn the_configuration_is_right() {
    let folder = tempfile::tempdir().unwrap();
    for pace in [0.1, 1.0] {
        let text = files::config(&folder.path().join("agents"), pace);
        fs::write(folder.path().join("ostler.yaml"), text).unwrap();
        let loaded = ostler::config::load::load_with(folder.path(), None, None)
            .unwrap_or_else(|errors| panic!("{}", errors.render(ostler::config::Colour::Plain)));
        assert_eq!(loaded.plan.workstreams.len(), 10);
        assert_eq!(loaded.plan.agents.len(), 3);
        assert_eq!(loaded.warnings.render(ostler::config::Colour::Plain), "");
    }
}

#[test]
fn every_preset_that_is_built_in_makes_an_agent() {
    let folder = tempfile::tempdir().unwrap();
    let names = super::PRESETS.iter().map(|(name, _)| *name).filter(|name| *name != "command");
    let chain = names.collect::<Vec<_>>().join(", ");
    let text = format!("chain: [{chain}]\nworkstreams: [{{ id: a, title: A, prompt: a }}]\n");
    fs::write(folder.path().join("ostler.yaml"), text).unwrap();
    let loaded = ostler::config::load::load_with(folder.path(), None, None)
        .unwrap_or_else(|errors| panic!("{}", errors.render(ostler::config::Colour::Plain)));
    for agent in loaded.plan.agents.values() {
        Reader::new(&agent.preset, &agent.patterns).unwrap();
        assert!(!agent.command.iter().any(|argument| argument.contains("{model}")));
    }
    assert_eq!(loaded.plan.agents.len(), super::PRESETS.len() - 1);
}
