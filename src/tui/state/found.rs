//! What is looked for in all logs, and which of the lines found is chosen.

/// What is looked for in all logs, and which of the lines found is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What is looked for, as typed; empty if nothing was yet.
    pub pattern: String,
    /// The chosen line, from 0.
    pub selected: usize,
    /// Grows when all logs are to be searched again.
    pub asked: u32,
    /// Whether the search was given up before it came to its end.
    pub is_given_up: bool,
}
