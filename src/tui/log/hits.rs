//! The lines that match, in the order of the file.

/// So many matching lines can be gone to; more are only counted.
const MAX_HITS: usize = 200_000;

/// Which way a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the beginning.
    Backward,
}

/// The lines that match, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    count: usize,
    lines: Vec<u64>,
}

impl Hits {
    pub(super) fn add(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < MAX_HITS {
            self.lines.push(line);
        }
    }

    /// Takes over what another one, which has gone on from here or was begun anew, knows beyond this one.
    pub fn catch_up(&mut self, other: &Self) {
        if other.lines.len() < self.lines.len() || other.lines.first() != self.lines.first() {
            self.lines.clear();
        }
        self.lines.extend_from_slice(other.lines.get(self.lines.len()..).unwrap_or_default());
        self.count = other.count;
    }

    /// Returns how many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the place of a line among those that match, from 1; none if it does not match, or is one of too many.
    pub fn place(&self, line: usize) -> Option<usize> {
        self.lines.binary_search(&(line as u64)).ok().map(|place| place + 1)
    }

    /// Returns the next line that matches after or before a line.
    pub fn beside(&self, from: usize, direction: Direction) -> Option<usize> {
        let from = from as u64;
        let found = match direction {
            Direction::Forward => self.lines.get(self.lines.partition_point(|line| *line <= from)),
            Direction::Backward => {
                let place = self.lines.partition_point(|line| *line < from);
                place.checked_sub(1).and_then(|place| self.lines.get(place))
            }
        };
        found.map(|line| number(*line))
    }

    /// Returns the line at which a search begins anew that came to its end.
    pub fn around(&self, direction: Direction) -> Option<usize> {
        let found = match direction {
            Direction::Forward => self.lines.first(),
            Direction::Backward => self.lines.last(),
        };
        found.map(|line| number(*line))
    }
}

fn number(line: u64) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}
