//! The dead-man's switch of a supervisor: a process that does nothing until the supervisor is gone, and then becomes its
//! successor.
//!
//! Keepers raise a successor too, but what is queued, being prepared or waiting for its next try may have no keeper.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

/// What a supervisor says when nobody has to follow it.
pub const DISMISSED: u8 = b'.';

/// Waits for the end of standard input, whose other end only the supervisor has; then becomes the program, unless
/// it was dismissed before. `grace` is in milliseconds.
pub fn sentry(
    grace: &OsStr,
    directory: &Path,
    program: &OsStr,
    arguments: &[OsString],
) -> ExitCode {
    let _ = rustix::thread::set_name(c"ostler-sentry");
    if is_dismissed() {
        return ExitCode::SUCCESS;
    }
    let grace = grace.to_str().and_then(|text| text.parse().ok()).unwrap_or_default();
    std::thread::sleep(Duration::from_millis(grace));
    // It may have been replaced or removed since.
    for program in [program, OsStr::new("/proc/self/exe")] {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(directory).stdin(Stdio::null());
        let error = command.arg0("ostler").exec();
        if error.kind() != ErrorKind::NotFound {
            break;
        }
    }
    // A project that is gone needs nobody.
    ExitCode::FAILURE
}

/// A line that cannot be read says nothing of the supervisor, and a successor too many leaves at once.
fn is_dismissed() -> bool {
    let mut word = [0];
    loop {
        match io::stdin().lock().read(&mut word) {
            Ok(read) => return read > 0 && word[0] == DISMISSED,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}
