//! The mark that begins each line of a reply which means something.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// What stands before the random part of a mark.
pub const OPEN: &str = "<<<";
/// How many characters the random part has.
const RANDOM: usize = 16;

/// A mark that nobody who wrote a file or a prompt could have known.
///
/// Lines without it are content or prose, whatever they look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(String);

impl Mark {
    /// A fresh mark; the system's randomness is in its hash keys.
    pub fn fresh() -> Self {
        Self(format!("{OPEN}{:016x}", RandomState::new().build_hasher().finish()))
    }

    /// A mark with a known random part, for tests.
    pub fn known(random: &str) -> Self {
        Self(format!("{OPEN}{random}"))
    }

    /// Returns it as it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns a line that means something.
    pub fn line(&self, words: &str) -> String {
        format!("{} {words}\n", self.0)
    }

    /// Returns what stands behind the mark, if the line begins with it.
    pub fn words<'a>(&self, line: &'a str) -> Option<&'a str> {
        let rest = line.trim().strip_prefix(self.0.as_str())?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
    }

    /// Says whether a line begins with what may be a mark, but is not this one.
    pub fn is_another(&self, line: &str) -> bool {
        let Some(rest) = line.trim().strip_prefix(OPEN) else { return false };
        let random = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        random >= RANDOM / 2 && self.words(line).is_none()
    }
}
