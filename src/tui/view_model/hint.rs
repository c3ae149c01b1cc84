//! Keys and what they do, as people read them.

/// A key that works now, and what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The key, as people write it.
    pub key: String,
    /// What it does, in one to three words; in help and palette in a few more.
    pub what: String,
}

/// Keys that belong together, for the help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HintGroup {
    /// What they are about.
    pub title: String,
    /// The keys.
    pub hints: Vec<Hint>,
}
