//! Lines of a log that are marked to be copied.

use std::ops::RangeInclusive;

/// By what lines are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkedBy {
    /// By keys: they are copied by one.
    Keys,
    /// By the mouse: they are copied when it is let go.
    Mouse,
}

/// Lines of a log that are marked to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marking {
    /// The line where it began, from 0.
    pub anchor: usize,
    /// The line up to which it goes, before that or after it.
    pub head: usize,
    /// By what they are marked.
    pub by: MarkedBy,
}

impl Marking {
    /// Returns the lines.
    pub fn lines(self) -> RangeInclusive<usize> {
        self.anchor.min(self.head)..=self.anchor.max(self.head)
    }

    /// Returns how many there are.
    pub fn count(self) -> usize {
        self.anchor.abs_diff(self.head) + 1
    }
}
