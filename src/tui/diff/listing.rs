//! What stands in which row when a change is shown.

use std::collections::HashSet;

use super::pairs::pairs;
use super::{Hunk, Kind, Patch, PatchLine, shown};
use crate::tui::clean::width;

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing.
    Gap,
    /// What the part with this number is.
    Part(usize),
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

/// What stands at the end of a line that has a carriage return there, where the one on the other side has none.
pub(super) const RETURN: char = '␍';

/// Returns the patch with its rows.
pub(super) fn listed(mut patch: Patch) -> Patch {
    let mut files = std::mem::take(&mut patch.files);
    let mut of_part = 0;
    for part in 0..patch.parts.len() {
        let has_title = patch.parts.get(part).is_some_and(|part| !part.title.is_empty());
        let count = files.iter().skip(of_part).take_while(|file| file.part == part).count();
        let begin = patch.rows.len() + usize::from(!patch.rows.is_empty());
        if has_title {
            patch.gap();
            patch.whole(Place::Part(part));
        }
        for number in of_part..of_part + count {
            let Some(file) = files.get_mut(number) else { break };
            if number > of_part || !has_title {
                patch.gap();
            }
            let start = patch.rows.len();
            // What a part is belongs to its first file, so that both are gone to.
            patch.starts.push(if number == of_part { begin } else { start });
            patch.whole(Place::File(number));
            (0..file.remarks.len()).for_each(|remark| patch.whole(Place::Remark(number, remark)));
            for (place, hunk) in file.hunks.iter_mut().enumerate() {
                patch.hunks.push(patch.rows.len());
                patch.whole(Place::Hunk(number, place));
                patch.lines(hunk, (number, place));
                finish(hunk);
            }
        }
        of_part += count;
    }
    let lines = files.iter().flat_map(|file| &file.hunks).flat_map(|hunk| &hunk.lines);
    let columns = |text: &str| if text.is_ascii() { text.len() } else { width(text) };
    patch.widest = lines.map(|line| columns(&line.text)).max().unwrap_or(0);
    let names: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    patch.names = names.len();
    patch.files = files;
    patch
}

/// Makes the lines of a hunk what is shown of them.
fn finish(hunk: &mut Hunk) {
    let returns: Vec<bool> = hunk.lines.iter().map(|line| line.text.ends_with('\r')).collect();
    for (line, returns_here) in hunk.lines.iter_mut().zip(&returns) {
        line.text = shown(&line.text);
        let pair = line.pair.and_then(|pair| returns.get(usize::try_from(pair).ok()?));
        if *returns_here && pair == Some(&false) {
            line.text.push(RETURN);
        }
    }
}

impl Patch {
    /// Adds an empty row, but for one at the very top.
    fn gap(&mut self) {
        if !self.rows.is_empty() {
            self.whole(Place::Gap);
        }
    }

    /// Adds a row that is the same in both forms.
    fn whole(&mut self, place: Place) {
        self.sides.push(Side { row: self.rows.len(), left: Some(place), right: None });
        self.rows.push(place);
    }

    /// Adds the lines of a hunk; beside each other, what was removed stands against what took its place.
    fn lines(&mut self, hunk: &mut Hunk, (file, place): (usize, usize)) {
        let first = self.rows.len();
        let line = |number: usize| Place::Line(file, place, number);
        self.rows.extend((0..hunk.lines.len()).map(line));
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let kinds: Vec<Kind> = hunk.lines.iter().map(|line| line.kind).collect();
        for (number, kind) in kinds.into_iter().enumerate() {
            match kind {
                // Removed lines after added ones begin another pair.
                Kind::Removed if added.is_empty() => removed.push(number),
                Kind::Removed => {
                    self.pair(hunk, &mut removed, &mut added, (first, &line));
                    removed.push(number);
                }
                Kind::Added => added.push(number),
                Kind::Same | Kind::Remark => {
                    self.pair(hunk, &mut removed, &mut added, (first, &line));
                    let right = (kind == Kind::Same).then(|| line(number));
                    self.sides.push(Side { row: first + number, left: Some(line(number)), right });
                }
            }
        }
        self.pair(hunk, &mut removed, &mut added, (first, &line));
    }

    fn pair(
        &mut self,
        hunk: &mut Hunk,
        removed: &mut Vec<usize>,
        added: &mut Vec<usize>,
        (first, line): (usize, &dyn Fn(usize) -> Place),
    ) {
        let texts = |places: &[usize]| -> Vec<&str> {
            let lines = places.iter().filter_map(|place| hunk.lines.get(*place));
            lines.map(|line| line.text.as_str()).collect()
        };
        let found = pairs(&texts(removed), &texts(added));
        // The rows of a pair go on with it, so that every row of one form is found in the other.
        let begin = removed.first().or(added.first()).copied().unwrap_or(0);
        for (row, (left, right)) in beside((removed, added), &found).into_iter().enumerate() {
            let (left, right) = (left.map(line), right.map(line));
            self.sides.push(Side { row: first + begin + row, left, right });
        }
        for (old, new) in found {
            let pair = removed.get(old).copied().zip(added.get(new).copied());
            for (one, other) in pair.into_iter().flat_map(|(old, new)| [(old, new), (new, old)]) {
                if let Some(line) = hunk.lines.get_mut(one) {
                    line.pair = u32::try_from(other).ok();
                }
            }
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

/// Puts what was removed beside what was added: pairs against each other, and the others between them in their order.
fn beside(
    (removed, added): (&[usize], &[usize]),
    pairs: &[(usize, usize)],
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut rows = Vec::new();
    let (mut old, mut new) = (0, 0);
    let end = (removed.len(), added.len());
    for (one, other) in pairs.iter().copied().chain([end]) {
        let left = removed.get(old..one).unwrap_or_default();
        let right = added.get(new..other).unwrap_or_default();
        for place in 0..left.len().max(right.len()) {
            rows.push((left.get(place).copied(), right.get(place).copied()));
        }
        if (one, other) != end {
            rows.push((removed.get(one).copied(), added.get(other).copied()));
        }
        (old, new) = (one + 1, other + 1);
    }
    rows
}
