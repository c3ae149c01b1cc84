//! One run of the `git` program: shielded from hooks and inherited settings, with a deadline.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::error::WorktreeError;

/// How long a command may take.
const LIMIT: Duration = Duration::from_secs(120);
/// How long git's own locks are waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a command has to clean up after TERM.
const GRACE: Duration = Duration::from_secs(2);
/// How much is read of what a command writes, in bytes, unless the caller wants less.
const OUTPUT_LIMIT: u64 = 256 << 20;
/// How much is read of what a command complains about, in bytes.
const STDERR_LIMIT: u64 = 64 << 10;
/// How much of it is told, in characters.
const TOLD: usize = 600;

/// Nothing in a repository may start a program behind our back, nor change what a command means.
const SETTINGS: [&str; 10] = [
    "core.fsmonitor=",
    "core.hooksPath=/dev/null",
    "core.safecrlf=false",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
    "advice.addEmbeddedRepo=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "diff.external=",
    // Larger files are compared as a whole and need little memory.
    "core.bigFileThreshold=16m",
];

/// Inherited variables that say where git and its settings are, not which repository is meant.
const KEPT: [&str; 4] =
    ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH"];

/// A git command that is about to run.
pub(super) struct Git {
    dir: PathBuf,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    input: Input,
    at_most: u64,
}

enum Input {
    Nothing,
    Bytes(Vec<u8>),
    Lock(File),
}

/// What a command left.
pub(super) struct Output {
    /// What it wrote.
    pub stdout: Vec<u8>,
    /// Whether it wrote more than was asked for.
    pub cut: bool,
    /// What it complained about.
    pub stderr: String,
    status: ExitStatus,
}

impl Git {
    /// Prepares a command that runs in `dir`.
    pub fn new<I>(dir: &Path, args: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        let dir = dir.to_owned();
        Self { dir, args, env: Vec::new(), input: Input::Nothing, at_most: OUTPUT_LIMIT }
    }

    /// Takes `dir` for the top of the checkout: if its link to the repository is gone, another repository around it must
    /// not be taken for the one that is meant.
    pub fn not_above(self) -> Self {
        let above = self.dir.parent().unwrap_or(&self.dir).to_owned();
        self.env("GIT_CEILING_DIRECTORIES", above)
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Gives it something to read.
    pub fn input(mut self, bytes: Vec<u8>) -> Self {
        self.input = Input::Bytes(bytes);
        self
    }

    /// Lets the command hold a lock, so that it stays locked until git has ended, whatever becomes of this process.
    pub fn holding(mut self, lock: File) -> Self {
        self.input = Input::Lock(lock);
        self
    }

    /// Reads no more than so many bytes; a command that writes more is ended.
    pub fn at_most(mut self, bytes: u64) -> Self {
        self.at_most = bytes;
        self
    }

    /// Runs it; an exit code other than 0 is an error.
    pub fn run(self) -> Result<Output, WorktreeError> {
        let output = self.outcome()?;
        if output.status.success() || output.cut {
            return Ok(output);
        }
        Err(self.failed(&output))
    }

    /// Runs it and takes the first line that it writes.
    pub fn line(self) -> Result<String, WorktreeError> {
        Ok(self.run()?.line())
    }

    /// Runs it; none if it exits with 1, which is how git says "no" to a question.
    pub fn answer(self) -> Result<Option<String>, WorktreeError> {
        let output = self.outcome()?;
        match output.status.code() {
            Some(0) => Ok(Some(output.line())),
            Some(1) => Ok(None),
            _ => Err(self.failed(&output)),
        }
    }

    /// Runs it, whatever its exit code; waits for git's own locks.
    pub fn outcome(&self) -> Result<Output, WorktreeError> {
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(10);
        loop {
            let output = self.once()?;
            if output.status.success() || !output.met_a_lock() || Instant::now() >= until {
                return Ok(output);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    /// Makes the error for an exit that is one.
    pub fn failed(&self, output: &Output) -> WorktreeError {
        let stderr = output.complaint();
        if stderr.contains("dubious ownership") {
            return WorktreeError::Dubious { dir: self.dir.clone() };
        }
        let how = match (output.status.code(), output.status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "no exit code".to_owned(),
        };
        WorktreeError::Git { command: self.words(), dir: self.dir.clone(), how, stderr }
    }

    fn once(&self) -> Result<Output, WorktreeError> {
        let mut child = self.command()?.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => WorktreeError::GitMissing,
            _ => not_started(error),
        })?;
        let deadline = Instant::now() + LIMIT;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (closed, end_of_output) = mpsc::channel();
        thread::scope(|scope| {
            let threads = || -> io::Result<_> {
                let complaint = start(scope, move || up_to(stderr, STDERR_LIMIT))?;
                let written = start(scope, move || {
                    let read = up_to(stdout, self.at_most);
                    closed.send(()).ok();
                    read
                })?;
                if let (Some(mut pipe), Input::Bytes(bytes)) = (stdin, &self.input) {
                    // A command that ends early closes the pipe; its exit code tells why.
                    start(scope, move || pipe.write_all(bytes).ok())?;
                }
                Ok((complaint, written))
            };
            let (complaint, written) = threads().map_err(|source| {
                end(&mut child);
                not_started(source)
            })?;
            // The wait ends early if the sender is gone, and then there is nothing to wait for either.
            end_of_output.recv_timeout(LIMIT).ok();
            let status = wait(&mut child, deadline);
            if status.is_none() {
                end(&mut child);
            }
            let (stdout, cut) = written.join().unwrap_or_default();
            let (stderr, _) = complaint.join().unwrap_or_default();
            let stderr = String::from_utf8_lossy(&stderr).into_owned();
            match status {
                Some(status) => Ok(Output { stdout, cut, stderr, status }),
                None => Err(WorktreeError::TimedOut {
                    command: self.words(),
                    dir: self.dir.clone(),
                    limit: LIMIT,
                }),
            }
        })
    }

    fn command(&self) -> Result<Command, WorktreeError> {
        let mut command = Command::new("git");
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        // Not `current_dir`: a directory that is gone must not look like a program that is missing.
        command.arg("-C").arg(&self.dir).args(&self.args);
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("GIT_") && !KEPT.contains(&text.as_ref()) {
                command.env_remove(&name);
            }
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "ostler");
            command.env(format!("GIT_{role}_EMAIL"), "ostler@localhost");
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        let stdin = match &self.input {
            Input::Nothing => Stdio::null(),
            Input::Bytes(_) => Stdio::piped(),
            Input::Lock(file) => {
                Stdio::from(file.try_clone().map_err(WorktreeError::io("shared", "ostler.lock"))?)
            }
        };
        // A group of its own: Ctrl-C in the terminal is not meant for it, and a deadline ends all of it.
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        Ok(command)
    }

    fn words(&self) -> String {
        let words = self.args.iter().map(|arg| {
            let word = arg.to_string_lossy();
            let id = word.len() >= 40 && word.chars().all(|digit| digit.is_ascii_hexdigit());
            if id { word[..12].to_owned() } else { word.into_owned() }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

impl Output {
    /// Whether it exited with 0.
    pub fn success(&self) -> bool {
        self.status.success()
    }

    /// The first line that it wrote.
    pub fn line(&self) -> String {
        let line = self.stdout.split(|byte| *byte == b'\n').next().unwrap_or_default();
        String::from_utf8_lossy(line).into_owned()
    }

    /// The lines that it wrote.
    pub fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.stdout).lines().map(str::to_owned).collect()
    }

    /// The NUL-separated fields that it wrote.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.stdout.split(|byte| *byte == 0).filter(|field| !field.is_empty())
    }

    /// What it complained about, in one line and without advice.
    pub fn complaint(&self) -> String {
        let lines = self.stderr.lines().map(str::trim);
        let told = lines.filter(|line| !line.is_empty() && !line.starts_with("hint:"));
        let told =
            told.map(|line| line.trim_start_matches("fatal: ").trim_start_matches("error: "));
        let told = told.collect::<Vec<_>>().join("; ");
        if told.is_empty() {
            return "it said nothing".to_owned();
        }
        match told.char_indices().nth(TOLD) {
            Some((cut, _)) => format!("{}…", &told[..cut]),
            None => told,
        }
    }

    fn met_a_lock(&self) -> bool {
        let stderr = &self.stderr;
        let locked = stderr.contains(".lock") || stderr.contains("could not lock");
        locked && (stderr.contains("File exists") || stderr.contains("Unable to create"))
    }
}

/// Starts a thread; where the machine allows no more, that is an error of this command only.
fn start<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<thread::ScopedJoinHandle<'scope, T>> {
    thread::Builder::new().name("git".to_owned()).spawn_scoped(scope, work)
}

fn not_started(source: io::Error) -> WorktreeError {
    WorktreeError::Io { path: "git".into(), doing: "started", source }
}

fn up_to(pipe: Option<impl Read>, limit: u64) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What was read until an error is still worth telling; the exit code says whether it is all.
        pipe.take(limit + 1).read_to_end(&mut bytes).ok();
    }
    let cut = bytes.len() as u64 > limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    (bytes, cut)
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a command and what it has started; git removes its own locks on TERM.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    for (signal, grace) in [(Signal::TERM, GRACE), (Signal::KILL, GRACE)] {
        if let Some(group) = group {
            kill_process_group(group, signal).ok();
        }
        if wait(child, Instant::now() + grace).is_some() {
            return;
        }
    }
}
