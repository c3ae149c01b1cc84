//! Where the outputs of workstreams are, and what their lines are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::core::Stream;
use crate::ipc::facts::WorkstreamFacts;
use crate::supervisor::agent_file;
use crate::supervisor::state_dir::StateDir;
use crate::tui::run::LogSource;
use crate::tui::state::Shown;

/// So many attempts are known by what their output is; beyond that all are read anew.
const KNOWN: usize = 256;

/// Where the outputs of workstreams are, and what their lines are.
#[derive(Clone, Debug)]
pub struct LogSources {
    dir: StateDir,
    /// The directories of attempts that were looked at, and what the output of their agents is.
    seen: Arc<Mutex<HashMap<PathBuf, Option<Stream>>>>,
}

impl LogSources {
    /// Of the project with this state directory.
    pub fn new(dir: StateDir) -> Self {
        Self { dir, seen: Arc::default() }
    }

    /// Returns where an output is; none if there is none.
    pub fn find(&self, workstream: &WorkstreamFacts, shown: Shown) -> Option<LogSource> {
        let (path, attempt) = match shown {
            Shown::Latest => (workstream.log.clone()?, workstream.attempt),
            Shown::Attempt(attempt) => {
                (self.dir.run(&workstream.id, attempt).join("out.log"), Some(attempt))
            }
            Shown::Check => (workstream.check_log.clone()?, None),
        };
        let stream =
            attempt.and_then(|attempt| self.stream(&self.dir.attempt(&workstream.id, attempt)));
        Some(LogSource { path, stream })
    }

    /// Returns what the output of an attempt is, as its agent was configured then.
    fn stream(&self, attempt_dir: &Path) -> Option<Stream> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stream) = seen.get(attempt_dir) {
            return *stream;
        }
        // What cannot be read is shown as it was written.
        let agent = agent_file::read(attempt_dir).ok().flatten()?;
        if seen.len() == KNOWN {
            seen.clear();
        }
        seen.insert(attempt_dir.to_owned(), agent.patterns.stream);
        agent.patterns.stream
    }
}
