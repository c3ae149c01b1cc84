//! One line of output, as it would stand on a terminal that never scrolls.

use vte::{Params, Parser, Perform};

use super::sgr::{Attributes, Ink, LogSpan, Sgr, StyledLine};
use super::stream::Said;
use crate::tui::clean::{MAX_MARKS, Shape, shape};

/// Cursor movements go no further to the right than this.
const MAX_COLUMNS: usize = 4096;
/// A line has at most so many cells; more bytes than this are not read of one line either.
const MAX_CELLS: usize = 16 * 1024;
/// So many cells of a line are made, erased or moved; a line that asks for more is left as it is then.
const MAX_WORK: usize = 4 * MAX_CELLS;
/// Tab stops.
const TAB: usize = 8;

/// One column of a line.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The character; a space for an empty column.
    pub base: char,
    /// Its combining marks.
    pub marks: String,
    /// The columns it takes: 0 for the second half of a wide one.
    pub width: u8,
    /// How it looks.
    pub sgr: Sgr,
}

impl Cell {
    fn blank(sgr: Sgr) -> Self {
        Self { base: ' ', marks: String::new(), width: 1, sgr }
    }
}

/// A line that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    cells: Vec<Cell>,
    cursor: usize,
    sgr: Sgr,
    /// Whether the cursor has gone to another row, where nothing was written yet.
    elsewhere: bool,
    /// Where it was told to come back to.
    saved: Option<(usize, Sgr)>,
    /// What stood there when it left for another row.
    left: Option<Vec<Cell>>,
    /// The cells that were made, erased or moved.
    work: usize,
}

impl Writer {
    /// Writes a line; returns its cells. `sgr` is how the line before left off, and is left for the next one.
    pub fn write(bytes: &[u8], sgr: &mut Sgr) -> Vec<Cell> {
        let mut writer = Self { sgr: *sgr, ..Self::default() };
        Parser::new().advance(&mut writer, bytes);
        *sgr = writer.sgr;
        writer.cells
    }

    /// Says whether so many cells more may be made, erased or moved.
    fn spend(&mut self, cells: usize) -> bool {
        self.work = self.work.saturating_add(cells);
        self.work <= MAX_WORK
    }

    /// What is written on another row does not stand between what is written on this one.
    fn begin_row(&mut self) {
        if std::mem::take(&mut self.elsewhere) && self.spend(self.cells.len()) {
            let row = std::mem::take(&mut self.cells);
            if self.saved.is_some() {
                self.left.get_or_insert(row);
            }
        }
    }

    fn save(&mut self) {
        (self.saved, self.left) = (Some((self.cursor, self.sgr)), None);
    }

    fn restore(&mut self) {
        let Some((cursor, sgr)) = self.saved else { return };
        (self.cursor, self.sgr, self.elsewhere) = (cursor, sgr, false);
        if let Some(row) = self.left.take() {
            self.cells = row;
        }
    }

    fn put(&mut self, c: char, width: u8) {
        self.begin_row();
        let columns = usize::from(width.max(1));
        let wanted = self.cursor + columns;
        if wanted > MAX_CELLS || !self.spend(wanted.saturating_sub(self.cells.len())) {
            return;
        }
        self.reach(wanted);
        for column in self.cursor..self.cursor + columns {
            self.split(column);
        }
        self.cells[self.cursor] = Cell { base: c, marks: String::new(), width, sgr: self.sgr };
        for column in self.cursor + 1..self.cursor + columns {
            self.cells[column] = Cell { width: 0, ..Cell::blank(self.sgr) };
        }
        self.cursor += columns;
    }

    fn mark(&mut self, c: char) {
        let before = self.cells.get(..self.cursor).unwrap_or_default();
        let Some(at) = before.iter().rposition(|cell| cell.width > 0) else { return };
        let cell = &mut self.cells[at];
        if cell.marks.chars().count() < MAX_MARKS {
            cell.marks.push(c);
        }
    }

    /// Makes the line at least this long.
    fn reach(&mut self, columns: usize) {
        while self.cells.len() < columns {
            self.cells.push(Cell::blank(Sgr::default()));
        }
    }

    /// Turns a wide character that covers this column into spaces.
    fn split(&mut self, column: usize) {
        let Some(cell) = self.cells.get(column) else { return };
        let first = if cell.width == 0 { column.saturating_sub(1) } else { column };
        let wide = self.cells.get(first + 1).is_some_and(|next| next.width == 0);
        for cell in self.cells.iter_mut().skip(first).take(1 + usize::from(wide)) {
            *cell = Cell::blank(cell.sgr);
        }
    }

    fn erase(&mut self, mode: u16) {
        // What it goes to is not known, so there is nothing to be erased.
        if self.elsewhere {
            return;
        }
        let end = self.cells.len();
        let range = match mode {
            0 => self.cursor.min(end)..end,
            1 => 0..(self.cursor + 1).min(end),
            2 => 0..end,
            _ => return,
        };
        if !self.spend(range.len()) {
            return;
        }
        for column in range.clone() {
            self.split(column);
            self.cells[column] = Cell::blank(Sgr::default());
        }
        if range.end == end {
            self.cells.truncate(range.start);
        }
    }

    fn blank_out(&mut self, count: usize) {
        let range = self.cursor..(self.cursor + count).min(self.cells.len());
        if !self.spend(range.len()) {
            return;
        }
        for column in range {
            self.split(column);
            self.cells[column] = Cell::blank(Sgr::default());
        }
    }

    fn pull(&mut self, count: usize) {
        if self.cursor < self.cells.len() && self.spend(self.cells.len() - self.cursor) {
            let end = (self.cursor + count).min(self.cells.len());
            self.split(self.cursor);
            self.split(end);
            self.cells.drain(self.cursor..end);
        }
    }
}

impl Perform for Writer {
    fn print(&mut self, c: char) {
        match shape(c) {
            Shape::Cell(shown, width) => self.put(shown, width),
            Shape::Mark => self.mark(c),
            Shape::Nothing => {}
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\r' => self.cursor = 0,
            0x08 => self.cursor = self.cursor.saturating_sub(1),
            b'\t' => {
                self.cursor = ((self.cursor / TAB + 1) * TAB).min(MAX_COLUMNS.max(self.cursor));
            }
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if ignore || !intermediates.is_empty() {
            return;
        }
        let mut params_of = params.iter().map(|param| param.first().copied().unwrap_or(0));
        let (first, second) = (params_of.next().unwrap_or(0), params_of.next().unwrap_or(0));
        let count = usize::from(first.max(1));
        match action {
            'm' => self.sgr.apply(params.iter()),
            'K' => self.erase(first),
            // Of the screen there is this row.
            'J' => self.erase(first.min(2)),
            'A' | 'B' | 'd' | 'e' => self.elsewhere = true,
            'E' | 'F' => (self.elsewhere, self.cursor) = (true, 0),
            'H' | 'f' => {
                let column = usize::from(second.max(1)) - 1;
                (self.elsewhere, self.cursor) = (true, column.min(MAX_COLUMNS));
            }
            's' => self.save(),
            'u' => self.restore(),
            'G' | '`' => self.cursor = (count - 1).min(MAX_COLUMNS),
            'C' | 'a' => self.cursor = (self.cursor + count).min(MAX_COLUMNS.max(self.cursor)),
            'D' => self.cursor = self.cursor.saturating_sub(count),
            'P' => self.pull(count),
            'X' => self.blank_out(count),
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], ignore: bool, byte: u8) {
        if ignore || !intermediates.is_empty() {
            return;
        }
        match byte {
            b'7' => self.save(),
            b'8' => self.restore(),
            b'D' | b'M' => self.elsewhere = true,
            b'E' => (self.elsewhere, self.cursor) = (true, 0),
            _ => {}
        }
    }
}

/// Joins cells that look alike; spaces at the end that nobody can see are left out.
pub(super) fn spans(cells: &[Cell]) -> StyledLine {
    let visible = cells.iter().rposition(|cell| {
        cell.base != ' '
            || cell.sgr.bg != Ink::Default
            || cell.sgr.attributes != Attributes::default()
    });
    let mut line = StyledLine::default();
    for cell in cells.iter().take(visible.map_or(0, |last| last + 1)) {
        if cell.width == 0 {
            continue;
        }
        if line.spans.last().is_none_or(|span| span.sgr != cell.sgr) {
            line.spans.push(LogSpan { text: String::new(), sgr: cell.sgr });
        }
        if let Some(span) = line.spans.last_mut() {
            span.text.push(cell.base);
            span.text.push_str(&cell.marks);
        }
    }
    line
}

/// Returns the cells of a line that was made readable.
pub(super) fn cells(said: &Said) -> Vec<Cell> {
    let (mut cells, mut room) = (Vec::new(), MAX_CELLS);
    for (text, sgr) in &said.pieces {
        let bytes = text.as_bytes().get(..room).unwrap_or(text.as_bytes());
        room -= bytes.len();
        cells.append(&mut Writer::write(bytes, &mut sgr.clone()));
    }
    cells.truncate(MAX_CELLS);
    cells
}

/// Returns a line that was made readable as it looks, uncut.
pub fn style_said(said: &Said) -> StyledLine {
    spans(&cells(said))
}

/// Returns one line of output as it looks, uncut.
pub fn style_line(bytes: &[u8]) -> StyledLine {
    spans(&Writer::write(bytes, &mut Sgr::default()))
}
