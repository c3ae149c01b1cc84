//! The operator's own shell in a worktree, on the terminal that the screen has left.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::core::WorkstreamId;
use crate::tui::input::{Bell, Rung};

/// Starts `$SHELL` there; the bell is rung when it has ended.
///
/// The worktree is named in `OSTLER_WORKTREE` and the workstream in `OSTLER_WORKSTREAM`.
pub(super) fn open(workstream: &WorkstreamId, worktree: &Path, bell: Bell) -> io::Result<()> {
    let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
    let mut child = Command::new(shell.unwrap_or_else(|| "/bin/sh".into()))
        .current_dir(worktree)
        .env("OSTLER_WORKSTREAM", workstream.as_str())
        .env("OSTLER_WORKTREE", worktree)
        .spawn()?;
    std::thread::Builder::new().name("screen-shell".to_owned()).spawn(move || {
        if let Err(error) = child.wait() {
            bell.tell(format!("the shell is lost: {error}"));
        }
        bell.ring(Rung::SHELL);
    })?;
    Ok(())
}
