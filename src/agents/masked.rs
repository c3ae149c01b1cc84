//! Texts without the keys and passwords that are known here.

use std::collections::BTreeSet;

/// Shorter texts are no secrets: to mask them would garble everything.
pub const SHORTEST: usize = 6;

/// Texts that must not be handed on.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeSet<String>);

impl Secrets {
    /// Collects those that are long enough to be some.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let long = texts.into_iter().map(|text| text.trim().to_owned());
        Self(long.filter(|text| text.len() >= SHORTEST).collect())
    }

    /// Returns a text with `[secret]` in their place.
    pub fn masked(&self, text: &str) -> String {
        // One that holds another goes first.
        let mut longest: Vec<&String> = self.0.iter().collect();
        longest.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        longest.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[secret]"))
    }
}

/// Says how many there are, and never what.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}
