//! A project in a directory of its own, the program at work in it, and the certainty that nothing of it is left.
//!
//! Everything is the real thing: a repository made by git, agents that are shell scripts, the program as users run it.
//! Waits are for what must come, with a limit that a loaded machine keeps; nothing waits for time to pass.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

pub mod left;
mod running;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ostler::core::phase::PhaseWord;
use ostler::core::{Attempt, AttemptOutcome, Workstream};
use ostler::supervisor::journal::Replay;
use serde_json::Value;
use tempfile::TempDir;

use crate::pty::Terminal;
pub use running::{Running, Said};

/// The longest that anything may take on a loaded machine.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The timings that most tests want: nothing waits, nothing warns, and agents that fail are tried again.
pub const QUICK: &str = "
grace: 300ms
timeout: { soft: off, hard: 5m, idle: off }
retry: { max: 0, backoff: none }
limits: { parallel: 8 }
breaker: { failures: 0 }
storm: { workstreams: 0 }
";

/// A project in a directory of its own, which goes away with it.
pub struct Project {
    _dir: TempDir,
    /// The directory; in configurations and scripts it is written `$HOME`.
    pub home: PathBuf,
    /// The repository in it.
    pub root: PathBuf,
    /// The user that everything runs as; none for the one who runs the tests.
    user: Option<u32>,
}

impl Project {
    /// A repository with one commit, and [`QUICK`] and this as its configuration.
    pub fn new(config: &str) -> Self {
        let project = Self::without_config();
        project.configure(config);
        project
    }

    /// A repository with one commit and no configuration.
    pub fn without_config() -> Self {
        let project = Self::bare_ground();
        fs::create_dir(&project.root).unwrap();
        project.git(&["init", "-q", "-b", "main"]);
        fs::write(project.root.join("README.md"), "a project\n").unwrap();
        project.git(&["add", "."]);
        project.git(&["commit", "-qm", "first"]);
        project
    }

    /// A directory, and none yet for the repository in it.
    pub fn bare_ground() -> Self {
        let dir = tempfile::Builder::new().prefix("ostler-test-").tempdir().unwrap();
        let home = dir.path().canonicalize().unwrap();
        let root = home.join("repo");
        Self { _dir: dir, home, root, user: None }
    }

    /// Writes the configuration, [`QUICK`] before it.
    pub fn configure(&self, config: &str) {
        self.configure_as(&format!("{QUICK}{config}"));
    }

    /// Writes the configuration as it is given, whole or not at all.
    pub fn configure_as(&self, config: &str) {
        let text = config.replace("$HOME", &self.home.display().to_string());
        let draft = self.home.join("draft.yaml");
        fs::write(&draft, text).unwrap();
        fs::rename(draft, self.root.join("ostler.yaml")).unwrap();
    }

    /// Runs git as a user would, isolated from the settings of whoever runs the tests.
    pub fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Runs git likewise where it may fail.
    pub fn try_git(&self, args: &[&str]) -> Output {
        let mut git = match self.user {
            None => Command::new("git"),
            Some(user) => as_user(user, "git"),
        };
        isolate(&mut git, &self.home);
        for setting in ["user.name=a", "user.email=a@b", "gc.auto=0"] {
            git.arg("-c").arg(setting);
        }
        git.arg("-C").arg(&self.root).args(args).output().unwrap()
    }

    /// The program with these arguments, in the repository, with directories of this project alone.
    pub fn command(&self, args: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_ostler");
        let mut command = match self.user {
            None => Command::new(program),
            Some(user) => as_user(user, program),
        };
        isolate(&mut command, &self.home);
        command.current_dir(if self.root.is_dir() { &self.root } else { &self.home });
        command.args(args);
        command
    }

    /// Gives everything to a user who is nobody else's; none, and a line that says so, where only root could.
    pub fn of_a_user(mut self) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let user = 1_000_000 + std::process::id() * 16 + COUNT.fetch_add(1, Ordering::Relaxed);
        let mut chown = Command::new("chown");
        let given = chown.arg("-R").arg(format!("{user}:{user}")).arg(&self.home).output().unwrap();
        self.user = given.status.success().then_some(user);
        // What was built may lie where another user cannot go.
        let runs = self.user.is_some()
            && self.command(&["--version"]).output().is_ok_and(|output| output.status.success());
        if !runs {
            eprintln!(
                "skipped: only root can be another user, and only where others may run what was built"
            );
            self.user = None;
            return None;
        }
        Some(self)
    }

    /// Runs a program of the system as whoever runs the rest, and returns what it printed.
    pub fn system(&self, program: &str, args: &[&str]) -> String {
        let mut command = match self.user {
            None => Command::new(program),
            Some(user) => as_user(user, program),
        };
        let output = command.args(args).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Runs the program to its end.
    pub fn run(&self, args: &[&str]) -> Said {
        Running::start(self.command(args), &self.home).join()
    }

    /// Runs the program to its end, which must be a good one, and returns what it printed.
    pub fn ok(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, Some(0), "ostler {args:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Starts the program and lets it run.
    pub fn start(&self, args: &[&str]) -> Running {
        Running::start(self.command(args), &self.home)
    }

    /// Opens the screen in a terminal of this many columns and rows.
    pub fn screen(&self, size: (u16, u16)) -> Terminal {
        Terminal::start(&self.command(&[]), size)
    }

    /// Runs all workstreams without a screen, to the end.
    pub fn headless(&self) -> Said {
        self.run(&["up", "--headless"])
    }

    /// What `status --json` tells.
    pub fn status(&self) -> Value {
        serde_json::from_str(&self.ok(&["status", "--json"])).unwrap()
    }

    /// What `status --json` tells of one workstream.
    pub fn workstream(&self, id: &str) -> Value {
        let status = self.status();
        let found = status["workstreams"].as_array().unwrap().iter().find(|it| it["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {status}")).clone()
    }

    /// The directory with the project's state; none before there is any.
    pub fn find_state(&self) -> Option<PathBuf> {
        let host = fs::read_dir(self.home.join("state/ostler/v1")).ok()?.next()?.unwrap().path();
        fs::read_dir(host).ok()?.next().map(|entry| entry.unwrap().path())
    }

    /// The directory with the project's state.
    pub fn state(&self) -> PathBuf {
        self.find_state().unwrap()
    }

    /// The directory with the files of a workstream.
    pub fn files(&self, id: &str) -> PathBuf {
        self.state().join("ws").join(id)
    }

    /// A workstream as its journal tells; none before there is one.
    pub fn replay(&self, id: &str) -> Option<Workstream> {
        let mut replay = Replay::new(&self.find_state()?.join("ws").join(id));
        replay.advance().ok()?;
        replay.state
    }

    /// Waits until a workstream is in this phase.
    pub fn until_phase(&self, id: &str, phase: PhaseWord) -> Workstream {
        self.until(&format!("{phase} of {id}"), || {
            self.replay(id).filter(|state| state.phase.word() == phase)
        })
    }

    /// Waits until an agent of a workstream runs, and says which process it is.
    pub fn until_running(&self, id: &str) -> Agent {
        self.until(&format!("agent of {id}"), || self.agent(id))
    }

    /// The agent of a workstream that runs now.
    pub fn agent(&self, id: &str) -> Option<Agent> {
        let state = self.replay(id)?;
        let ostler::core::Phase::Running(running) = &state.phase else { return None };
        let (pid, start) = (running.agent.pid, running.agent.start);
        Some(Agent { attempt: running.launch.attempt.0, pid, start, keeper: running.keeper.pid })
    }

    /// Waits for what must come, and says where everything stands if it does not.
    pub fn until<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        let found = wait(LIMIT, look);
        found.unwrap_or_else(|| panic!("no {what} within {LIMIT:?}\n{}", self.tell()))
    }

    /// Waits until no process has anything to do with this project.
    pub fn until_nothing_is_left(&self) {
        self.until("end of all", || left::of(&self.home).is_empty().then_some(()));
    }

    /// Waits until a file of the project's directory is there, and returns what is in it.
    pub fn until_file(&self, name: &str) -> String {
        self.until(name, || fs::read_to_string(self.home.join(name)).ok())
    }

    /// Waits until a file of the project's directory has a whole line, and returns it.
    pub fn until_line(&self, name: &str) -> String {
        let path = self.home.join(name);
        let whole = |text: &String| text.ends_with('\n');
        let text = self.until(name, || fs::read_to_string(&path).ok().filter(whole));
        text.trim_end().to_owned()
    }

    /// Makes a file that agents wait for.
    pub fn touch(&self, name: &str) {
        fs::write(self.home.join(name), "").unwrap();
    }

    /// Reads a file of the project's directory.
    pub fn read(&self, name: &str) -> String {
        let path = self.home.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The log of an attempt.
    pub fn log(&self, id: &str, attempt: u32) -> String {
        fs::read_to_string(self.log_path(id, attempt)).unwrap()
    }

    /// The path of the log of an attempt.
    pub fn log_path(&self, id: &str, attempt: u32) -> PathBuf {
        self.files(id).join(attempt.to_string()).join("run/out.log")
    }

    /// What an attempt was told.
    pub fn prompt(&self, id: &str, attempt: u32) -> String {
        fs::read_to_string(self.files(id).join(attempt.to_string()).join("prompt.md")).unwrap()
    }

    /// Checks that what is told of each workstream is what its journal amounts to, event by event.
    fn assert_told_as_written(&self) {
        let told = || {
            let said = self.run(&["status", "--json"]);
            serde_json::from_str::<Value>(&said.out).ok()
        };
        // A configuration that is wrong by now tells nothing, and what is still at work tells something else each time.
        if !self.root.is_dir() || !left::of(&self.home).is_empty() {
            return;
        }
        let Some(told) = told() else { return };
        for workstream in told["workstreams"].as_array().into_iter().flatten() {
            let files = self.files(workstream["id"].as_str().unwrap());
            let journal = fs::read_to_string(files.join("journal.jsonl"));
            if let (Ok(journal), true) = (journal, workstream["trouble"].is_null()) {
                let state = crate::replay::journal(&journal);
                assert_eq!(workstream["phase"], state.phase.word().as_str());
                assert_eq!(workstream["attempts"], serde_json::to_value(&state.attempts).unwrap());
            }
        }
    }

    /// Everything that helps to understand a test that failed.
    pub fn tell(&self) -> String {
        let mut told = String::new();
        let Some(state) = self.find_state() else { return "there is no state".to_owned() };
        for entry in fs::read_dir(state.join("ws")).into_iter().flatten().flatten() {
            let journal = fs::read_to_string(entry.path().join("journal.jsonl"));
            let lines: Vec<String> =
                journal.unwrap_or_default().lines().map(|line| cut(line, 400)).collect();
            told += &["--- ", &entry.path().display().to_string(), "\n", &lines.join("\n"), "\n"]
                .concat();
        }
        for entry in fs::read_dir(state.join("log")).into_iter().flatten().flatten() {
            told += &fs::read_to_string(entry.path()).unwrap_or_default();
        }
        told + &left::of(&self.home).join("\n")
    }
}

/// The beginning of a line.
fn cut(line: &str, limit: usize) -> String {
    line.chars().take(limit).collect()
}

impl Drop for Project {
    /// Ends all that still runs, and fails the test if something cannot be ended by the program's own means.
    fn drop(&mut self) {
        if std::thread::panicking() {
            left::kill_all(&self.home);
            return;
        }
        self.assert_told_as_written();
        if !left::of(&self.home).is_empty() {
            let said = self.run(&["worker", "--stop"]);
            let told = format!("{}{}", said.out, said.err);
            assert!(said.code.is_some(), "worker --stop: {told}");
        }
        let gone = wait(LIMIT, || left::of(&self.home).is_empty().then_some(()));
        if gone.is_none() {
            let told = self.tell();
            left::kill_all(&self.home);
            panic!("something is left:\n{told}");
        }
    }
}

/// An agent at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent {
    pub attempt: u32,
    pub pid: u32,
    pub start: u64,
    pub keeper: u32,
}

/// A program that another user runs.
fn as_user(user: u32, program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={user}"));
    command.args(["--clear-groups", program]);
    command
}

/// Gives a command the directories of one project and nothing of whoever runs the tests.
fn isolate(command: &mut Command, home: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_ostler"));
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("HOME", home)
        .env("XDG_STATE_HOME", home.join("state"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm-256color")
        .env("SHELL", "/bin/sh")
        .env("TZ", "UTC")
        .env("RUST_BACKTRACE", "1");
}

/// Waits for what must come; none if it does not within the limit.
pub fn wait<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() > limit {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The attempts that were started or skipped, as words: `1 good succeeded`.
pub fn story(state: &Workstream) -> Vec<String> {
    let word = |attempt: &Attempt| match &attempt.outcome {
        AttemptOutcome::Open => "open".to_owned(),
        AttemptOutcome::Skipped => "skipped".to_owned(),
        AttemptOutcome::Failed(class) => class.word().to_owned(),
        AttemptOutcome::Stopped => "stopped".to_owned(),
        AttemptOutcome::Succeeded => "succeeded".to_owned(),
    };
    let line = |it: &Attempt| format!("{} {} {}", it.id, it.agent, word(it));
    state.attempts.iter().map(line).collect()
}
