//! The rows of a change: one line below the other, or old and new beside each other.

use super::diff::fate;
use super::text::{Line, skip};
use crate::tui::clean::clean;
use crate::tui::diff::{Kind, Patch, PatchLine, Place, Side};
use crate::tui::log::Finder;
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

/// What there is to know of all rows.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The columns of a line number.
    pub digits: usize,
    /// The columns of the text that lie beside the left edge.
    pub left: usize,
    /// What is marked as found.
    pub find: Option<&'a Finder>,
}

impl Look<'_> {
    /// Returns the text of a line with its sign, as far as it is not beside the edge.
    fn text(&self, line: &PatchLine) -> Line {
        let role = role(line.kind);
        let text = skip(&clean(&line.text), self.left);
        let out = Line::of(sign(line.kind), role);
        self.marked(out, &text, role)
    }

    /// Adds a text, what was found in it marked.
    fn marked(&self, mut out: Line, text: &str, role: Role) -> Line {
        let mut at = 0;
        for range in self.find.into_iter().flat_map(|find| find.ranges(text)) {
            out.push(text.get(at..range.start).unwrap_or_default(), role);
            out.push(text.get(range.clone()).unwrap_or_default(), Role::Found);
            at = range.end;
        }
        out.with(text.get(at..).unwrap_or_default(), role)
    }
}

/// Returns a row of the unified form.
pub fn unified_row(patch: &Patch, place: Place, look: Look<'_>) -> Line {
    let Some(line) = patch.line(place) else { return heading(patch, place, look) };
    let digits = look.digits;
    let number = |number: Option<u32>| match number {
        Some(number) => format!("{number:>digits$}"),
        None => " ".repeat(digits),
    };
    let mut row = Line::of(format!("{} {} ", number(line.old), number(line.new)), Role::Dim);
    row.append(look.text(line));
    row
}

/// Returns a row with the old line at the left and the new one at the right.
pub fn side_row(patch: &Patch, side: &Side, look: Look<'_>, columns: usize) -> Line {
    let whole = side.left.filter(|place| !matches!(place, Place::Line(..)));
    if let Some(place) = whole {
        return heading(patch, place, look);
    }
    let half = columns.saturating_sub(1) / 2;
    let digits = look.digits;
    let part = |place: Option<Place>, number: fn(&PatchLine) -> Option<u32>| {
        let Some(line) = place.and_then(|place| patch.line(place)) else {
            return Line::new().padded(half);
        };
        let number = number(line).map_or_else(String::new, |number| number.to_string());
        let mut row = Line::of(format!("{number:>digits$} "), Role::Dim);
        row.append(look.text(line));
        row.cut(half).padded(half)
    };
    let mut line = part(side.left, |line| line.old);
    line.push("│", Role::Border);
    line.append(part(side.right, |line| line.new));
    line
}

/// Returns a row that is no line of a file.
fn heading(patch: &Patch, place: Place, look: Look<'_>) -> Line {
    let file = |number: usize| patch.files.get(number);
    let found = match place {
        Place::Gap | Place::Line(..) => None,
        Place::File(number) => file(number).map(|file| {
            let (sign, role) = fate(file.fate);
            look.marked(Line::of(format!(" {sign} "), role), &clean(&file.path), Role::Strong)
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
