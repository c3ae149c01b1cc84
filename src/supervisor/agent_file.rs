//! The agent of an attempt, as it was configured when the attempt was started.

use std::io;
use std::path::Path;

use crate::config::plan::Agent;
use crate::keeper::files::{self, FileError};

/// The file, in the attempt's directory.
const NAME: &str = "agent.json";

/// Writes it down.
pub fn write(attempt_dir: &Path, agent: &Agent) -> io::Result<()> {
    files::replace_durably(attempt_dir, NAME, agent)
}

/// Reads it; none if the attempt never came so far.
pub fn read(attempt_dir: &Path) -> Result<Option<Agent>, FileError> {
    files::read(&attempt_dir.join(NAME))
}
