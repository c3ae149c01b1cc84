//! Ties a program to the process that started it: the kernel ends it when that one is gone, however it went.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use rustix::process::{Pid, Signal};

/// Becomes the program, which gets KILL when the process `parent` ends; processes of its own are not reached by that.
///
/// The kernel goes by the thread that started this: it must live as long as its process.
pub fn leash(parent: &OsStr, program: &OsStr, arguments: &[OsString]) -> ExitCode {
    let tied = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    let parent = parent.to_str().and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
    // It may have ended before we were tied to it.
    if parent.is_none() || rustix::process::getppid() != parent {
        return ExitCode::FAILURE;
    }
    let error = match tied {
        Ok(()) => Command::new(program).args(arguments).exec(),
        Err(errno) => errno.into(),
    };
    eprintln!("`{}` could not be run: {error}", program.display());
    ExitCode::FAILURE
}
