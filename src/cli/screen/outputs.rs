//! Where the outputs of workstreams are, and what their lines are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::core::{Stream, WorkstreamId};
use crate::supervisor::agent_file;
use crate::supervisor::host::Handle;
use crate::supervisor::state_dir::StateDir;
use crate::tui::run::LogSource;
use crate::tui::state::Shown;

/// So many attempts are known by what their output is; beyond that all are read anew.
const KNOWN: usize = 256;

/// Where the outputs of workstreams are, and what their lines are.
#[derive(Clone)]
pub(super) struct Outputs {
    handle: Handle,
    pub(super) dir: StateDir,
    /// The directories of attempts that were looked at, and what the output of their agents is.
    seen: Arc<Mutex<HashMap<PathBuf, Option<Stream>>>>,
}

impl Outputs {
    pub(super) fn new(handle: Handle, dir: StateDir) -> Self {
        Self { handle, dir, seen: Arc::default() }
    }

    /// Returns where an output is; none if there is none.
    pub(super) fn find(&self, workstream: &WorkstreamId, shown: Shown) -> Option<LogSource> {
        let facts = self.handle.facts();
        let found = facts.workstreams.iter().find(|facts| facts.id == *workstream)?;
        let (path, attempt) = match shown {
            Shown::Latest => (found.log.clone()?, found.attempt),
            Shown::Attempt(attempt) => {
                (self.dir.run(workstream, attempt).join("out.log"), Some(attempt))
            }
            Shown::Check => (found.check_log.clone()?, None),
        };
        let stream =
            attempt.and_then(|attempt| self.stream(&self.dir.attempt(workstream, attempt)));
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
