//! From the emulator's cells to rows that can be drawn.

use alacritty_terminal::Term;
use alacritty_terminal::event::EventListener;
use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{Color, CursorShape, NamedColor};

use crate::tui::clean::{MAX_MARKS, Shape, shape};
use crate::tui::log::{Attributes, Ink, LogSpan, Sgr, StyledLine};

/// What is on an emulated terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Its rows from the top.
    pub lines: Vec<StyledLine>,
    /// The column and row of its cursor; none if it is hidden.
    pub cursor: Option<(u16, u16)>,
}

/// Returns what is on a terminal: no control characters, every cell as wide as the emulator thinks it is.
pub(super) fn paint<T: EventListener>(term: &Term<T>) -> Picture {
    let content = term.renderable_content();
    let columns = term.columns();
    let mut lines = vec![StyledLine::default(); term.screen_lines()];
    for (number, line) in (0..).zip(&mut lines) {
        let row = &term.grid()[Line(number)];
        let flags = |column: usize| row[Column(column)].flags;
        let mut column = 0;
        while column < columns {
            let has_room =
                column + 1 < columns && flags(column + 1).contains(Flags::WIDE_CHAR_SPACER);
            // One whose other half was written over, or cut off by a new size, is shown as nothing.
            let is_wide = flags(column).contains(Flags::WIDE_CHAR) && has_room;
            put(line, &row[Column(column)], if is_wide { 2 } else { 1 });
            column += if is_wide { 2 } else { 1 };
        }
    }
    let at = content.cursor.point;
    let place = (u16::try_from(at.column.0), u16::try_from(at.line.0));
    let cursor = match place {
        (Ok(column), Ok(row)) if content.cursor.shape != CursorShape::Hidden => Some((column, row)),
        _hidden => None,
    };
    Picture { lines, cursor }
}

/// Adds what a cell shows, in so many columns.
fn put(line: &mut StyledLine, cell: &Cell, columns: u8) {
    let sgr = look(cell);
    let same = line.spans.last().is_some_and(|span| span.sgr == sgr);
    if !same {
        line.spans.push(LogSpan { text: String::new(), sgr });
    }
    let Some(span) = line.spans.last_mut() else { return };
    let c = if cell.flags.contains(Flags::HIDDEN) { ' ' } else { cell.c };
    match shape(c) {
        Shape::Cell(shown, wide) if wide <= columns => {
            span.text.push(shown);
            span.text.extend((wide < columns).then_some(' '));
        }
        _unknown => span.text.extend((0..columns).map(|_| ' ')),
    }
    let marks = cell.zerowidth().unwrap_or_default().iter();
    let shown = marks.filter(|mark| shape(**mark) == Shape::Mark).take(MAX_MARKS);
    span.text.extend(shown);
}

fn look(cell: &Cell) -> Sgr {
    let (fg, is_dim) = ink(cell.fg);
    let mut sgr = Sgr { fg, bg: ink(cell.bg).0, attributes: Attributes::default() };
    for (flag, attribute) in [
        (Flags::BOLD, Attributes::BOLD),
        (Flags::DIM, Attributes::DIM),
        (Flags::ITALIC, Attributes::ITALIC),
        (Flags::INVERSE, Attributes::REVERSE),
        (Flags::STRIKEOUT, Attributes::STRIKE),
    ] {
        if cell.flags.contains(flag) {
            sgr.attributes.insert(attribute);
        }
    }
    if cell.flags.intersects(Flags::ALL_UNDERLINES) {
        sgr.attributes.insert(Attributes::UNDERLINE);
    }
    if is_dim {
        sgr.attributes.insert(Attributes::DIM);
    }
    sgr
}

/// Returns a colour, and whether it is the dim shade of it.
fn ink(colour: Color) -> (Ink, bool) {
    match colour {
        Color::Spec(rgb) => (Ink::Rgb(rgb.r, rgb.g, rgb.b), false),
        Color::Indexed(index) => (Ink::Indexed(index), false),
        Color::Named(NamedColor::DimForeground) => (Ink::Default, true),
        Color::Named(name) => {
            let dim = (name as usize).checked_sub(NamedColor::DimBlack as usize);
            match (u8::try_from(name as usize), dim.and_then(|dim| u8::try_from(dim).ok())) {
                (Ok(index @ 0..=15), _) => (Ink::Indexed(index), false),
                (_, Some(index @ 0..=7)) => (Ink::Indexed(index), true),
                _the_theme_s => (Ink::Default, false),
            }
        }
    }
}
