//! Tables whose columns are as wide as what is in them, and of which the least needed go where there is no room.

use super::text::Line;
use crate::tui::theme::Role;

/// What stands between two columns.
const GAP: &str = "  ";

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its head.
    pub title: &'static str,
    /// How soon it is left out where there is no room: those with the highest number go first, those with 0 stay.
    pub rank: u8,
    /// Where its cells stand.
    pub side: Side,
    /// Its cells from the top.
    pub cells: Vec<Line>,
}

/// Where cells stand in their column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At its left: words.
    Left,
    /// At its right: numbers.
    Right,
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(Line::width);
        cells.chain([self.title.chars().count()]).max().unwrap_or(0)
    }
}

/// Returns the head and the rows, none of them wider than this.
pub fn lines(mut columns: Vec<Column>, room: usize) -> Vec<Line> {
    let wide =
        |columns: &[Column]| columns.iter().map(|column| column.width() + GAP.len()).sum::<usize>();
    while wide(&columns) > room + GAP.len() {
        let last = columns.iter().map(|column| column.rank).max().unwrap_or(0);
        if last == 0 {
            break;
        }
        columns.retain(|column| column.rank != last);
    }
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let mut lines = vec![Line::new(); rows + 1];
    for column in columns {
        let width = column.width();
        let head = Line::of(column.title, Role::Dim);
        for (line, cell) in lines.iter_mut().zip(std::iter::once(head).chain(column.cells)) {
            if !line.is_empty() {
                line.push(GAP, Role::Text);
            }
            let gap = " ".repeat(width.saturating_sub(cell.width()));
            match column.side {
                Side::Left => {
                    line.append(cell);
                    line.push(gap, Role::Text);
                }
                Side::Right => {
                    line.push(gap, Role::Text);
                    line.append(cell);
                }
            }
        }
    }
    lines.into_iter().map(|line| line.cut(room)).collect()
}
