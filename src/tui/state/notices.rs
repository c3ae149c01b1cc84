//! Which notices were read.

/// Which notices were read, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Up to this one when the list was opened; those after it are marked.
    pub before: u64,
    /// Up to this one by now.
    pub read: u64,
}
