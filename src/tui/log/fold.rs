//! How a line that is too long for the pane is shown.

use super::line::{Cell, spans};
use super::sgr::{Attributes, Sgr, StyledLine};

/// How a line that is too long for the pane is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    /// On as many rows as it takes, up to a limit.
    #[default]
    Wrap,
    /// What fits of it, and `…`.
    Cut {
        /// The columns that lie beside the left edge.
        left: usize,
    },
}

/// Turns a line into rows of at most `width` columns, and at most `limit` rows.
///
/// `whole` says that the cells are all there is of the line; else the last row ends in `…`.
pub(super) fn rows(cells: &[Cell], shape: (usize, usize, Fold), whole: bool) -> Vec<StyledLine> {
    let (width, limit, fold) = shape;
    let (cells, limit) = match fold {
        Fold::Wrap => (cells, limit.max(1)),
        Fold::Cut { left } => (cells.get(left..).unwrap_or_default(), 1),
    };
    let width = width.max(2);
    let end = inked(cells);
    // Colour behind spaces at the end is shown as far as the row goes, but never makes a row of its own.
    let mut rest =
        if end <= width { &cells[..cells.len().min(width)] } else { &cells[..cells.len()] };
    let mut out = Vec::new();
    loop {
        let left = inked(rest);
        if left <= width && whole {
            out.push(spans(&rest[..rest.len().min(width)]));
            return out;
        }
        if out.len() + 1 == limit || left <= width {
            out.push(ellipsis(&rest[..whole_cells(rest, width - 1)]));
            return out;
        }
        let at = break_at(rest, width);
        out.push(spans(&rest[..at]));
        rest = &rest[at..];
        let blanks = rest.iter().take_while(|cell| cell.base == ' ' && cell.width == 1).count();
        rest = &rest[blanks.min(1)..];
    }
}

/// Returns how many cells there are up to the last that is not blank; the second half of a wide character is not blank.
fn inked(cells: &[Cell]) -> usize {
    let last = cells.iter().rposition(|cell| cell.base != ' ' || cell.width == 0);
    last.map_or(0, |last| last + 1)
}

/// Returns where a row of this width ends: after a word if one ends in its second half.
fn break_at(cells: &[Cell], width: usize) -> usize {
    let full = whole_cells(cells, width);
    if cells.get(full).is_none_or(|next| next.base == ' ' && next.width == 1) {
        return full;
    }
    let space = cells[..full].iter().rposition(|cell| cell.base == ' ' && cell.width == 1);
    space.filter(|at| *at > width / 2).map_or(full, |at| at + 1)
}

/// Returns how many of the first `width` cells can be shown without cutting a wide character in two.
fn whole_cells(cells: &[Cell], width: usize) -> usize {
    let width = width.min(cells.len());
    if cells.get(width).is_some_and(|cell| cell.width == 0) { width - 1 } else { width }
}

fn ellipsis(cells: &[Cell]) -> StyledLine {
    let mut sgr = Sgr::default();
    sgr.attributes.insert(Attributes::DIM);
    let mut cells = cells.to_vec();
    cells.push(Cell { base: '…', marks: String::new(), width: 1, sgr });
    spans(&cells)
}
