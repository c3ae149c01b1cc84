//! Asking an agent whether it can work, before it is started.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::command::{Placeholders, fill_arguments, fill_env};
use super::plain;
use crate::config::plan::Agent;

/// So much of a probe's output is kept, in bytes.
const KEPT: usize = 4096;
/// Output that a probe's own children may still write is awaited so long after its end.
const DRAIN: Duration = Duration::from_millis(200);
/// A quoted line is cut after so many characters.
const QUOTE: usize = 240;

/// What an agent answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It can work, as far as it knows.
    Ready,
    /// It cannot; the text says why, for people.
    Refused(String),
}

/// Asks an agent whether it can work.
///
/// An agent without a probe can. The probe runs in a process group of its own, which is killed when its deadline passes
/// or when this future is dropped. `ostler` is this program: it ties the probe to this process, which may be killed.
pub async fn probe(agent: &Agent, cwd: &Path, ostler: &Path) -> ProbeOutcome {
    if let Some(reason) = &agent.unavailable {
        return ProbeOutcome::Refused(reason.clone());
    }
    let Some(command) = agent.probe.as_ref().filter(|command| !command.is_empty()) else {
        return ProbeOutcome::Ready;
    };
    let values = Placeholders {
        worktree: cwd.to_owned(),
        ostler: ostler.to_owned(),
        ..Placeholders::default()
    };
    let argv = fill_arguments(command, &values);
    let env = fill_env(agent, &values);
    if !cwd.is_dir() {
        return refused(format!("the worktree {} is not there", cwd.display()));
    }
    let Some(program) = argv.first() else { return ProbeOutcome::Ready };
    if find_program(program, env.get("PATH").map(OsStr::new), cwd).is_none() {
        return refused(missing(program, agent));
    }
    let mut command = Command::new(ostler);
    command
        .args(["leash", &std::process::id().to_string()])
        .args(&argv)
        .envs(&env)
        .current_dir(cwd)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    match command.spawn() {
        Ok(child) => answer(child, agent, &argv.join(" ")).await,
        Err(error) => refused(format!("`{}` could not be run: {error}", argv.join(" "))),
    }
}

/// Returns the file that would be executed for a program, if there is one.
///
/// A name with a slash is taken from `cwd`, any other is looked for in `path`, or in this process's own PATH.
pub fn find_program(name: &str, path: Option<&OsStr>, cwd: &Path) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(cwd.join(name)).filter(|file| is_executable(file));
    }
    let path = path.map(OsStr::to_owned).or_else(|| std::env::var_os("PATH"))?;
    std::env::split_paths(&path)
        .map(|folder| cwd.join(folder).join(name))
        .find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn missing(program: &str, agent: &Agent) -> String {
    if program.contains('/') {
        return format!(
            "`{program}` is not there or not executable; correct agent `{}`",
            agent.name
        );
    }
    format!(
        "`{program}` was not found on PATH; install it, or take agent `{}` out of the chain",
        agent.name
    )
}

async fn answer(mut child: Child, agent: &Agent, command: &str) -> ProbeOutcome {
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)));
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let limit = agent.probe_timeout;
    let ended = {
        let reading =
            async { tokio::join!(keep_end(stdout, &mut out), keep_end(stderr, &mut err)) };
        tokio::pin!(reading);
        let mut read = false;
        let ended = timeout(limit, async {
            tokio::select! {
                ended = child.wait() => ended,
                _ends = &mut reading => {
                    read = true;
                    child.wait().await
                }
            }
        })
        .await;
        if ended.is_ok() {
            group.spare();
        }
        if ended.is_ok() && !read {
            let _drained = timeout(DRAIN, reading).await;
        }
        ended
    };
    match ended {
        Ok(Ok(status)) if status.success() => ProbeOutcome::Ready,
        Ok(Ok(status)) => {
            let last = last_line(&err).or_else(|| last_line(&out));
            let words = last.unwrap_or_else(|| format!("it said nothing and ended with {status}"));
            refused(format!("`{command}` says: {words}"))
        }
        Ok(Err(error)) => refused(format!("`{command}` could not be awaited: {error}")),
        Err(_) => {
            drop(group);
            let _reaped = child.wait().await;
            let seconds = limit.as_secs_f64();
            refused(format!("`{command}` gave no answer within {seconds} s"))
        }
    }
}

/// Reads to the end and keeps the last few kilobytes.
async fn keep_end(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..length]);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }
}

fn last_line(output: &[u8]) -> Option<String> {
    let text = plain::clean_lines(output);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(plain::cut(line, QUOTE))
}

fn refused(reason: String) -> ProbeOutcome {
    ProbeOutcome::Refused(reason)
}

/// A probe's process group, killed when it is dropped before the probe has ended.
struct Group(Option<Pid>);

impl Group {
    /// Leaves the group alone: its leader was waited for, so its number may belong to others by now.
    fn spare(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            let _gone = kill_process_group(pid, Signal::KILL);
        }
    }
}
