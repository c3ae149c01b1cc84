//! The project of one round: a repository, a configuration, and scripts that are its agents.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::disk::Disk;
use super::rng::Rng;

/// The workstreams of a round.
pub const WORKSTREAMS: usize = 10;
/// Attempts for which there is a plan; those after them succeed.
const PLANNED: u32 = 8;
/// A command that has not ended after this long hangs.
const COMMAND_LIMIT: Duration = Duration::from_secs(40);

/// The place of one round.
pub struct Place {
    pub root: PathBuf,
    pub program: PathBuf,
    /// How many supervisors were started.
    started: u32,
    /// The small disk with the state, where one can be had.
    pub disk: Option<Disk>,
}

/// What a command said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub error: String,
}

impl Place {
    pub fn make(program: &Path, seed: u64, rng: &mut Rng) -> io::Result<Self> {
        let root = std::env::temp_dir().join(format!("chaos-{}-{seed}", std::process::id()));
        for dir in ["out", "plan", "home", "repo", "logs"] {
            fs::create_dir_all(root.join(dir))?;
        }
        let disk = Disk::mount(&root.join("state"));
        let place = Self { root, program: program.to_owned(), started: 0, disk };
        fs::write(place.root.join("agent.sh"), include_str!("agent.sh"))?;
        fs::write(place.root.join("check.sh"), include_str!("check.sh"))?;
        fs::write(place.repo().join("ostler.yaml"), place.configuration(rng))?;
        fs::write(place.repo().join("README"), "a project\n")?;
        fs::write(place.repo().join(".gitignore"), ".worktrees\n")?;
        for arguments in [
            &["init", "-q", "-b", "main"][..],
            &["add", "."],
            &[
                "-c",
                "user.name=Chaos",
                "-c",
                "user.email=chaos@example.org",
                "commit",
                "-qm",
                "start",
            ],
        ] {
            let said = place.run(Command::new("git").args(arguments))?;
            if said.code != Some(0) {
                return Err(io::Error::other(format!("git {arguments:?}: {}", said.error)));
            }
        }
        place.plan(rng)?;
        Ok(place)
    }

    pub fn repo(&self) -> PathBuf {
        self.root.join("repo")
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.root.join("out").join(name)
    }

    /// Reads what the agents noted; empty if nothing was.
    pub fn noted(&self, name: &str) -> String {
        fs::read_to_string(self.out(name)).unwrap_or_default()
    }

    /// Returns the state directory of the project, once there is one.
    pub fn state(&self) -> Option<PathBuf> {
        let hosts = self.root.join("state/ostler/v1");
        let host = fs::read_dir(hosts).ok()?.flatten().next()?.path();
        Some(fs::read_dir(host).ok()?.flatten().next()?.path())
    }

    fn configuration(&self, rng: &mut Rng) -> String {
        let (agent, check) = (self.root.join("agent.sh"), self.root.join("check.sh"));
        let (agent, check) = (agent.display(), check.display());
        let mut text = format!(
            "limits: {{ parallel: 5, attempts: 8, min_free_disk: 2MB }}\nsupervisor_grace: 1s\n\
             breaker: {{ failures: 0 }}\nstorm: {{ workstreams: 0 }}\n\
             retry: {{ max: 1, backoff: none, delay: 300ms, max_delay: 1s }}\n\
             on: {{ resources: {{ backoff: 1s }} }}\n\
             timeout: {{ soft: 20s, hard: 2m, idle: off }}\ngrace: 1s\n\
             agents:\n  plain: {{ preset: command, command: [sh, {agent}] }}\n  \
             terminal: {{ preset: command, command: [sh, {agent}], io: pty }}\n\
             chain: [plain, terminal]\nworkstreams:\n"
        );
        for number in 0..WORKSTREAMS {
            let id = name(number);
            let _ = write!(text, "  - {{ id: {id}, title: number {number}, prompt: write lines");
            if number >= 8 {
                let _ = write!(text, ", after: [{}]", name(number - 8));
            }
            if number % 2 == 0 {
                let _ = write!(text, ", check: [sh, {check}]");
            }
            if rng.chance(30) {
                text.push_str(", chain: [terminal, plain]");
            }
            text.push_str(" }\n");
        }
        text
    }

    /// Decides what every attempt does.
    fn plan(&self, rng: &mut Rng) -> io::Result<()> {
        const KINDS: [&str; 7] =
            ["ignorer", "session", "daemon", "forker", "stopped", "stubborn", "cleaned"];
        for number in 0..WORKSTREAMS {
            let id = name(number);
            let kind = if number >= 3 { KINDS[number - 3] } else { "none" };
            for attempt in 1..=PLANNED {
                let fails = attempt < 5 && rng.chance(35);
                let code = if fails { rng.range(1, 120) } else { 0 };
                let nasty = if rng.chance(70) { kind } else { "none" };
                let text = format!(
                    "count={} fast=0.0{} slow=0.{} code={code} nasty={nasty}\n",
                    rng.range(5, 60),
                    rng.range(1, 9),
                    rng.range(1, 4),
                );
                fs::write(self.root.join("plan").join(format!("{id}.{attempt}")), text)?;
            }
            let bad = if rng.chance(30) { "1\n" } else { "\n" };
            fs::write(self.root.join("plan").join(format!("{id}.check")), bad)?;
        }
        Ok(())
    }

    /// Prepares a command of the program in this project.
    pub fn ostler(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        self.surround(&mut command);
        command
    }

    pub fn surround(&self, command: &mut Command) {
        command
            .current_dir(self.repo())
            .env("HOME", self.root.join("home"))
            .env("XDG_STATE_HOME", self.root.join("state"))
            .env("XDG_CONFIG_HOME", self.root.join("home/.config"))
            .env("CHAOS_ROUND", &self.root)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("TERM", "xterm-256color")
            .stdin(Stdio::null());
    }

    /// Returns where the next supervisor writes.
    pub fn log(&mut self, kind: &str) -> io::Result<File> {
        self.started += 1;
        File::create(self.root.join("logs").join(format!("{:02}-{kind}", self.started)))
    }

    /// Runs a command to its end, or ends it when it hangs; then it has no code.
    pub fn run(&self, command: &mut Command) -> io::Result<Said> {
        self.surround(command);
        let mut out = tempfile::tempfile()?;
        let mut error = tempfile::tempfile()?;
        let mut child = command.stdout(out.try_clone()?).stderr(error.try_clone()?).spawn()?;
        let begun = Instant::now();
        let code = loop {
            if let Some(status) = child.try_wait()? {
                break status.code();
            }
            if begun.elapsed() > COMMAND_LIMIT {
                child.kill()?;
                child.wait()?;
                break None;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        Ok(Said { code, out: text(&mut out)?, error: text(&mut error)? })
    }
}

/// Names a workstream.
pub fn name(number: usize) -> String {
    format!("w{number:02}")
}

fn text(file: &mut File) -> io::Result<String> {
    use std::io::{Read as _, Seek as _};
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
