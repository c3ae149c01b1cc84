//! Patterns of files that tools leave in a worktree.

/// Checks that a pattern only ever leaves files out, in the words that follow it in a message.
pub(super) fn check(pattern: &str) -> Result<(), &'static str> {
    if pattern.trim().is_empty() || pattern.contains(['\n', '\r', '\0']) {
        return Err("is no pattern of files");
    }
    if pattern.starts_with('!') || pattern.starts_with('#') {
        return Err("would be no pattern of files to git: write `\\` before its first character");
    }
    if pattern.trim_matches(['/', '*', '.']).is_empty() {
        return Err("would leave out everything");
    }
    Ok(())
}
