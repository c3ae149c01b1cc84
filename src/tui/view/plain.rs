//! Frames for terminals that show ASCII only.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Replaces every character that is not ASCII by one that is and takes as many columns.
pub fn spell(area: Rect, buffer: &mut Buffer) {
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            let Some(cell) = buffer.cell_mut((x, y)) else { continue };
            if cell.symbol().is_ascii() {
                continue;
            }
            // The second half of a wide character is a cell of its own, a space; so one column is replaced by one.
            let first = cell.symbol().chars().next().unwrap_or(' ');
            let mut spelled = [0; 4];
            let spelled = stand_in(first).encode_utf8(&mut spelled);
            cell.set_symbol(spelled);
        }
    }
}

fn stand_in(c: char) -> char {
    match c {
        ' '..='~' => c,
        '─' | '—' | '–' | '−' | '┈' | '·' => '-',
        '━' | '╸' | '═' | '‖' => '=',
        '│' | '║' | '▏' | '▕' | '╷' => '|',
        '┃' | '■' | '█' => '#',
        '╭' | '╮' | '╰' | '╯' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '✔' | '✓' => {
            '+'
        }
        '▸' | '▶' | '›' | '»' | '→' => '>',
        '←' => '<',
        '↑' | '△' | '␍' => '^',
        '▲' => 'A',
        '✱' => '@',
        '↓' => 'v',
        '╌' => ':',
        '●' | '•' => '*',
        '○' | '◦' => 'o',
        '◌' | '…' | '┄' => '.',
        '◇' => 's',
        '◆' => 'c',
        '↻' | '≈' => '~',
        '✖' | '✗' | '×' => 'x',
        '□' => '_',
        '⊘' => '%',
        '⚠' | '╍' => '!',
        '⇄' => '&',
        '“' | '”' => '"',
        '’' => '\'',
        _ => '?',
    }
}
