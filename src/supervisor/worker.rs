//! Starting a detached worker: this same program, without a screen, in a session of its own.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::core::WorkstreamId;
use crate::keeper::launch::Program;

/// Starts a detached worker for these workstreams, which asks their owners to let go of them.
///
/// It belongs to nobody when this returns, so there is nothing to reap, and the end of our session is not its end.
pub fn start(program: &Program, root: &Path, ids: &[WorkstreamId]) -> io::Result<()> {
    let mut command = Command::new(&program.0);
    command.arg("apart").arg(root).arg(&program.0).arg("worker");
    for id in ids {
        command.arg("--workstream").arg(id.as_str());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{} worker: {status}", program.0.display())))
    }
}
