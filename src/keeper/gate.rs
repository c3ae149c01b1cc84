//! The process that becomes the agent: it waits until its identity is durable, then replaces itself.
//!
//! Its standard input is a socket to the keeper. One byte there opens the gate; the end of the stream means that the
//! keeper died, and nothing is run. What goes wrong is told over the same socket, which closes by itself when the agent
//! takes this process over. Its stdout and stderr are the log, or the terminal, already.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use rustix::fs::{FlockOperation, Mode, flock};
use rustix::io::{Errno, FdFlags};
use rustix::stdio;

use super::files::{self, AGENT_LOCK, REMOVED, RUN_VARIABLE, SPEC, private};
use super::spec::{Io, Spec};

/// What a variable is called on its way to the agent, so that the keeper itself is not affected by it.
pub const PASSED: &str = "OSTLER_PASS_";

/// Added to the agent's score, so that the kernel takes the agent before its keeper when memory is out.
const OOM_SCORE: i32 = 300;

/// The kernel takes a session's niceness from an ordinary user once in this time.
const AUTOGROUP: Duration = Duration::from_millis(100);
/// And so many tries are worth their time.
const AUTOGROUP_TRIES: u32 = 5;

/// The keeper died: nothing was run.
const ABANDONED: u8 = 126;
/// The agent could not be started; the keeper was told why.
const NOT_STARTED: u8 = 127;

/// Becomes the agent; returns only if that did not work.
pub fn gate(umask: &OsStr) -> ExitCode {
    let Ok(keeper) = rustix::io::fcntl_dupfd_cloexec(stdio::stdin(), 3) else {
        return ExitCode::from(ABANDONED);
    };
    match pass(umask, &keeper) {
        Err(Failure::Abandoned) => ExitCode::from(ABANDONED),
        Err(Failure::Words(words)) => {
            drop(File::from(keeper).write_all(words.as_bytes()));
            ExitCode::from(NOT_STARTED)
        }
        Ok(never) => match never {},
    }
}

/// Why there is no agent.
enum Failure {
    /// The keeper died before it opened the gate.
    Abandoned,
    /// For people.
    Words(String),
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// Does what there is to do before the agent, waits, and replaces this process.
fn pass(umask: &OsStr, keeper: &OwnedFd) -> Result<std::convert::Infallible, Failure> {
    let _ = rustix::thread::set_name(c"ostler-gate");
    rustix::process::setsid().map_err(|error| format!("no session for the agent: {error}"))?;
    let spec = files::read::<Spec>(Path::new(SPEC))
        .map_err(|error| error.to_string())?
        .ok_or_else(|| format!("{REMOVED}: it has no {SPEC}"))?;
    let run = env::current_dir().map_err(|error| format!("the run directory is gone: {error}"))?;
    if spec.io == Io::Pty {
        rustix::process::ioctl_tiocsctty(stdio::stdout())
            .map_err(|error| format!("the agent's terminal cannot be taken: {error}"))?;
    }
    prefer_to_keeper();
    step_back(spec.nice);
    let lock = lock()?;
    wait(keeper)?;
    let words = become_agent(&spec, &run, umask);
    drop(lock);
    Err(words.into())
}

/// Makes this process the first to go when memory is out; not where that is forbidden.
fn prefer_to_keeper() {
    const SCORE: &str = "/proc/self/oom_score_adj";
    let now = fs::read_to_string(SCORE).ok().and_then(|text| text.trim().parse::<i32>().ok());
    if let Some(now) = now {
        drop(fs::write(SCORE, (now + OOM_SCORE).min(1000).to_string()));
    }
}

/// Leaves the processor to others first; best effort.
///
/// Where the kernel shares it out among sessions, a process's own niceness counts only within its session, which has one of
/// its own (sched(7), "The autogroup feature"). Without privileges that can be set about ten times a second on the machine.
fn step_back(nice: u8) {
    if nice == 0 {
        return;
    }
    let _ = rustix::process::nice(nice.into());
    for _ in 0..AUTOGROUP_TRIES {
        match fs::write("/proc/self/autogroup", nice.to_string()) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(AUTOGROUP),
            Ok(()) | Err(_) => return,
        }
    }
}

/// Takes the lock that the agent inherits.
fn lock() -> Result<File, String> {
    let words = |error: io::Error| format!("`{AGENT_LOCK}` cannot be locked: {error}");
    let file = private().write(true).open(AGENT_LOCK).map_err(|error| match error.kind() {
        // It is made where it is missing, so what is missing is the directory.
        ErrorKind::NotFound => format!("{REMOVED}: {}", words(error)),
        _ => words(error),
    })?;
    // Held for an instant by who looks whether it is held, or by the gate of a keeper that has just died.
    for _ in 0..200 {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                rustix::io::fcntl_setfd(&file, FdFlags::empty())
                    .map_err(|error| words(error.into()))?;
                return Ok(file);
            }
            Err(Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(10)),
            Err(error) => return Err(words(error.into())),
        }
    }
    Err(format!("`{AGENT_LOCK}` is held by another process: an agent runs in this directory"))
}

/// Waits for the keeper's word.
fn wait(keeper: &OwnedFd) -> Result<(), Failure> {
    loop {
        match rustix::io::read(keeper, &mut [0_u8; 1]) {
            Ok(0) => return Err(Failure::Abandoned),
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(_) => return Err(Failure::Abandoned),
        }
    }
}

/// Replaces this process by the agent; returns why that did not work.
fn become_agent(spec: &Spec, run: &Path, umask: &OsStr) -> String {
    let Some((program, arguments)) = spec.argv.split_first() else {
        return "the agent's command is empty; set its command".to_owned();
    };
    if let Err(error) = env::set_current_dir(&spec.cwd) {
        let why = plain(&error, "it does not exist");
        return format!("the working directory `{}` cannot be entered: {why}", spec.cwd.display());
    }
    if let Err(words) = set_input(spec) {
        return words;
    }
    if let Some(mode) = umask.to_str().and_then(|text| u32::from_str_radix(text, 8).ok()) {
        rustix::process::umask(Mode::from_bits_truncate(mode));
    }
    let mut agent = Command::new(program);
    // Some programs believe this variable rather than ask where they are.
    agent.args(arguments).env("PWD", &spec.cwd);
    if spec.io == Io::Pty {
        agent.env("TERM", "xterm-256color");
    }
    for (name, value) in passed() {
        agent.env_remove(&name);
        agent.env(OsStr::from_bytes(&name.as_bytes()[PASSED.len()..]), value);
    }
    agent.envs(&spec.env).env(RUN_VARIABLE, run);
    let path = agent.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
    let path = path.map(OsStr::to_owned).or_else(|| env::var_os("PATH"));
    let error = agent.exec();
    why_not(program, path.as_deref(), &error)
}

/// Lists the variables that are only for the agent, under the names that they have on their way.
pub fn passed() -> Vec<(OsString, OsString)> {
    env::vars_os().filter(|(name, _)| name.as_bytes().starts_with(PASSED.as_bytes())).collect()
}

/// Names a variable for its way to the agent.
pub fn pass_name(name: OsString) -> OsString {
    let mut long = PASSED.as_bytes().to_vec();
    long.extend(name.into_vec());
    OsString::from_vec(long)
}

/// Puts the agent's input in place of the keeper's socket.
fn set_input(spec: &Spec) -> Result<(), String> {
    let placed = match (spec.io, &spec.stdin) {
        (Io::Pty, _) => stdio::dup2_stdin(stdio::stdout()),
        (Io::File, path) => {
            let path = path.as_deref().unwrap_or(Path::new("/dev/null"));
            let file = File::open(path).map_err(|error| {
                let why = plain(&error, "it does not exist");
                format!("the agent's input `{}` cannot be read: {why}", path.display())
            })?;
            stdio::dup2_stdin(&file)
        }
    };
    placed.map_err(|error| format!("the agent's input cannot be set: {error}"))
}

/// Says why a program was not executed, and what to do.
fn why_not(program: &str, path: Option<&OsStr>, error: &io::Error) -> String {
    let found = locate(program, path);
    match (error.kind(), found) {
        (ErrorKind::NotFound, None) if program.contains('/') => {
            format!("`{program}` does not exist; install it or set its command")
        }
        (ErrorKind::NotFound, None) => {
            format!("`{program}` was not found on PATH; install it or set its command")
        }
        (ErrorKind::NotFound, Some(file)) => format!(
            "`{}` cannot be run: the interpreter that it names does not exist; install that",
            file.display()
        ),
        (ErrorKind::PermissionDenied, Some(file)) => format!(
            "`{}` may not be executed; make it an executable file (chmod +x) or set another command",
            file.display()
        ),
        (_, Some(file)) if error.raw_os_error() == Some(Errno::NOEXEC.raw_os_error()) => format!(
            "`{}` is not a program for this machine; a script needs a first line such as #!/bin/sh",
            file.display()
        ),
        _ => format!("`{program}` could not be started: {error}"),
    }
}

/// Finds the file that a command names, executable or not.
fn locate(program: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|file| file.exists());
    }
    let named: Vec<PathBuf> =
        env::split_paths(path?).map(|it| it.join(program)).filter(|it| it.is_file()).collect();
    let executable = named
        .iter()
        .find(|it| it.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0));
    executable.or(named.first()).cloned()
}

/// Says an error in plain words if it is the usual one.
fn plain(error: &io::Error, missing: &str) -> String {
    match error.kind() {
        ErrorKind::NotFound => missing.to_owned(),
        _ => error.to_string(),
    }
}
