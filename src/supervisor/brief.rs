//! Asking a program that answers briefly, and is not waited for if it does not.

use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process_group};

/// The time between two looks whether it has answered.
const PACE: Duration = Duration::from_millis(5);
/// No answer is longer, in bytes: a pipe holds as much.
const LONGEST: u64 = 64 * 1024;

/// What a program answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it exited with 0.
    pub is_good: bool,
    /// What it printed.
    pub text: String,
}

/// Runs a command and returns what it printed.
///
/// # Errors
///
/// If it cannot be started, or does not end within the limit; then it is ended.
pub fn ask(command: &mut Command, limit: Duration) -> io::Result<Answer> {
    let until = Instant::now() + limit;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Answer { is_good: status.success(), text: printed(&mut child) });
        }
        if Instant::now() >= until {
            end(&mut child);
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(PACE);
    }
}

/// Reads what there is, and does not wait for what a child of its own may still print.
fn printed(child: &mut Child) -> String {
    let Some(stream) = child.stdout.take() else { return String::new() };
    let flags = fcntl_getfl(&stream).unwrap_or(OFlags::empty()) | OFlags::NONBLOCK;
    let mut bytes = Vec::new();
    if fcntl_setfl(&stream, flags).is_ok() {
        // Where nothing more comes for now, that is an error, and what was read is there.
        drop(stream.take(LONGEST).read_to_end(&mut bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _gone = kill_process_group(group, Signal::KILL);
    }
    drop(child.wait());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn answers_are_read_and_silence_is_not_waited_for() {
        let long = Duration::from_secs(60);
        let answer = ask(&mut shell("echo yes; echo no >&2"), long).expect("an answer");
        assert_eq!((answer.is_good, answer.text.as_str()), (true, "yes\n"));
        assert!(!ask(&mut shell("exit 3"), long).expect("an answer").is_good);
        ask(&mut Command::new("/no/such/program"), long).expect_err("there is none");
        let begun = Instant::now();
        let late = ask(&mut shell("sleep 1000 & wait"), Duration::from_millis(50));
        assert_eq!(late.expect_err("too late").kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() < long);
        // One that leaves somebody behind has answered all the same.
        let left = ask(&mut shell("sleep 5 & echo there"), long).expect("an answer");
        assert_eq!(left.text, "there\n");
    }
}
