//! What has changed in a worktree, as the screen shows it.

mod attempts;
mod commits;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::core::{AttemptId, WorkstreamId};
use crate::ipc::facts::WorkstreamFacts;
use crate::tui::diff::{Ends, Part, PartHead};
use crate::tui::state::{Compared, Divided, Point};
use crate::worktree::Worktree;
use crate::worktree::checkpoint::{after, before};

/// A patch is read no further, in bytes.
const LIMIT: usize = 2 << 20;
/// Of files that are longer, in bytes, the text around a change is not read.
const LONG: u64 = 1 << 20;

/// Whose changes are asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    path: PathBuf,
    id: WorkstreamId,
    /// The states that can be compared, the oldest first.
    points: Vec<Point>,
    /// The attempts that were made, and by which agent.
    agents: BTreeMap<AttemptId, String>,
    tasks: Vec<String>,
}

impl Asked {
    /// Returns what there is to know of a workstream; none if it has no worktree.
    pub fn of(ws: &WorkstreamFacts) -> Option<Self> {
        let made = ws.attempts.iter().map(|attempt| (attempt.id, attempt.agent.to_string()));
        Some(Self {
            path: ws.worktree.clone()?,
            id: ws.id.clone(),
            points: Point::all(ws),
            agents: made.collect(),
            tasks: ws.tasks.clone(),
        })
    }
}

/// Two states of the files, and what is read of how they differ.
struct Reading<'a> {
    asked: &'a Asked,
    worktree: Worktree,
    saved: BTreeMap<String, String>,
    /// So many bytes may still be read.
    left: usize,
}

/// Returns the parts of a change; the error is a sentence for the operator. It may take long.
pub fn read(asked: &Asked, (compared, divided): (Compared, Divided)) -> Result<Vec<Part>, String> {
    let worktree = Worktree::open(&asked.path, &asked.id).map_err(words)?;
    let saved = worktree.checkpoints().map_err(words)?.into_iter().collect();
    let mut reading = Reading { asked, worktree, saved, left: LIMIT };
    let (from, to) = match compared {
        Compared::Whole => (Point::Base, Point::Now),
        Compared::Attempt(attempt) => (Point::Before(attempt), Point::After(attempt)),
        Compared::Between(from, to) => (from, to),
    };
    let missing = |point: Point| {
        format!("there is no checkpoint of {point}, so nobody can tell what changed")
    };
    let begin = reading.commit(from)?.ok_or_else(|| missing(from))?;
    // It is at work, or its end could not be saved.
    let is_open = to == Point::Now || matches!(compared, Compared::Attempt(_));
    let end = match reading.commit(to)? {
        None if !is_open => return Err(missing(to)),
        end => end,
    };
    let to = if end.is_none() { Point::Now } else { to };
    let ends = Ends { from: begin, to: end };
    match divided {
        Divided::Not => Ok(vec![reading.part(String::new(), ends)?]),
        Divided::ByCommit => reading.by_commit((from, ends), commits::Order::Time),
        Divided::ByTask => reading.by_commit((from, ends), commits::Order::Task),
        Divided::ByAttempt => reading.by_attempt((from, to), ends),
    }
}

/// Returns the text of a file, at a commit or as it is now; none if it is not there, too long or no text.
pub fn text(asked: &Asked, commit: Option<&str>, path: &str) -> Option<String> {
    let worktree = Worktree::open(&asked.path, &asked.id).ok()?;
    worktree.text_of(commit, Path::new(path), LONG)
}

impl Reading<'_> {
    /// Returns the commit of a state; none for what is there now, and where there is none.
    fn commit(&self, point: Point) -> Result<Option<String>, String> {
        match point {
            Point::Base => self.worktree.base().map(Some).map_err(words),
            Point::Before(attempt) => Ok(self.saved.get(&before(attempt)).cloned()),
            Point::After(attempt) => Ok(self.saved.get(&after(attempt)).cloned()),
            Point::Now => Ok(None),
        }
    }

    /// Reads how two states differ, as far as that still fits.
    fn part(&mut self, title: String, ends: Ends) -> Result<Part, String> {
        let text = match &ends.to {
            Some(end) => self.worktree.diff_between(&ends.from, end, self.left),
            None => self.worktree.diff_text(&ends.from, self.left),
        };
        let text = text.map_err(words)?;
        self.left = self.left.saturating_sub(text.len());
        Ok(Part { head: PartHead { title, ends }, text })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what an error is mapped by")]
fn words(error: crate::worktree::WorktreeError) -> String {
    error.to_string()
}
