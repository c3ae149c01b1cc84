//! Screens as pictures: text stays text, on a grid; lines of boxes and bars are drawn.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// The width of a cell, in pixels.
const WIDE: f32 = 8.4;
/// The height of a cell.
const HIGH: f32 = 18.0;
/// From the top of a cell to the line on which letters stand.
const BASE: f32 = 13.5;
/// Around the screen.
const MARGIN: f32 = 14.0;
/// Above it, for the window's title.
const TITLE: f32 = 30.0;
/// Where the terminal does not say otherwise.
const BACKGROUND: &str = "#15171c";
const FOREGROUND: &str = "#d7dae0";
const PALETTE: [&str; 16] = [
    "#5c6370", "#ff7b85", "#7bd88f", "#f2c063", "#7cb7ff", "#d8a6ff", "#6fd0e0", "#d7dae0",
    "#848b98", "#ff9aa2", "#9be8ab", "#ffd58a", "#a3cdff", "#e5c4ff", "#9be4ef", "#ffffff",
];

/// Returns a picture of a screen in a window, as SVG; `about` is read to those who do not see it.
pub fn draw(screen: &Screen, title: &str, about: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) =
        (f32::from(columns) * WIDE + 2.0 * MARGIN, f32::from(rows) * HIGH + TITLE + 1.5 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\">\n\
         <title>{about}</title>\n\
         <style>text{{font-family:ui-monospace,'JetBrains Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;\
         font-size:14px;white-space:pre}}.b{{font-weight:700}}.i{{font-style:italic}}.u{{text-decoration:underline}}\
         </style>\n\
         <rect width=\"{w}\" height=\"{h}\" rx=\"10\" fill=\"{BACKGROUND}\"/>\n\
         <path d=\"M.5 {TITLE}H{right}\" stroke=\"#2a2f3a\"/>\n\
         <circle cx=\"20\" cy=\"15\" r=\"5.5\" fill=\"#ff7b85\"/><circle cx=\"38\" cy=\"15\" r=\"5.5\" fill=\"#f2c063\"/>\
         <circle cx=\"56\" cy=\"15\" r=\"5.5\" fill=\"#7bd88f\"/>\n\
         <text x=\"{middle}\" y=\"20\" fill=\"#979eab\" text-anchor=\"middle\">{title}</text>\n",
        w = number(width),
        h = number(height),
        right = number(width - 0.5),
        middle = number(width / 2.0),
        about = escaped(about),
        title = escaped(title),
    );
    let _infallible =
        writeln!(svg, "<g transform=\"translate({MARGIN} {})\">", TITLE + MARGIN / 2.0);
    let mut lines = BTreeMap::new();
    for row in 0..rows {
        grounds(&mut svg, screen, row, columns);
        texts(&mut svg, screen, row, columns);
        strokes(&mut lines, screen, row, columns);
    }
    for ((colour, width), path) in lines {
        let width = f32::from(width) / 10.0;
        let _infallible = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{width}\" fill=\"none\"/>"
        );
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Returns the row and the column at a place in the picture of a screen.
pub fn cell(x: f32, y: f32) -> (usize, usize) {
    ((y / HIGH) as usize, (x / WIDE).round() as usize)
}

/// What a piece of text has in common.
#[derive(Clone, PartialEq, Eq)]
struct Style {
    colour: String,
    faint: bool,
    classes: String,
}

fn style(cell: &Cell) -> Style {
    let mut classes = String::new();
    for (is_so, class) in [(cell.bold(), "b "), (cell.italic(), "i "), (cell.underline(), "u ")] {
        if is_so {
            classes.push_str(class);
        }
    }
    Style { colour: colours(cell).0, faint: cell.dim(), classes: classes.trim_end().to_owned() }
}

/// Returns the colour of the letters, and that of the ground unless it is the screen's.
fn colours(cell: &Cell) -> (String, Option<String>) {
    let fore = colour(cell.fgcolor());
    let back = colour(cell.bgcolor());
    if cell.inverse() {
        let ground = fore.unwrap_or_else(|| FOREGROUND.to_owned());
        (back.unwrap_or_else(|| BACKGROUND.to_owned()), Some(ground))
    } else {
        (fore.unwrap_or_else(|| FOREGROUND.to_owned()), back)
    }
}

fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        Color::Idx(index @ 0..16) => Some(PALETTE[usize::from(index)].to_owned()),
        Color::Idx(index @ 16..232) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + step * 40 };
            let cube = index - 16;
            let (red, green, blue) = (cube / 36, cube / 6 % 6, cube % 6);
            Some(format!("#{:02x}{:02x}{:02x}", level(red), level(green), level(blue)))
        }
        Color::Idx(index) => {
            let grey = 8 + (index - 232) * 10;
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
    }
}

fn grounds(svg: &mut String, screen: &Screen, row: u16, columns: u16) {
    let ground = |column| screen.cell(row, column).and_then(|cell| colours(cell).1);
    let mut column = 0;
    while column < columns {
        let start = column;
        let colour = ground(start);
        while column < columns && ground(column) == colour {
            column += 1;
        }
        if let Some(colour) = colour {
            let _infallible = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{HIGH}\" fill=\"{colour}\"/>",
                number(f32::from(start) * WIDE),
                number(f32::from(row) * HIGH),
                number(f32::from(column - start) * WIDE),
            );
        }
    }
}

/// A piece of text that is drawn at once.
struct Run {
    style: Style,
    column: u16,
    cells: u16,
    text: String,
}

fn texts(svg: &mut String, screen: &Screen, row: u16, columns: u16) {
    let mut run: Option<Run> = None;
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else { continue };
        let text = cell.contents();
        let is_blank = text.trim().is_empty() && !cell.underline();
        if is_blank || is_line(text) {
            // One space inside a run is part of it; more of them, and lines, end it.
            let next = screen.cell(row, column + 1);
            let goes_on = next.is_some_and(|next| {
                !next.contents().trim().is_empty()
                    && next.contents().is_ascii()
                    && run.as_ref().is_some_and(|run| run.style == style(next))
            });
            match &mut run {
                Some(open) if is_blank && goes_on && !cell.is_wide_continuation() => {
                    open.text.push(' ');
                    open.cells += 1;
                }
                _other => run.take().into_iter().for_each(|run| write_run(svg, row, &run)),
            }
            continue;
        }
        let style = style(cell);
        let cells = if cell.is_wide() { 2 } else { 1 };
        match &mut run {
            Some(open) if open.style == style && open.text.is_ascii() && text.is_ascii() => {
                open.text.push_str(text);
                open.cells += cells;
            }
            _other => {
                run.take().into_iter().for_each(|run| write_run(svg, row, &run));
                run = Some(Run { style, column, cells, text: text.to_owned() });
            }
        }
    }
    if let Some(run) = run {
        write_run(svg, row, &run);
    }
}

fn write_run(svg: &mut String, row: u16, run: &Run) {
    let class = match run.style.classes.as_str() {
        "" => String::new(),
        classes => format!(" class=\"{classes}\""),
    };
    let faint = if run.style.faint { " opacity=\".65\"" } else { "" };
    // A sign that the font lacks comes from another font, which may be wider: it is fitted into its cell, a letter is not.
    let adjust = if run.cells == 1 && run.text.is_ascii() {
        String::new()
    } else {
        format!(
            " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
            number(f32::from(run.cells) * WIDE)
        )
    };
    let _infallible = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" fill=\"{}\"{class}{faint}{adjust}>{}</text>",
        number(f32::from(run.column) * WIDE),
        number(f32::from(row) * HIGH + BASE),
        run.style.colour,
        escaped(&run.text),
    );
}

/// The lines of one colour and width, in tenths of a pixel, as one path.
type Lines = BTreeMap<(String, u8), String>;

fn strokes(lines: &mut Lines, screen: &Screen, row: u16, columns: u16) {
    let mut column = 0;
    while column < columns {
        let Some(cell) = screen.cell(row, column) else { break };
        let sign = cell.contents();
        let Some((shape, width)) = shape(sign) else {
            column += 1;
            continue;
        };
        let start = column;
        column += 1;
        let same = |column| {
            screen
                .cell(row, column)
                .is_some_and(|next| next.contents() == sign && style(next) == style(cell))
        };
        while shape == Shape::Horizontal && column < columns && same(column) {
            column += 1;
        }
        let (left, top) = (f32::from(start) * WIDE, f32::from(row) * HIGH);
        let path = lines.entry((colours(cell).0, width)).or_default();
        path.push_str(&shape.path(left, top, f32::from(column - start) * WIDE));
    }
}

fn is_line(text: &str) -> bool {
    shape(text).is_some()
}

/// How the line goes through a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Horizontal,
    LeftHalf,
    Vertical,
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
}

/// Returns the shape of a line, and its width in tenths of a pixel.
fn shape(text: &str) -> Option<(Shape, u8)> {
    Some(match text {
        "─" => (Shape::Horizontal, 12),
        "━" => (Shape::Horizontal, 30),
        "╸" => (Shape::LeftHalf, 30),
        "│" => (Shape::Vertical, 12),
        "┃" => (Shape::Vertical, 30),
        "╭" => (Shape::TopLeft, 12),
        "╮" => (Shape::TopRight, 12),
        "╰" => (Shape::BottomLeft, 12),
        "╯" => (Shape::BottomRight, 12),
        _other => return None,
    })
}

impl Shape {
    fn path(self, left: f32, top: f32, width: f32) -> String {
        let (x, y) = (left + WIDE / 2.0, top + HIGH / 2.0);
        let (right, bottom) = (left + width, top + HIGH);
        let (above, below) = (y - WIDE / 2.0, y + WIDE / 2.0);
        let [left, top, right, bottom, x, y, above, below] =
            [left, top, right, bottom, x, y, above, below].map(number);
        match self {
            Self::Horizontal => format!("M{left} {y}H{right}"),
            Self::Vertical => format!("M{x} {top}V{bottom}"),
            Self::LeftHalf => format!("M{left} {y}H{x}"),
            Self::TopLeft => format!("M{x} {bottom}V{below}Q{x} {y} {right} {y}"),
            Self::TopRight => format!("M{left} {y}Q{x} {y} {x} {below}V{bottom}"),
            Self::BottomLeft => format!("M{x} {top}V{above}Q{x} {y} {right} {y}"),
            Self::BottomRight => format!("M{left} {y}Q{x} {y} {x} {above}V{top}"),
        }
    }
}

fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
