//! The files that git knows.

use super::error::WorktreeError;
use super::project::Project;

/// The list is read no further, in bytes.
const LIMIT: u64 = 8 << 20;

impl Project {
    /// Returns the files of the main worktree that git tracks, from its root; of very many the first ones.
    pub fn tracked(&self) -> Result<Vec<String>, WorktreeError> {
        let listed = self.git(["ls-files", "-z", "--cached"]).at_most(LIMIT).run()?;
        let files = listed.fields().map(|field| String::from_utf8_lossy(field).into_owned());
        let mut files: Vec<String> = files.collect();
        if listed.cut {
            // The last name may be half of one.
            files.pop();
        }
        Ok(files)
    }
}
