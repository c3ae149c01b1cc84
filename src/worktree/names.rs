//! The names of branches, refs and files that belong to a workstream.

use crate::core::WorkstreamId;

use super::error::WorktreeError;

/// The file in a worktree's private git directory that says whose it is.
pub(super) const MARK: &str = "ostler";
/// Why our worktrees are locked.
pub(super) const LOCK_REASON: &str = "ostler";
/// What all our branches begin with.
pub(super) const BRANCHES: &str = "refs/heads/ostler/";

/// Returns the short name of a workstream's branch.
pub(super) fn branch(id: &WorkstreamId) -> String {
    format!("ostler/{id}")
}

/// Returns the full name of a workstream's branch.
pub(super) fn branch_ref(id: &WorkstreamId) -> String {
    format!("{BRANCHES}{id}")
}

/// Returns what all refs of a workstream begin with.
pub(super) fn refs(id: &WorkstreamId) -> String {
    format!("refs/ostler/{id}/")
}

/// Returns the ref that remembers what a workstream started from.
pub(super) fn base_ref(id: &WorkstreamId) -> String {
    format!("refs/ostler/{id}/base")
}

/// Returns the ref of a checkpoint.
pub(super) fn checkpoint_ref(id: &WorkstreamId, name: &str) -> Result<String, WorktreeError> {
    if name == "base" {
        let why = "it stands for what the workstream started from";
        return Err(WorktreeError::BadName { name: name.to_owned(), why });
    }
    check(name)?;
    Ok(format!("{}{name}", refs(id)))
}

/// Checks that a name can be one component of a ref and of a path.
pub(super) fn check(name: &str) -> Result<(), WorktreeError> {
    let plain = !name.contains('/') && !name.starts_with('-');
    if plain && git2::Reference::is_valid_name(&format!("{BRANCHES}{name}")) {
        return Ok(());
    }
    let why = "use letters, digits, `-`, `_` and single dots, as in a branch";
    Err(WorktreeError::BadName { name: name.to_owned(), why })
}

/// Returns the name that is most like the wanted one, if any is.
pub(super) fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let scored = names.into_iter().map(|name| (likeness(wanted, name), name));
    let best = scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name.to_owned())
}

fn likeness(wanted: &str, name: &str) -> f64 {
    let last = name.rsplit('/').next().unwrap_or(name);
    // A branch of a remote is named after its last part, but a local one is preferred.
    strsim::jaro_winkler(wanted, name).max(strsim::jaro_winkler(wanted, last) - 0.01)
}
