//! What a terminal can show, as its environment says.

/// The colours that a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None; bold, reverse and the like only.
    None,
    /// The sixteen that the terminal's own theme defines.
    Ansi,
    /// 256.
    Indexed,
    /// All.
    #[default]
    True,
}

/// The characters that a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// All of Unicode.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Its colours.
    pub depth: Depth,
    /// Its characters.
    pub glyphs: Glyphs,
}

/// Values of `TERM` whose terminals show all colours, though they say so in `COLORTERM` only where that is passed on.
const TRUE_COLOUR: &[&str] =
    &["alacritty", "xterm-kitty", "xterm-ghostty", "foot", "wezterm", "contour", "rio"];

impl Surroundings {
    /// Reads them from the environment, given as a function from a variable's name to its value.
    ///
    /// In this order: `NO_COLOR`, `TERM=dumb`, `FORCE_COLOR`, `COLORTERM`, `TERM`; the locale is the first that is set
    /// of `LC_ALL`, `LC_CTYPE`, `LANG`, and the console of the kernel and old terminals get ASCII whatever it says.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = value("TERM").unwrap_or_default();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value);
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        let has_few = ["linux", "dumb", "vt"].iter().any(|known| term.starts_with(known));
        let glyphs = if is_utf8 && !has_few { Glyphs::Unicode } else { Glyphs::Ascii };
        Self { depth: depth(value, &term), glyphs }
    }
}

fn depth(value: impl Fn(&str) -> Option<String>, term: &str) -> Depth {
    if value("NO_COLOR").is_some() || term == "dumb" {
        return Depth::None;
    }
    match value("FORCE_COLOR").as_deref() {
        Some("0" | "false") => return Depth::None,
        Some("1" | "true") => return Depth::Ansi,
        Some("2") => return Depth::Indexed,
        Some("3") => return Depth::True,
        Some(_) | None => {}
    }
    let colorterm = value("COLORTERM").unwrap_or_default();
    let is_true = matches!(colorterm.as_str(), "truecolor" | "24bit")
        || term.contains("-direct")
        || TRUE_COLOUR.iter().any(|known| term.starts_with(known));
    if is_true {
        Depth::True
    } else if term.contains("256") {
        Depth::Indexed
    } else if term.starts_with("vt") || term.ends_with("-mono") {
        Depth::None
    } else {
        Depth::Ansi
    }
}
