//! Starts a keeper.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::files::{self, EXIT, FileError, KEEPER_LOG, REMOVED, SPEC, STATUS};
use super::gate::pass_name;
use super::keep::{HELD, USED};
use super::record::Status;
use super::spec::Spec;

/// How long a keeper may take to start its agent.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest word of a keeper, in bytes.
const WORD: usize = 16 * 1024;

/// The program that has the keeper in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(pub PathBuf);

impl Default for Program {
    /// Names this very program, even if its file was replaced or removed since it was started.
    fn default() -> Self {
        Self(PathBuf::from("/proc/self/exe"))
    }
}

/// Why there is no keeper, or none that is known to be ready.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The run directory cannot be made or used.
    #[error("the run directory `{}` cannot be made: {source}", path.display())]
    Directory {
        /// The run directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What the keeper is told cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Spec {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The keeper's program cannot be started.
    #[error("the keeper `{}` cannot be started: {source}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The run directory was used by another attempt; nothing was started.
    #[error("the run directory `{}` was used before; an attempt needs one of its own", path.display())]
    Used {
        /// The run directory.
        path: PathBuf,
    },
    /// Another keeper is at work in the run directory; nothing was started.
    #[error("another keeper is at work in `{}`", path.display())]
    Held {
        /// The run directory.
        path: PathBuf,
    },
    /// The keeper could not start the agent; nothing was run, and if there was an attempt, that is in its record.
    #[error("the keeper could not start: {words}")]
    Keeper {
        /// Why.
        words: String,
    },
    /// The run directory was removed under the keeper, which started nothing that is known.
    #[error("{REMOVED}: `{}`", path.display())]
    Removed {
        /// Where it was.
        path: PathBuf,
    },
    /// The keeper ended without a word; [`super::inspect::inspect`] tells what is there.
    #[error("the keeper ended while it started; see `{}`", log.display())]
    Died {
        /// Its log.
        log: PathBuf,
    },
    /// The keeper has not said a word for a minute and may still start the agent; look again later.
    #[error("the keeper in `{}` has not started within a minute; the machine may be overloaded", path.display())]
    TimedOut {
        /// The run directory.
        path: PathBuf,
    },
    /// What the keeper wrote cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Starts a keeper in a run directory of its own, and waits until its agent is let go. It blocks, for a minute at most.
///
/// `secrets` are variables for the agent alone, which are not written to disk; everything else in this process's
/// environment is inherited, and [`Spec::env`] comes on top of both. The run directory is made with mode 0700 if it is
/// not there. The keeper belongs to nobody: it is no child of this process when this function returns, so there is
/// nothing to reap, and it lives on when this process ends. That the agent's program cannot be executed is no error
/// here: it is the attempt's exit.
pub fn launch(
    program: &Program,
    run_directory: &Path,
    spec: &Spec,
    secrets: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Status, LaunchError> {
    let run_directory = make_directory(run_directory)?;
    for name in [STATUS, EXIT] {
        // Looked at here too, so that the record of another attempt is not overwritten; the keeper's look counts.
        if run_directory.join(name).symlink_metadata().is_ok() {
            return Err(LaunchError::Used { path: run_directory });
        }
    }
    files::replace_durably(&run_directory, SPEC, spec)
        .map_err(|source| LaunchError::Spec { path: run_directory.join(SPEC), source })?;
    let failed = |source| LaunchError::Program { program: program.0.clone(), source };
    let mut apart = Command::new(&program.0)
        .arg0("ostler-apart")
        .args(["apart", "/"])
        .arg(&program.0)
        .arg("keep")
        .arg(&run_directory)
        .envs(secrets.into_iter().map(|(name, value)| (pass_name(name), value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let word = apart.stdout.take().map(|stream| listen(&stream));
    if matches!(&word, Some(Err(_))) {
        // It may hang itself, and then it must not be waited for; a keeper that it has started is not touched.
        drop(apart.kill());
    }
    apart.wait().map_err(failed)?;
    let started = match word.unwrap_or(Ok(None)) {
        Ok(Some(line)) => answer(&line, &run_directory),
        Ok(None) => Err(LaunchError::Died { log: run_directory.join(KEEPER_LOG) }),
        Err(error) if error.kind() == ErrorKind::TimedOut => {
            Err(LaunchError::TimedOut { path: run_directory.clone() })
        }
        Err(error) => Err(failed(error)),
    };
    // Whatever the keeper stumbled over: nobody else takes away what it was told.
    let was_removed = started.is_err() && !run_directory.join(SPEC).exists();
    if was_removed { Err(LaunchError::Removed { path: run_directory }) } else { started }
}

/// Makes the run directory, and returns its path as it is from everywhere.
fn make_directory(path: &Path) -> Result<PathBuf, LaunchError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.and_then(|()| path.canonicalize())
        .map_err(|source| LaunchError::Directory { path: path.to_owned(), source })
}

/// Understands what the keeper said.
fn answer(line: &str, run_directory: &Path) -> Result<Status, LaunchError> {
    let (code, words) = line.split_once(' ').unwrap_or((line, ""));
    match code.parse::<u8>() {
        Ok(0) => {
            let status = files::read(&run_directory.join(STATUS))?;
            status.ok_or_else(|| LaunchError::Died { log: run_directory.join(KEEPER_LOG) })
        }
        Ok(USED) => Err(LaunchError::Used { path: run_directory.to_owned() }),
        Ok(HELD) => Err(LaunchError::Held { path: run_directory.to_owned() }),
        _ => Err(LaunchError::Keeper { words: words.to_owned() }),
    }
}

/// Reads one line; none if the stream ends before it.
fn listen(stream: &ChildStdout) -> io::Result<Option<String>> {
    let until = Instant::now() + PATIENCE;
    let mut line = Vec::new();
    loop {
        if let Some(end) = memchr::memchr(b'\n', &line) {
            return Ok(Some(String::from_utf8_lossy(&line[..end]).into_owned()));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || line.len() > WORD {
            return Err(ErrorKind::TimedOut.into());
        }
        let left = Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(0),
            tv_nsec: left.subsec_nanos().into(),
        };
        match poll(&mut [PollFd::new(stream, PollFlags::IN)], Some(&left)) {
            Ok(0) | Err(Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut chunk = [0; 1024];
        match rustix::io::read(stream, &mut chunk) {
            Ok(0) => return Ok(None),
            Ok(read) => line.extend_from_slice(&chunk[..read]),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
