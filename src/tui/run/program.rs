//! The operator's own programs: what `$PAGER`, `$VISUAL` and `$EDITOR` name.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitStatus};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Pager,
    Editor,
}

/// Returns the command line of the operator's program.
pub(super) fn named(what: Use) -> OsString {
    let (names, usual): (&[&str], &str) = match what {
        Use::Pager => (&["PAGER"], "less"),
        Use::Editor => (&["VISUAL", "EDITOR"], "vi"),
    };
    let set = names.iter().filter_map(std::env::var_os);
    let is_set = |value: &OsString| !value.to_string_lossy().trim().is_empty();
    { set }.find(is_set).unwrap_or_else(|| usual.into())
}

/// Returns what runs it, to which arguments can be added. As git does it: the variable is a command line, which a shell
/// takes apart.
pub(super) fn command(program: &OsStr) -> Command {
    let mut line = program.to_owned();
    line.push(" \"$@\"");
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(line).arg("ostler");
    command
}

/// Says whether a program was never there or could not be run, as shells tell it.
pub(super) fn is_missing(status: ExitStatus) -> bool {
    matches!(status.code(), Some(126 | 127))
}
