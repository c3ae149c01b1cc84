//! Paths that a model may name.

use std::fmt;

/// The longest path, in bytes.
const LONGEST: usize = 1024;
/// The longest name in a path, in bytes.
const NAME: usize = 200;

/// A path below the worktree, written plainly: no `..`, not absolute, nothing of git's own.
///
/// What it leads to is another question, which [`super::root::Root`] answers step by step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativePath(String);

/// Why a path is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is nothing in it.
    #[error("a path is missing")]
    Empty,
    /// It is longer than any path of a project.
    #[error("a path of {0} bytes is too long")]
    TooLong(usize),
    /// It holds a character that has no place in one.
    #[error("`{0}` holds a character that no path here may have")]
    Character(String),
    /// It begins at the root.
    #[error("`{0}` is absolute; paths begin at the worktree")]
    Absolute(String),
    /// It holds `..`, `.`, an empty name, or ends in a slash.
    #[error("`{0}` is not a plain path below the worktree")]
    NotPlain(String),
    /// It leads into git's own files.
    #[error("`{0}` belongs to git")]
    Git(String),
}

impl RelativePath {
    /// Reads a path; `./` before it is taken away.
    pub fn new(text: &str) -> Result<Self, PathError> {
        let shown = || crate::agents::plain::cut(&text.escape_debug().to_string(), 120);
        if text.len() > LONGEST {
            return Err(PathError::TooLong(text.len()));
        }
        if text.chars().any(|c| c.is_control() || c == '\\' || is_invisible(c)) {
            return Err(PathError::Character(shown()));
        }
        if text.starts_with('/') {
            return Err(PathError::Absolute(shown()));
        }
        let plain = text.strip_prefix("./").unwrap_or(text);
        if plain.is_empty() {
            return Err(PathError::Empty);
        }
        for name in plain.split('/') {
            if matches!(name, "" | "." | "..") || name.len() > NAME || name.trim() != name {
                return Err(PathError::NotPlain(shown()));
            }
            if is_git(name) {
                return Err(PathError::Git(shown()));
            }
        }
        Ok(Self(plain.to_owned()))
    }

    /// Returns it as it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the names in it, the file's last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Returns the names of its directories, and the file's own.
    pub fn split(&self) -> (Vec<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((above, name)) => (above.split('/').collect(), name),
            None => (Vec::new(), &self.0),
        }
    }

    /// Returns it without the difference between large and small letters.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// Says whether it is this directory or lies below it.
    pub fn is_within(&self, directory: &str) -> bool {
        let rest = self.0.strip_prefix(directory);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Characters that are not seen, and that some file systems leave out.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Says whether some file system takes a name for `.git`.
fn is_git(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or(name);
    let name = name.trim_end_matches(['.', ' ']).to_lowercase();
    name == ".git" || name.strip_prefix("git~").is_some_and(|rest| rest.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_taken() {
        for path in
            ["a", "src/error.rs", "./src/a b.rs", ".github/x.yml", ".gitignore", "ä/ö", "a..b"]
        {
            assert!(RelativePath::new(path).is_ok(), "{path}");
        }
        assert_eq!(RelativePath::new("./a").unwrap().text(), "a");
    }

    #[test]
    fn all_others_are_refused() {
        let long = "x".repeat(NAME + 1);
        let deep = "x/".repeat(LONGEST) + "x";
        for path in [
            "",
            "./",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/..",
            "/etc/passwd",
            "//a",
            "a//b",
            "a/",
            "a/./b",
            "a\\..\\b",
            "a\0b",
            "a\nb",
            ".git",
            ".git/hooks/pre-commit",
            ".GIT/config",
            "a/.Git/x",
            ".git./x",
            ".git /x",
            " .git/x",
            ".git::$INDEX_ALLOCATION/x",
            "GIT~1/x",
            ".g\u{200c}it/x",
            "\u{feff}a",
            "a/ b",
            &long,
            &deep,
        ] {
            assert!(RelativePath::new(path).is_err(), "{path:?}");
        }
    }
}
