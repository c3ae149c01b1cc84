//! The rows of a change: one line below the other, or old and new beside each other.

use super::diff::fate;
use super::text::{Line, skip};
use crate::tui::diff::{Kind, Patch, PatchLine, Place, Side};
use crate::tui::theme::Role;

/// How lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pages {
    /// One below the other.
    #[default]
    Unified,
    /// Old and new beside each other.
    SideBySide,
}

/// Returns the columns that the largest line number takes.
pub fn number_columns(patch: &Patch) -> usize {
    let lines = patch.files.iter().flat_map(|file| &file.hunks).filter_map(|it| it.lines.last());
    let most = lines.filter_map(|line| line.new.max(line.old)).max().unwrap_or(0);
    most.to_string().len().max(3)
}

/// Returns a row of the unified form, its text beginning so many columns from the left.
pub fn unified_row(patch: &Patch, place: Place, (digits, left): (usize, usize)) -> Line {
    let Some(line) = line_at(patch, place) else { return heading(patch, place) };
    let number = |number: Option<u32>| match number {
        Some(number) => format!("{number:>digits$}"),
        None => " ".repeat(digits),
    };
    Line::of(format!("{} {} ", number(line.old), number(line.new)), Role::Dim)
        .with(format!("{}{}", sign(line.kind), skip(&line.text, left)), role(line.kind))
}

/// Returns a row with the old line at the left and the new one at the right.
pub fn side_row(
    patch: &Patch,
    side: &Side,
    (digits, left): (usize, usize),
    columns: usize,
) -> Line {
    let whole = side.left.filter(|place| !matches!(place, Place::Line(..)));
    if let Some(place) = whole {
        return heading(patch, place);
    }
    let half = columns.saturating_sub(1) / 2;
    let part = |place: Option<Place>, number: fn(&PatchLine) -> Option<u32>| {
        let Some(line) = place.and_then(|place| line_at(patch, place)) else {
            return Line::new().padded(half);
        };
        let number = number(line).map_or_else(String::new, |number| number.to_string());
        Line::of(format!("{number:>digits$} "), Role::Dim)
            .with(format!("{}{}", sign(line.kind), skip(&line.text, left)), role(line.kind))
            .cut(half)
            .padded(half)
    };
    let mut line = part(side.left, |line| line.old);
    line.push("│", Role::Border);
    line.append(part(side.right, |line| line.new));
    line
}

fn line_at(patch: &Patch, place: Place) -> Option<&PatchLine> {
    let Place::Line(file, hunk, line) = place else { return None };
    patch.files.get(file)?.hunks.get(hunk)?.lines.get(line)
}

/// Returns a row that is no line of a file.
fn heading(patch: &Patch, place: Place) -> Line {
    let file = |number: usize| patch.files.get(number);
    let found = match place {
        Place::Gap | Place::Line(..) => None,
        Place::File(number) => file(number).map(|file| {
            let (sign, role) = fate(file.fate);
            Line::of(format!(" {sign} "), role)
                .with(&file.path, Role::Strong)
                .with(format!("  +{} −{}", file.added, file.removed), Role::Dim)
        }),
        Place::Remark(number, remark) => file(number)
            .and_then(|file| file.remarks.get(remark))
            .map(|remark| Line::of(format!("   {remark}"), Role::Dim)),
        Place::Hunk(number, hunk) => file(number)
            .and_then(|file| file.hunks.get(hunk))
            .map(|hunk| Line::of(format!(" {}", hunk.header), Role::Accent)),
    };
    found.unwrap_or_default()
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Same => " ",
        Kind::Added => "+",
        Kind::Removed => "-",
        Kind::Remark => "\\",
    }
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Same => Role::Text,
        Kind::Added => Role::Good,
        Kind::Removed => Role::Bad,
        Kind::Remark => Role::Dim,
    }
}
