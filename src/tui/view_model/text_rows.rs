//! Several lines of text that are being typed, broken into rows.

use super::text::columns;
use crate::tui::clean::{clean, width};
use crate::tui::state::TextArea;

/// What is shown of a text that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRows {
    /// The rows.
    pub rows: Vec<String>,
    /// The column and row of the cursor among them.
    pub cursor: (usize, usize),
    /// How many rows lie above them.
    pub above: usize,
    /// How many rows there are in all.
    pub total: usize,
}

/// Breaks a text into rows of so many columns and returns so many of them, that of the cursor among them.
pub fn text_rows(area: &TextArea, (wide, high): (usize, usize)) -> TextRows {
    let (wide, high) = (wide.max(2), high.max(1));
    let mut all: Vec<String> = Vec::new();
    let mut cursor = (0, 0);
    for (number, line) in area.lines().enumerate() {
        let chunks = chunks(line.value(), wide);
        if number == area.row() {
            let at = line.cursor();
            let place = chunks.iter().rposition(|(start, _)| *start <= at).unwrap_or(0);
            let start = chunks.get(place).map_or(0, |(start, _)| *start);
            let before: String =
                line.value().chars().skip(start).take(at.saturating_sub(start)).collect();
            cursor = (width(&clean(&before)).min(wide), all.len() + place);
        }
        all.extend(chunks.into_iter().map(|(_, text)| clean(&text)));
    }
    let total = all.len();
    let above = (cursor.1 + 1).saturating_sub(high).min(total.saturating_sub(1));
    let rows = all.into_iter().skip(above).take(high).collect();
    TextRows { rows, cursor: (cursor.0, cursor.1 - above), above, total }
}

/// Breaks a line, after a space where that is possible; each piece is known by where it starts, in characters.
fn chunks(line: &str, wide: usize) -> Vec<(usize, String)> {
    let mut chunks = Vec::new();
    let (mut start, mut text, mut used) = (0, String::new(), 0);
    for c in line.chars() {
        let next = columns(c);
        if used + next > wide {
            let keep = text.rfind(' ').map_or(text.len(), |space| space + 1);
            let rest = text.split_off(keep);
            let length = text.chars().count();
            chunks.push((start, std::mem::replace(&mut text, rest)));
            start += length;
            used = text.chars().map(columns).sum();
        }
        text.push(c);
        used += next;
    }
    chunks.push((start, text));
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_broken_after_words_and_follow_the_cursor() {
        let area = TextArea::of("one two three\n漢漢漢漢\n\nend");
        let rows = text_rows(&area, (8, 10));
        assert_eq!(rows.rows, ["one two ", "three", "漢漢漢漢", "", "end"]);
        assert_eq!((rows.cursor, rows.above, rows.total), ((3, 4), 0, 5));
        let rows = text_rows(&area, (8, 2));
        assert_eq!(
            (rows.rows, rows.cursor, rows.above),
            (vec![String::new(), "end".into()], (3, 1), 3)
        );
        let long = TextArea::of("abcdefghijkl");
        assert_eq!(text_rows(&long, (5, 9)).rows, ["abcde", "fghij", "kl"]);
    }
}
