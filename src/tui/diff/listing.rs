//! What stands in which row when a change is shown.

use super::{Hunk, Kind, Patch, PatchLine};
use crate::tui::clean::width;

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing.
    Gap,
    /// The name of the file with this number.
    File(usize),
    /// A remark on it.
    Remark(usize, usize),
    /// Where a hunk of it is.
    Hunk(usize, usize),
    /// A line of that.
    Line(usize, usize, usize),
}

/// What stands in a row where old and new stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The first of the rows that it takes where one line stands below the other.
    pub row: usize,
    /// What stands there, at the left if it is a line; none if nothing does.
    pub left: Option<Place>,
    /// The line at the right; none if there is none.
    pub right: Option<Place>,
}

/// Returns the patch with its rows.
pub(super) fn listed(mut patch: Patch) -> Patch {
    let files = std::mem::take(&mut patch.files);
    for (number, file) in files.iter().enumerate() {
        if number > 0 {
            patch.whole(Place::Gap);
        }
        patch.starts.push(patch.rows.len());
        patch.whole(Place::File(number));
        for remark in 0..file.remarks.len() {
            patch.whole(Place::Remark(number, remark));
        }
        for (place, hunk) in file.hunks.iter().enumerate() {
            patch.hunks.push(patch.rows.len());
            patch.whole(Place::Hunk(number, place));
            patch.lines(hunk, (number, place));
        }
    }
    let lines = files.iter().flat_map(|file| &file.hunks).flat_map(|hunk| &hunk.lines);
    patch.widest = lines.map(|line| width(&line.text)).max().unwrap_or(0);
    patch.files = files;
    patch
}

impl Patch {
    /// Adds a row that is the same in both forms.
    fn whole(&mut self, place: Place) {
        self.sides.push(Side { row: self.rows.len(), left: Some(place), right: None });
        self.rows.push(place);
    }

    /// Adds the lines of a hunk; beside each other, what was removed stands against what took its place.
    fn lines(&mut self, hunk: &Hunk, (file, place): (usize, usize)) {
        let first = self.rows.len();
        let line = |number: usize| Place::Line(file, place, number);
        self.rows.extend((0..hunk.lines.len()).map(line));
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for (number, this) in hunk.lines.iter().enumerate() {
            match this.kind {
                // Removed lines after added ones begin another pair.
                Kind::Removed if added.is_empty() => removed.push(number),
                Kind::Removed => {
                    self.pair(&mut removed, &mut added, (first, &line));
                    removed.push(number);
                }
                Kind::Added => added.push(number),
                Kind::Same | Kind::Remark => {
                    self.pair(&mut removed, &mut added, (first, &line));
                    let right = (this.kind == Kind::Same).then(|| line(number));
                    self.sides.push(Side { row: first + number, left: Some(line(number)), right });
                }
            }
        }
        self.pair(&mut removed, &mut added, (first, &line));
    }

    fn pair(
        &mut self,
        removed: &mut Vec<usize>,
        added: &mut Vec<usize>,
        (first, line): (usize, &dyn Fn(usize) -> Place),
    ) {
        // The rows of a pair go on with it, so that every row of one form is found in the other.
        let begin = removed.first().or(added.first()).copied().unwrap_or(0);
        for place in 0..removed.len().max(added.len()) {
            let left = removed.get(place).copied().map(line);
            let right = added.get(place).copied().map(line);
            self.sides.push(Side { row: first + begin + place, left, right });
        }
        removed.clear();
        added.clear();
    }

    /// Returns the line that stands at a place; none if it is another thing that does.
    pub fn line(&self, place: Place) -> Option<&PatchLine> {
        let Place::Line(file, hunk, line) = place else { return None };
        self.files.get(file)?.hunks.get(hunk)?.lines.get(line)
    }

    /// Returns the row of the other form in which this row stands.
    pub fn side_of(&self, row: usize) -> usize {
        self.sides.partition_point(|side| side.row <= row).saturating_sub(1)
    }

    /// Returns the number of the file to which a row belongs; none if there are no files.
    pub fn file_at(&self, row: usize) -> Option<usize> {
        self.starts.partition_point(|start| *start <= row).checked_sub(1)
    }
}
