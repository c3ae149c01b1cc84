//! Runs a program for a limited time: whoever asked for it need not wait, and nothing of it outlives the limit.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, set_child_subreaper, setsid, wait};

use super::ending::{Children, Ending};

/// The code when the program did not end in time, as timeout(1) has it.
pub const LATE: u8 = 124;
/// The code when it could not be run.
pub const UNUSABLE: u8 = 126;
/// The code when there is no such program.
pub const MISSING: u8 = 127;

/// A program is killed this long after TERM.
const GRACE: Duration = Duration::from_secs(1);
/// A limit beyond what the clock can tell; nobody waits for so long.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs the program with standard input as it is and without any output, for so many milliseconds at most.
///
/// It runs in a session of its own. What it leaves behind may go on until the limit, and then all of it is ended.
pub fn hook(limit: &OsStr, program: &OsStr, arguments: &[OsString]) -> ExitCode {
    let _ = rustix::thread::set_name(c"ostler-hook");
    let _leader_already = setsid();
    let _ = set_child_subreaper(Some(Pid::INIT));
    let Ok(ends) = Ends::watch() else { return ExitCode::from(UNUSABLE) };
    let limit = limit.to_str().and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    match command.spawn() {
        Ok(child) => ExitCode::from(await_end(&child, ends, Duration::from_millis(limit))),
        Err(error) if error.kind() == ErrorKind::NotFound => ExitCode::from(MISSING),
        Err(_) => ExitCode::from(UNUSABLE),
    }
}

/// Waits until nothing of a program is left, ends what is left at the limit, and returns the code for how it ended.
fn await_end(child: &Child, mut ends: Ends, limit: Duration) -> u8 {
    let mut ending = Ending::new(std::process::id(), child.id());
    let until = Instant::now() + limit.min(DAY);
    let mut code = None;
    loop {
        let now = Instant::now();
        let children = reap(child, &mut code);
        if children == Children::None {
            return code.unwrap_or(LATE);
        }
        if now >= until && !ending.is_begun() {
            ending.stop(now, GRACE);
            code.get_or_insert(LATE);
        }
        if ending.is_begun() {
            ending.tick(now, children);
        }
        if ending.outcome(now).is_some() {
            return code.unwrap_or(LATE);
        }
        ends.wait(if ending.is_begun() { ending.next() } else { Some(until) });
    }
}

/// Tells when a child has ended.
struct Ends(UnixStream);

impl Ends {
    fn watch() -> io::Result<Self> {
        let (read, write) = UnixStream::pair()?;
        signal_hook::low_level::pipe::register(Signal::CHILD.as_raw(), write)?;
        Ok(Self(read))
    }

    /// Waits until a child has ended, or until this time; without one, for a child alone.
    fn wait(&mut self, until: Option<Instant>) {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        // No time at all would mean for ever.
        let left = left.map(|left| left.max(Duration::from_millis(1)));
        // What it reads does not matter: whoever called looks at the children anyway.
        drop(self.0.set_read_timeout(left).and_then(|()| self.0.read(&mut [0; 64])));
    }
}

/// Reaps what has ended, whoever's child it was, and takes note of how the program itself did.
fn reap(child: &Child, code: &mut Option<u8>) -> Children {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) => {
                if pid.as_raw_pid().cast_unsigned() == child.id() {
                    code.get_or_insert(code_of(status));
                }
            }
            Err(Errno::CHILD) => return Children::None,
            Err(Errno::INTR) => {}
            Ok(None) | Err(_) => return Children::Some,
        }
    }
}

/// Returns the code by which shells tell how a program ended.
fn code_of(status: WaitStatus) -> u8 {
    let signalled = status.terminating_signal().map(|signal| 128 + signal);
    let code = status.exit_status().or(signalled).unwrap_or(1);
    u8::try_from(code).unwrap_or(u8::MAX)
}
