//! What went wrong in the keeper itself, in `keeper.log` of its run directory, which is its working directory.

use std::io::Write as _;

use super::files::{KEEPER_LOG, private};
use super::recorder::monotonic_ms;

/// More than this is not written: a fault that repeats must not fill the disk.
const CAP: u64 = 64 * 1024;

/// Writes one line, if it can; there is nobody to tell if it cannot.
pub fn note(words: &str) {
    let Ok(mut file) = private().append(true).open(KEEPER_LOG) else {
        return;
    };
    if file.metadata().is_ok_and(|it| it.len() < CAP) {
        let line: String = words.chars().take(2000).collect();
        drop(writeln!(file, "{} {line}", monotonic_ms()));
    }
}
