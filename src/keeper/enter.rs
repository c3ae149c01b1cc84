//! The hidden subcommands, taken before anything else is set up.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::{apart, gate, hook, keep, leash, sentry};

/// Runs a hidden subcommand and returns its exit code; none if the arguments are for people.
///
/// `keep RUN_DIRECTORY` keeps one attempt, `gate UMASK` becomes the agent, `apart DIRECTORY PROGRAM [ARGUMENT]…` starts
/// a program that belongs to nobody, `leash PARENT PROGRAM [ARGUMENT]…` one that ends with its parent, `hook LIMIT PROGRAM
/// [ARGUMENT]…` one that is ended after a while, `sentry GRACE DIRECTORY PROGRAM [ARGUMENT]…` becomes a program when a supervisor is
/// gone. They are entered first thing in `main`: a keeper must stay small and have one
/// thread, so there is no async runtime, no logging and no argument parser in it.
pub fn enter(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    let word = arguments.next()?;
    let rest: Vec<OsString> = arguments.collect();
    match (word.to_str()?, rest.as_slice()) {
        ("keep", [run_directory]) => Some(keep::keep(Path::new(run_directory))),
        ("gate", [umask]) => Some(gate::gate(umask)),
        ("apart", [directory, program, arguments @ ..]) => {
            Some(apart::apart(Path::new(directory), program, arguments))
        }
        ("leash", [parent, program, arguments @ ..]) => {
            Some(leash::leash(parent, program, arguments))
        }
        ("hook", [limit, program, arguments @ ..]) => Some(hook::hook(limit, program, arguments)),
        ("sentry", [grace, directory, program, arguments @ ..]) => {
            Some(sentry::sentry(grace, Path::new(directory), program, arguments))
        }
        _ => None,
    }
}
