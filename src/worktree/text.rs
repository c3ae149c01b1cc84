//! The text of a file, at a commit or as it is now.

use std::fs;
use std::path::{Component, Path};

use git2::{ObjectType, Oid};

use super::reader::library;
use super::tree::Worktree;

impl Worktree {
    /// Returns the text of a file by its path in the worktree, at a commit or, without one, as it is now. None if it is
    /// not there, no plain file, longer than so many bytes, or no UTF-8.
    pub fn text_of(&self, commit: Option<&str>, path: &Path, limit: u64) -> Option<String> {
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let bytes = if let Some(commit) = commit {
            self.saved_bytes(commit, path, limit)?
        } else {
            let file = self.path.join(path);
            let about = fs::symlink_metadata(&file).ok()?;
            (about.is_file() && about.len() <= limit).then(|| fs::read(file).ok()).flatten()?
        };
        String::from_utf8(bytes).ok()
    }

    fn saved_bytes(&self, commit: &str, path: &Path, limit: u64) -> Option<Vec<u8>> {
        let Some(repository) = library(&self.path) else {
            let name = format!("{commit}:{}", path.to_str()?);
            let git = self.git(["cat-file", "blob"]).arg(name).at_most(limit);
            let output = git.run().ok().filter(|output| !output.cut)?;
            return Some(output.stdout);
        };
        let tree = repository.find_commit(Oid::from_str(commit).ok()?).ok()?.tree().ok()?;
        let entry = tree.get_path(path).ok()?;
        // The size is asked first: what is too long is not even read.
        let database = repository.odb().ok()?;
        let (size, kind) = database.read_header(entry.id()).ok()?;
        let fits = kind == ObjectType::Blob && u64::try_from(size).is_ok_and(|size| size <= limit);
        let blob = fits.then(|| repository.find_blob(entry.id()).ok()).flatten()?;
        Some(blob.content().to_owned())
    }
}
