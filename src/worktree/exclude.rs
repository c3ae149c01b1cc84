//! Keeping worktrees out of the status of the repository that they are in, and what tools leave out of that of worktrees.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::error::WorktreeError;
use super::project::Project;

/// Adds a directory below the main worktree to `.git/info/exclude`, unless git ignores it already, and these patterns, unless
/// they are there. Git reads the file for all worktrees of the repository.
///
/// Needs the turn: the file has one writer at a time.
pub(super) fn keep_out(
    project: &Project,
    worktrees: &Path,
    leaves: &[String],
) -> Result<(), WorktreeError> {
    if worktrees.starts_with(project.common_dir()) || project.root().starts_with(worktrees) {
        let why = "is or holds what git keeps for itself or the checkout";
        return Err(WorktreeError::BadPlace { dir: worktrees.to_owned(), why });
    }
    let mut lines = leaves.to_vec();
    if let Ok(below) = worktrees.strip_prefix(project.root())
        && !project.reader().ignores(below)?
    {
        lines.push(pattern(below));
    }
    exclude(project, &lines)
}

fn exclude(project: &Project, lines: &[String]) -> Result<(), WorktreeError> {
    if lines.is_empty() {
        return Ok(());
    }
    let file = project.common_dir().join("info").join("exclude");
    let failed = || WorktreeError::io("extended", &file);
    let before = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed()(error)),
    };
    let is_there = |line: &&String| before.lines().any(|present| present == *line);
    let new = lines.iter().filter(|line| !is_there(line));
    let new = new.fold(String::new(), |text, line| text + line + "\n");
    if new.is_empty() {
        return Ok(());
    }
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir).map_err(failed())?;
    }
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let mut open = OpenOptions::new();
    let mut out = open.append(true).create(true).open(&file).map_err(failed())?;
    out.write_all(format!("{gap}{new}").as_bytes()).map_err(failed())
}

fn pattern(below: &Path) -> String {
    let mut pattern = String::from("/");
    for character in below.to_string_lossy().chars() {
        if matches!(character, '*' | '?' | '[' | '\\' | ' ') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('/');
    pattern
}
