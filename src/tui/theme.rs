//! What the roles of the screen look like, read from `themes/*.yaml` or a file of the user's.
//!
//! A theme file names a `background`, a 16-colour `palette` for what agents colour themselves, and a look for every
//! [`Role`]. A file with `extends: dark` only says what it wants otherwise.

pub mod colour;
pub mod depth;
pub mod role;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

pub use depth::{Depth, Glyphs, Surroundings};
pub use role::Role;

use super::log::{Attributes, Ink, Sgr};
use colour::{contrast, reduce, rgb};

/// The built-in themes by name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.yaml")),
    ("light", include_str!("../../themes/light.yaml")),
    ("high-contrast", include_str!("../../themes/high-contrast.yaml")),
    ("colour-blind", include_str!("../../themes/colour-blind.yaml")),
    ("mono", include_str!("../../themes/mono.yaml")),
];

/// What is used when nothing else is asked for.
const DEFAULT: &str = "dark";

/// A theme file is no longer than this, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Text of an agent's that would stand out from the background less than this is shown in the theme's colour.
const READABLE: f64 = 2.0;

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The file cannot be read.
    #[error("cannot read the theme {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not a theme.
    #[error("the theme {name} is not valid: {source}")]
    Parse {
        /// The file or the built-in theme.
        name: String,
        /// What is wrong with it, and where.
        source: Box<serde_yaml::Error>,
    },
    /// A colour is not one.
    #[error(
        "the theme {name} has `{value}` as a colour; use #rrggbb, a name such as `blue`, or 0 to 255"
    )]
    Colour {
        /// The file or the built-in theme.
        name: String,
        /// What stands there.
        value: String,
    },
    /// There is no such theme.
    #[error("there is no theme `{name}`; there are {known}, or give the path of a file")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches in a theme file")]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    ansi: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ThemeFile {
    extends: Option<String>,
    background: Option<String>,
    palette: Vec<String>,
    roles: BTreeMap<Role, Look>,
}

/// What the roles of the screen look like on one terminal.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name or path.
    pub name: String,
    /// The colours that the terminal can show.
    pub depth: Depth,
    /// The characters that it can show.
    pub glyphs: Glyphs,
    styles: BTreeMap<Role, Style>,
    background: Color,
    palette: Vec<Color>,
}

impl Theme {
    /// Loads a built-in theme by name, or a file by path; without either, the default theme.
    ///
    /// A terminal without colours gets the theme `mono`, whatever was asked for.
    pub fn load(wanted: Option<&str>, around: Surroundings) -> Result<Self, ThemeError> {
        let wanted = wanted.unwrap_or(DEFAULT);
        let (name, file) = read(wanted)?;
        // What has no colours of its own shows none of an agent's either.
        let depth = if name == "mono" { Depth::None } else { around.depth };
        if depth == Depth::None && name != "mono" {
            return Self::load(Some("mono"), around);
        }
        let mut theme = Self {
            name: name.clone(),
            depth,
            glyphs: around.glyphs,
            styles: BTreeMap::new(),
            background: Color::Reset,
            palette: Vec::new(),
        };
        theme.take(&name, &file)?;
        Ok(theme)
    }

    /// Lays a file over what is there, after what it extends.
    fn take(&mut self, name: &str, file: &ThemeFile) -> Result<(), ThemeError> {
        let base = file.extends.as_deref().unwrap_or(DEFAULT);
        // Only a built-in theme can be extended, so that there is no circle.
        if name != base
            && let Some((base, text)) = BUILT_IN.iter().find(|(known, _)| *known == base)
        {
            if !BUILT_IN.iter().any(|(known, _)| *known == name) {
                self.take(base, &parse(base, text)?)?;
            }
        } else if file.extends.is_some() {
            return Err(unknown(base));
        }
        if let Some(background) = &file.background {
            self.background = match self.depth {
                Depth::Ansi | Depth::None => Color::Reset,
                Depth::True | Depth::Indexed => reduce(colour_of(name, background)?, self.depth),
            };
        }
        if !file.palette.is_empty() {
            let colours = file.palette.iter().map(|value| colour_of(name, value));
            self.palette = colours.collect::<Result<_, _>>()?;
        }
        for (role, look) in &file.roles {
            let style = self.resolve(name, look)?;
            self.styles.insert(*role, style);
        }
        Ok(())
    }

    fn resolve(&self, name: &str, look: &Look) -> Result<Style, ThemeError> {
        let mut style = Style::new();
        let modifiers = [
            (look.bold, Modifier::BOLD),
            (look.dim, Modifier::DIM),
            (look.italic, Modifier::ITALIC),
            (look.underline, Modifier::UNDERLINED),
            (look.reverse, Modifier::REVERSED),
        ];
        for (_, modifier) in modifiers.iter().filter(|(on, _)| *on) {
            style = style.add_modifier(*modifier);
        }
        let named =
            |value: &Option<String>| value.as_ref().map(|value| colour_of(name, value)).transpose();
        let (fg, bg, ansi) = (named(&look.fg)?, named(&look.bg)?, named(&look.ansi)?);
        match self.depth {
            Depth::None => {}
            Depth::Ansi => {
                style.fg = ansi.or(fg.map(|fg| reduce(fg, Depth::Ansi)));
                // Sixteen colours of unknown shades: only an exchange of text and background is sure to be readable.
                if bg.is_some() {
                    style = style.add_modifier(Modifier::REVERSED);
                }
            }
            Depth::True | Depth::Indexed => {
                style.fg = fg.map(|fg| reduce(fg, self.depth));
                style.bg = bg.map(|bg| reduce(bg, self.depth));
            }
        }
        Ok(style)
    }

    /// Returns what a role looks like; nothing is set that the theme does not set.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// Returns what the screen looks like where nothing is.
    pub fn ground(&self) -> Style {
        Style::new().bg(self.background).patch(self.style(Role::Text))
    }

    /// Returns the colour behind everything.
    pub fn background(&self) -> Color {
        self.background
    }

    /// Returns what a piece of an agent's output looks like.
    pub fn ink(&self, sgr: Sgr) -> Style {
        let mut style = Style::new();
        for (attribute, modifier) in [
            (Attributes::BOLD, Modifier::BOLD),
            (Attributes::DIM, Modifier::DIM),
            (Attributes::ITALIC, Modifier::ITALIC),
            (Attributes::UNDERLINE, Modifier::UNDERLINED),
            (Attributes::REVERSE, Modifier::REVERSED),
            (Attributes::STRIKE, Modifier::CROSSED_OUT),
        ] {
            if sgr.attributes.contains(attribute) {
                style = style.add_modifier(modifier);
            }
        }
        if self.depth != Depth::None {
            style.bg = self.colour(sgr.bg);
            style.fg = self.colour(sgr.fg).filter(|fg| self.is_readable(*fg, style.bg));
        }
        if sgr.attributes.contains(Attributes::FOUND) {
            style = style.patch(self.style(Role::Found));
        }
        style
    }

    fn colour(&self, ink: Ink) -> Option<Color> {
        match ink {
            Ink::Default => None,
            Ink::Indexed(index) if self.depth == Depth::Ansi && index < 16 => {
                Some(colour::named(index))
            }
            Ink::Indexed(index) => {
                let own = self.palette.get(usize::from(index)).copied();
                Some(reduce(own.unwrap_or(Color::Indexed(index)), self.depth))
            }
            Ink::Rgb(r, g, b) => Some(reduce(Color::Rgb(r, g, b), self.depth)),
        }
    }

    fn is_readable(&self, fg: Color, bg: Option<Color>) -> bool {
        match (rgb(fg), rgb(bg.unwrap_or(self.background))) {
            (Some(fg), Some(bg)) => contrast(fg, bg) >= READABLE,
            _ => true,
        }
    }
}

fn read(wanted: &str) -> Result<(String, ThemeFile), ThemeError> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == wanted) {
        return Ok(((*name).to_owned(), parse(name, text)?));
    }
    if !wanted.contains(['/', '.']) {
        return Err(unknown(wanted));
    }
    let path = Path::new(wanted);
    let failed = |source| ThemeError::Read { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > MAX_FILE {
        return Err(failed(std::io::Error::other("it is too long for a theme")));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    Ok((wanted.to_owned(), parse(wanted, &text)?))
}

fn parse(name: &str, text: &str) -> Result<ThemeFile, ThemeError> {
    serde_yaml::from_str(text)
        .map_err(|source| ThemeError::Parse { name: name.to_owned(), source: Box::new(source) })
}

fn unknown(name: &str) -> ThemeError {
    let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    ThemeError::Unknown { name: name.to_owned(), known: known.join(", ") }
}

fn colour_of(name: &str, value: &str) -> Result<Color, ThemeError> {
    let wrong = || ThemeError::Colour { name: name.to_owned(), value: value.to_owned() };
    if value == "terminal" { Ok(Color::Reset) } else { value.parse().map_err(|_| wrong()) }
}
