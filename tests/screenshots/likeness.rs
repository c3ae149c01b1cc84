//! Whether two pictures show the same: words, colours, lines. Figures, times and names made by chance may differ, and so
//! may what follows from their width.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::svg;

/// What else may differ.
pub enum Loose {
    /// Nothing.
    None,
    /// What is in these rows from this column on.
    Bars { rows: Range<usize>, from: usize },
}

/// Returns the rows that are not the same, as they are stored and as they are; none if the pictures show the same.
pub fn differences(stored: &str, drawn: &str, loose: &Loose) -> Vec<String> {
    let (stored, drawn) = (rows(stored, loose), rows(drawn, loose));
    let mut said = Vec::new();
    for row in stored.keys().chain(drawn.keys().filter(|row| !stored.contains_key(row))) {
        let (before, now) = (stored.get(row), drawn.get(row));
        if before != now {
            let words = |row: Option<&String>| row.cloned().unwrap_or_else(|| "nothing".to_owned());
            said.push(format!("row {row} stored: {}", words(before)));
            said.push(format!("row {row}    now: {}", words(now)));
        }
    }
    said
}

/// Returns what each row shows; the title comes before them as row 0.
fn rows(picture: &str, loose: &Loose) -> BTreeMap<usize, String> {
    static ELEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let element = r#"<(?P<kind>text|rect) x="(?P<x>[0-9.]+)" y="(?P<y>[0-9.]+)"(?: width="[0-9.]+" height="[0-9.]+")?(?P<style>[^>]*?)(?: textLength="[^>]*")?/?>(?:(?P<text>[^<]*)</text>)?"#;
        Regex::new(element).ok()
    });
    let mut rows: BTreeMap<usize, (String, String)> = BTreeMap::new();
    let (head, screen) = picture.split_once("<g ").unwrap_or_default();
    rows.insert(0, (String::new(), head.to_owned()));
    for found in ELEMENT.iter().flat_map(|element| element.captures_iter(screen)) {
        let number = |name: &str| found[name].parse::<f32>().unwrap_or_default();
        let (row, column) = svg::cell(number("x"), number("y"));
        if let Loose::Bars { rows, from } = loose
            && rows.contains(&row)
            && column >= *from
        {
            continue;
        }
        let (style, text) = rows.entry(row + 1).or_default();
        let own = format!("{}{}", &found["kind"], lettered(&found["style"]));
        if *style != own {
            let _infallible = write!(text, "⟨{own}⟩");
            *style = own;
        }
        // What was written apart must not become one figure.
        text.push(' ');
        text.push_str(found.name("text").map_or("", |text| text.as_str()));
    }
    let mut rows: BTreeMap<usize, String> =
        rows.into_iter().map(|(row, (_, text))| (row, plain(&text))).collect();
    // What was told last is dim after a while, and how much more there was is said no longer.
    if let Some(told) = rows.len().checked_sub(2).and_then(|place| rows.values_mut().nth(place)) {
        *told = unstyled(told);
    }
    for (place, path) in screen.lines().filter(|line| line.starts_with("<path ")).enumerate() {
        rows.insert(1000 + place, upright(path));
    }
    rows
}

/// Returns a style with letters for its digits, which are no figures.
fn lettered(style: &str) -> String {
    let letter = |digit: char| digit.to_digit(10).and_then(|it| char::from_digit(it + 20, 36));
    style.chars().map(|sign| letter(sign).unwrap_or(sign)).collect()
}

/// Returns a row without what may differ.
fn plain(text: &str) -> String {
    static CHANGING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let changing = [
            (r"/tmp/ostler-\w+", "/tmp/X"),
            (r"\b[0-9a-f]{7,40}\b", "H"),
            (r"\b[0-9]+(?::[0-9]{2})+\b", "0 s"),
            (r"[0-9]+(?:[.:,][0-9]+)*", "0"),
            (r"\b0 ?(?:ms|min|s|m|h|d)\b(?: 0 ?(?:ms|min|s|m|h|d)\b)*", "T"),
            (r"0 (?:B|KiB|MiB|GiB)\b", "0 B"),
            (r"for T|T ago|just now|\bnow\b", "T"),
            // How far columns are apart follows from the figures in them.
            (r"\s+", ""),
            (r".{1,10}…", "…"),
            (r"(?:(?:⟨[^⟩]*⟩)?[✖✔]){3,}", "✖✔"),
        ];
        changing
            .iter()
            .filter_map(|(pattern, instead)| Some((Regex::new(pattern).ok()?, *instead)))
            .collect()
    });
    CHANGING.iter().fold(text.to_owned(), |text, (pattern, instead)| {
        pattern.replace_all(&text, *instead).into_owned()
    })
}

/// Returns a row without its styles, and without how much more was told.
fn unstyled(row: &str) -> String {
    static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"⟨[^⟩]*⟩|\+0more").ok());
    MARKS.as_ref().map_or(String::new(), |marks| marks.replace_all(row, "").into_owned())
}

/// Returns a path without its horizontal lines: bars, and edges that titles interrupt.
fn upright(path: &str) -> String {
    static LEVEL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"M[0-9.]+ [0-9.]+H[0-9.]+").ok());
    LEVEL.as_ref().map_or(String::new(), |level| level.replace_all(path, "").into_owned())
}
