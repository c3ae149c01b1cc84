//! How a keeper starts. The order of the steps is what makes an attempt run at most once.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rustix::fs::{FlockOperation, Mode, flock};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, set_child_subreaper};
use rustix::stdio;

use super::attempt::{Attempt, Parts};
use super::clients::Clients;
use super::complaint;
use super::files::{self, EXIT, KEEPER_LOCK, LOG, SOCKET, SPEC, STATUS, private};
use super::guard::Guard;
use super::identity;
use super::process::Process;
use super::record::{ExitRecord, Stage, Status};
use super::recorder::{Recorder, WORDS, monotonic_ms};
use super::scope;
use super::sealed;
use super::spec::{FORMAT, Io, Scope, Spec};
use super::terminal::Terminal;
use crate::core::ProcessIdentity;
use crate::core::verdict::{EndedBy, Exit, Tree};

/// The exit code of a keeper that found another one at work.
pub const HELD: u8 = 75;
/// The exit code of a keeper that found a run directory used before.
pub const USED: u8 = 76;
/// The exit code of a keeper that could not start for another reason.
pub const FAILED: u8 = 70;
/// What a keeper tells its launcher once the agent's identity is durable and the gate is open.
pub const READY: &str = "ready";

/// Keeps one attempt: starts the agent, watches it to its end, and stays until it is released.
///
/// What can end a keeper by accident is caught and dropped: the hang-up of a terminal, keys typed there, a pipe nobody
/// reads, and TERM too, which a careless clean-up sends to everything. An attempt is ended by its socket; a keeper that
/// must go without ending its agent takes KILL. The signals are handled, not ignored: what is ignored stays ignored in
/// the agent, what is handled does not.
///
/// Descriptors that the launcher left open without close-on-exec cannot be closed here without `unsafe`; everything
/// that this program opens is close-on-exec, except the one lock that the agent inherits on purpose.
pub fn keep(run_directory: &Path) -> ExitCode {
    let umask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let Ok(launcher) = leave_streams() else {
        return ExitCode::from(FAILED);
    };
    let (word, code, attempt) = match claim(run_directory) {
        Err(refusal) => (refusal.words, refusal.code, None),
        Ok(run) => match begin(run, umask) {
            Err(words) => {
                give_up(&words);
                (words, FAILED, None)
            }
            Ok(attempt) => (READY.to_owned(), 0, Some(attempt)),
        },
    };
    // Nobody may listen any more; that changes nothing.
    drop(File::from(launcher).write_all(format!("{code} {word}\n").as_bytes()));
    attempt.map_or_else(|| ExitCode::from(code), Attempt::run)
}

/// Why there is no keeper.
struct Refusal {
    code: u8,
    words: String,
}

impl Refusal {
    fn failed(what: &str, error: impl std::fmt::Display) -> Self {
        Self { code: FAILED, words: format!("{what}: {error}") }
    }
}

/// Gives up the streams that came from the launcher; returns the one on which it waits for a word.
fn leave_streams() -> io::Result<OwnedFd> {
    let launcher = rustix::io::fcntl_dupfd_cloexec(stdio::stdout(), 3)?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    stdio::dup2_stdin(&null)?;
    stdio::dup2_stdout(&null)?;
    stdio::dup2_stderr(&null)?;
    Ok(launcher)
}

/// Makes the run directory this keeper's own; the lock lasts as long as the process.
fn claim(run_directory: &Path) -> Result<Run, Refusal> {
    // It fails for a group leader: then a shell started it by hand, in a group of its own already.
    let _ = rustix::process::setsid();
    let signals =
        catch_signals().map_err(|error| Refusal::failed("signals cannot be caught", error))?;
    let _ = rustix::thread::set_name(c"ostler-keep");
    set_child_subreaper(Some(Pid::INIT)).map_err(|error| {
        Refusal::failed("processes that the agent leaves cannot be adopted", error)
    })?;
    let directory = format!("the run directory `{}` cannot be used", run_directory.display());
    std::env::set_current_dir(run_directory).map_err(|error| Refusal::failed(&directory, error))?;
    let path = std::env::current_dir().map_err(|error| Refusal::failed(&directory, error))?;
    let process = Process::of(std::process::id())
        .ok_or_else(|| Refusal::failed("/proc", "it does not show this process"))?;
    let me = ProcessIdentity { pid: process.pid, start: process.start, boot: identity::boot() };
    let lock = lock(&me)?;
    for name in [STATUS, EXIT] {
        if Path::new(name).symlink_metadata().is_ok() {
            let words = format!("`{}` was used before: it has a {name}", path.display());
            return Err(Refusal { code: USED, words });
        }
    }
    std::panic::set_hook(Box::new(|panic| complaint::note(&panic.to_string())));
    Ok(Run { path, me, lock, signals })
}

/// A claimed run directory.
struct Run {
    path: PathBuf,
    me: ProcessIdentity,
    lock: File,
    signals: UnixStream,
}

/// Takes the keeper's lock and writes down who has it, for those who find it held before there is a status.
fn lock(me: &ProcessIdentity) -> Result<File, Refusal> {
    let failed = |error: io::Error| Refusal::failed("`keeper.lock` cannot be locked", error);
    let mut file = private().write(true).open(KEEPER_LOCK).map_err(failed)?;
    // Whoever looks whether it is held holds it for an instant.
    for _ in 0..20 {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                let text = sealed::seal(me).map_err(failed)?;
                file.set_len(0).and_then(|()| file.write_all(&text)).map_err(failed)?;
                return Ok(file);
            }
            Err(Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(25)),
            Err(error) => return Err(failed(error.into())),
        }
    }
    let words = "another keeper is at work in this run directory".to_owned();
    Err(Refusal { code: HELD, words })
}

/// Catches the end of children, and drops what must not end a keeper.
fn catch_signals() -> io::Result<UnixStream> {
    let (read, write) = UnixStream::pair()?;
    read.set_nonblocking(true)?;
    signal_hook::low_level::pipe::register(Signal::CHILD.as_raw(), write)?;
    let nothing = Arc::new(AtomicBool::new(false));
    for signal in [
        Signal::HUP,
        Signal::INT,
        Signal::QUIT,
        Signal::TERM,
        Signal::TSTP,
        Signal::TTIN,
        Signal::TTOU,
        Signal::PIPE,
        Signal::ALARM,
        Signal::USR1,
        Signal::USR2,
        Signal::XFSZ,
    ] {
        signal_hook::flag::register(signal.as_raw(), Arc::clone(&nothing))?;
    }
    Ok(read)
}

/// Starts the agent; when it returns, its identity is durable and the gate is open.
fn begin(run: Run, umask: Mode) -> Result<Attempt, String> {
    let spec = files::read::<Spec>(Path::new(SPEC))
        .map_err(|error| error.to_string())?
        .ok_or_else(|| format!("`{}` has no {SPEC}", run.path.display()))?;
    if spec.scope == Scope::Own {
        // Before the first child, which would be left where we were.
        scope::enter();
    }
    let because = |what: &'static str| move |error: io::Error| format!("{what}: {error}");
    let recorder =
        Recorder::prepare().map_err(because("no space can be kept for the exit record"))?;
    let clients = Clients::bind().map_err(because("the keeper's socket cannot be made"))?;
    let log = private().append(true).open(LOG).map_err(because("the log cannot be opened"))?;
    let copy = || log.try_clone().map_err(because("the log cannot be opened twice"));
    let (terminal, output) = match spec.io {
        Io::File => (None, OwnedFd::from(copy()?)),
        Io::Pty => {
            let (terminal, agent) = Terminal::open(copy()?)
                .map_err(|error| format!("no terminal can be made for the agent: {error}"))?;
            (Some(terminal), agent)
        }
    };
    let (agent, gate) = start_gate(output, umask)?;
    let status = Status {
        version: FORMAT,
        stage: Stage::Running,
        keeper: run.me,
        agent: Some(agent.clone()),
    };
    files::replace_durably(Path::new("."), STATUS, &status)
        .map_err(because("the agent's identity cannot be written down"))?;
    // A gate that is gone already has said why; the loop reads it.
    drop((&gate).write_all(b"\n"));
    let guard = Guard::new(spec.raise.clone(), umask);
    Ok(Attempt::new(Parts {
        spec,
        run: run.path,
        lock: run.lock,
        signals: run.signals,
        clients,
        gate,
        terminal,
        recorder,
        guard,
        status,
        agent,
        log,
    }))
}

/// Starts the process that becomes the agent and waits for the byte.
fn start_gate(output: OwnedFd, umask: Mode) -> Result<(ProcessIdentity, UnixStream), String> {
    let because = |error: io::Error| format!("the agent's process cannot be made: {error}");
    let (ours, theirs) = UnixStream::pair().map_err(because)?;
    let errors = output.try_clone().map_err(because)?;
    let child = Command::new("/proc/self/exe")
        .arg0("ostler")
        .arg("gate")
        .arg(format!("{:o}", umask.bits()))
        .stdin(OwnedFd::from(theirs))
        .stdout(output)
        .stderr(errors)
        .spawn()
        .map_err(because)?;
    ours.set_nonblocking(true).map_err(because)?;
    // It is not reaped before the loop, so its line is there even if it has ended.
    let process = Process::of(child.id()).ok_or("the agent's process is gone")?;
    let agent = ProcessIdentity { pid: process.pid, start: process.start, boot: identity::boot() };
    Ok((agent, ours))
}

/// Records that nothing was run.
fn give_up(words: &str) {
    complaint::note(words);
    let exit = ExitRecord {
        version: FORMAT,
        exit: Exit::NotStarted(words.chars().take(WORDS / 4).collect()),
        by: EndedBy::Itself,
        tree: Tree::default(),
        monotonic_ms: monotonic_ms(),
        boot: identity::boot(),
        log_bytes: 0,
    };
    if let Err(error) = files::replace_durably(Path::new("."), EXIT, &exit) {
        complaint::note(&format!("that cannot be recorded: {error}"));
    }
    drop(std::fs::remove_file(SOCKET));
}
