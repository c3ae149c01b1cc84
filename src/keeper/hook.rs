//! Runs a program for a limited time: whoever asked for it need not wait, and nothing of it outlives the limit.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, WaitOptions, WaitStatus, set_child_subreaper, setsid, wait};

use super::ending::{Children, Ending};

/// The code when the program did not end in time, as timeout(1) has it.
pub const LATE: u8 = 124;
/// The code when it could not be run.
pub const UNUSABLE: u8 = 126;
/// The code when there is no such program.
pub const MISSING: u8 = 127;

/// A program is killed this long after TERM.
const GRACE: Duration = Duration::from_secs(1);
/// The time between two looks at the first one, and at the most.
const PACES: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(50));

/// Runs the program with standard input as it is and without any output, for so many milliseconds at most.
///
/// It runs in a session of its own. What it leaves behind may go on until the limit, and then all of it is ended.
pub fn hook(limit: &OsStr, program: &OsStr, arguments: &[OsString]) -> ExitCode {
    let _ = rustix::thread::set_name(c"ostler-hook");
    let _leader_already = setsid();
    let _ = set_child_subreaper(Some(Pid::INIT));
    let limit = limit.to_str().and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    match command.spawn() {
        Ok(child) => ExitCode::from(await_end(&child, Duration::from_millis(limit))),
        Err(error) if error.kind() == ErrorKind::NotFound => ExitCode::from(MISSING),
        Err(_) => ExitCode::from(UNUSABLE),
    }
}

/// Waits until nothing of a program is left, ends what is left at the limit, and returns the code for how it ended.
fn await_end(child: &Child, limit: Duration) -> u8 {
    let mut ending = Ending::new(std::process::id(), child.id());
    let until = Instant::now().checked_add(limit);
    let mut code = None;
    let mut pace = PACES.0;
    loop {
        let now = Instant::now();
        let children = reap(child, &mut code);
        if children == Children::None {
            return code.unwrap_or(LATE);
        }
        if until.is_some_and(|until| now >= until) && !ending.is_begun() {
            ending.stop(now, GRACE);
            code.get_or_insert(LATE);
        }
        if ending.is_begun() {
            ending.tick(now, children);
        }
        if ending.outcome(now).is_some() {
            return code.unwrap_or(LATE);
        }
        std::thread::sleep(pace);
        pace = (pace * 2).min(PACES.1);
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
