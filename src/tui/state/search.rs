//! A search in the log, and how much it has found.

/// A search in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is looked for, as typed; a regular expression, or plain text if it is not a valid one.
    pub pattern: String,
    /// How much was found of it.
    pub tally: Tally,
}

impl Search {
    /// Returns a search for this, of which nothing is found yet.
    pub fn of(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned(), tally: Tally::default() }
    }
}

/// How much a search has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Lines that match, as far as they are counted.
    pub count: usize,
    /// Which of them was gone to last, from 1; none if the pane stands elsewhere.
    pub place: Option<usize>,
    /// How much is searched; none if that is all.
    pub percent: Option<u8>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, place: None, percent: Some(0) }
    }
}
