//! Another prompt for the next attempt while it is being written down.

use super::text_area::TextArea;
use crate::core::WorkstreamId;

/// Another prompt for the next attempt.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Of which workstream.
    pub workstream: WorkstreamId,
    /// The place in the chain, from 0; none for the agent that was tried last.
    pub tier: Option<usize>,
    /// What there is to know before; may be empty.
    pub about: String,
    /// The prompt.
    pub text: TextArea,
    /// What it was before.
    pub before: String,
    /// Whether it was asked if what was typed is to be thrown away.
    pub asks: bool,
}

impl Rewrite {
    /// Says whether it is as it was.
    pub fn is_as_before(&self) -> bool {
        self.text.text().trim() == self.before.trim()
    }
}
