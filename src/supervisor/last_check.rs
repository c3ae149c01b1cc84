//! What the last check of a workstream said.

use std::fs;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::state_dir::StateDir;
use crate::agents::plain;
use crate::core::Workstream;

/// So much of a check's output is read, from its end, in bytes.
const LIMIT: u64 = 16 * 1024;

/// Returns the end of the last check's output; none if nothing was checked.
pub fn output(dir: &StateDir, state: &Workstream) -> io::Result<Option<String>> {
    let id = &state.definition.id;
    let checked = state.attempts.iter().rev().map(|attempt| dir.check(id, attempt.id));
    let log = checked.map(|dir| dir.join("out.log")).find(|log| log.exists());
    log.map(|log| tail(&log)).transpose()
}

fn tail(path: &Path) -> io::Result<String> {
    let file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = vec![0; usize::try_from(length.min(LIMIT)).unwrap_or(0)];
    file.read_exact_at(&mut bytes, length - length.min(LIMIT))?;
    Ok(plain::clean_lines(&bytes))
}
