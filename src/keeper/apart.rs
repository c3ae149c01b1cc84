//! Starts a program in a session of its own whose parent is gone at once.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Starts the program with the streams and the environment of this process and leaves; 0 if it was started.
///
/// The program's parent becomes the first process (or a subreaper further up), so whoever started this one is left
/// with nothing to reap, and the program lives on when that one ends.
pub fn apart(directory: &Path, program: &OsStr, arguments: &[OsString]) -> ExitCode {
    // A group leader cannot make a session; then it was started by hand and the terminal's session has to do.
    let session = rustix::process::setsid();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    if program == "/proc/self/exe" {
        // For people who look at the list of processes.
        command.arg0("ostler");
    }
    match command.spawn() {
        Ok(child) => {
            drop(child);
            ExitCode::SUCCESS
        }
        Err(error) => {
            let kind = if session.is_ok() { "" } else { " (no session of its own)" };
            eprintln!("`{}` could not be started{kind}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
