//! Colours: nearest ones for terminals that show few, and how well they can be told apart.

use ratatui::style::Color;

use super::depth::Depth;

/// The sixteen colours of xterm.
const ANSI: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];
/// The steps of the 6 × 6 × 6 cube among the 256 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Returns the nearest colour that a terminal can show.
pub fn reduce(colour: Color, depth: Depth) -> Color {
    match (depth, colour) {
        (Depth::None, _) => Color::Reset,
        (Depth::Indexed, Color::Rgb(r, g, b)) => Color::Indexed(nearest_256((r, g, b))),
        (Depth::Ansi, Color::Rgb(..) | Color::Indexed(_)) => {
            rgb(colour).map_or(Color::Reset, |rgb| named(nearest_16(rgb)))
        }
        (Depth::True | Depth::Indexed | Depth::Ansi, colour) => colour,
    }
}

/// Returns the nearest of the 256 colours that is no grey, unless it is one already.
pub fn hued(colour: Color) -> Color {
    match rgb(colour) {
        Some(wanted @ (r, g, b)) if r != g || g != b => {
            let all = (16..=231).filter_map(|index| Some((index, rgb(Color::Indexed(index))?)));
            let hued = all.filter(|(_, (r, g, b))| r != g || g != b);
            let nearest = hued.min_by_key(|(_, known)| distance(wanted, *known));
            nearest.map_or(colour, |(index, _)| Color::Indexed(index))
        }
        _other => reduce(colour, Depth::Indexed),
    }
}

/// Returns one of the sixteen colours by number.
pub fn named(index: u8) -> Color {
    match index {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}

/// Returns red, green and blue; none for the sixteen colours that the terminal's own theme defines.
pub fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    match colour {
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(index @ 16..=231) => {
            let place = usize::from(index - 16);
            Some((STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6]))
        }
        Color::Indexed(index @ 232..) => {
            let grey = 8 + 10 * (index - 232);
            Some((grey, grey, grey))
        }
        Color::Indexed(_)
        | Color::Reset
        | Color::Black
        | Color::Red
        | Color::Green
        | Color::Yellow
        | Color::Blue
        | Color::Magenta
        | Color::Cyan
        | Color::Gray
        | Color::DarkGray
        | Color::LightRed
        | Color::LightGreen
        | Color::LightYellow
        | Color::LightBlue
        | Color::LightMagenta
        | Color::LightCyan
        | Color::White => None,
    }
}

/// Returns how well two colours can be told apart: 1 (not at all) to 21, as the Web Content Accessibility Guidelines
/// define it.
pub fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    3 * part(one.0, other.0) + 4 * part(one.1, other.1) + 2 * part(one.2, other.2)
}

fn nearest_256(colour: (u8, u8, u8)) -> u8 {
    let all = (16..=255).filter_map(|index| Some((index, rgb(Color::Indexed(index))?)));
    all.min_by_key(|(_, known)| distance(colour, *known)).map_or(16, |(index, _)| index)
}

fn nearest_16(colour: (u8, u8, u8)) -> u8 {
    let all = (0..=15).zip(ANSI);
    all.min_by_key(|(_, known)| distance(colour, *known)).map_or(7, |(index, _)| index)
}
