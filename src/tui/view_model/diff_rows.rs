//! The rows of a change: one line below the other, or old and new beside each other.

use super::diff::fate;
use super::diff_text::{Look, text};
use super::text::Line;
use crate::tui::clean::clean;
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

/// Returns a row of the unified form.
pub fn unified_row(place: Place, look: Look<'_>, columns: usize) -> Line {
    let Some(line) = look.patch.line(place) else { return heading(place, look) };
    let digits = look.digits;
    let number = |number: Option<u32>| match number {
        Some(number) => format!("{number:>digits$}"),
        None => " ".repeat(digits),
    };
    let mut row = Line::of(format!("{} {} ", number(line.old), number(line.new)), beside(line));
    let room = columns.saturating_sub(row.width());
    row.append(text(place, line, look, room));
    row
}

/// Returns a row with the old line at the left and the new one at the right.
pub fn side_row(side: &Side, look: Look<'_>, columns: usize) -> Line {
    let whole = side.left.filter(|place| !matches!(place, Place::Line(..)));
    if let Some(place) = whole {
        return heading(place, look);
    }
    let half = columns.saturating_sub(1) / 2;
    let digits = look.digits;
    let part = |place: Option<Place>, number: fn(&PatchLine) -> Option<u32>| {
        let found = place.and_then(|place| look.patch.line(place).map(|line| (place, line)));
        let Some((place, line)) = found else { return Line::new().padded(half) };
        let number = number(line).map_or_else(String::new, |number| number.to_string());
        let mut row = Line::of(format!("{number:>digits$} "), beside(line));
        row.append(text(place, line, look, half.saturating_sub(digits + 1)));
        row.padded(half)
    };
    let mut line = part(side.left, |line| line.old);
    line.push("│", Role::Border);
    line.append(part(side.right, |line| line.new));
    line
}

/// Returns the role of the numbers beside a line.
fn beside(line: &PatchLine) -> Role {
    match line.kind {
        Kind::Same | Kind::Remark => Role::Dim,
        Kind::Added => Role::Good,
        Kind::Removed => Role::Bad,
    }
}

/// Returns a row that is no line of a file.
fn heading(place: Place, look: Look<'_>) -> Line {
    let file = |number: usize| look.patch.files.get(number);
    let found = match place {
        Place::Gap | Place::Line(..) => None,
        Place::Part(number) => look.patch.parts.get(number).map(|part| {
            look.marked(Line::of("■ ", Role::Accent), &clean(&part.title), Role::Strong)
        }),
        Place::File(number) => file(number).map(|file| {
            let (sign, role) = fate(file.fate);
            look.marked(Line::of(format!(" {sign} "), role), &clean(&file.path), Role::Strong)
                .with(format!("  +{}", file.added), Role::Good)
                .with(format!(" −{}", file.removed), Role::Bad)
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
