//! The commits that were made in a worktree.

use super::error::WorktreeError;
use super::tree::Worktree;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The id of the first commit that it was made on; none if it was made on none.
    pub parent: Option<String>,
    /// The first line of its message.
    pub subject: String,
    /// What its message names as its task, by lines `Task: …` at its end.
    pub tasks: Vec<String>,
}

/// What is asked of a commit.
const FORMAT: &str =
    "--format=tformat:%H%x1e%P%x1e%(trailers:key=Task,valueonly,separator=%x1f)%x1e%s";

impl Worktree {
    /// Returns the commit that is checked out; none if nothing was committed yet.
    pub fn head(&self) -> Result<Option<String>, WorktreeError> {
        self.or_lost(self.reader().resolve("HEAD"))
    }

    /// Returns the commit that another one was made on; of a checkpoint, what was checked out then.
    pub fn parent(&self, commit: &str) -> Result<Option<String>, WorktreeError> {
        self.or_lost(self.reader().resolve(&format!("{commit}^1")))
    }

    /// Says whether two commits have the same files.
    pub fn is_same(&self, one: &str, other: &str) -> Result<bool, WorktreeError> {
        Ok(self.tree_at(one)? == self.tree_at(other)?)
    }

    /// Returns the last commits that one commit has and another one has not, the oldest first; of what was merged, only the
    /// merge.
    pub fn commits(&self, from: &str, to: &str, most: usize) -> Result<Vec<Commit>, WorktreeError> {
        let log = ["log", "-z", "--first-parent", "--topo-order", FORMAT];
        let git = self.git(log).arg(format!("--max-count={most}"));
        let git = git.arg(format!("{from}..{to}")).arg("--");
        let output = self.or_lost(git.run())?;
        let told = output.fields().map(String::from_utf8_lossy);
        let mut commits: Vec<Commit> = told.filter_map(|told| commit(&told)).collect();
        commits.reverse();
        Ok(commits)
    }
}

fn commit(told: &str) -> Option<Commit> {
    let mut fields = told.splitn(4, '\u{1e}');
    let (id, parents) = (fields.next()?, fields.next()?);
    let (tasks, subject) = (fields.next()?, fields.next()?);
    let tasks = tasks.split('\u{1f}').map(|task| task.trim().to_owned());
    Some(Commit {
        id: id.trim().to_owned(),
        parent: parents.split_whitespace().next().map(str::to_owned),
        subject: subject.trim().to_owned(),
        tasks: tasks.filter(|task| !task.is_empty()).collect(),
    })
}
